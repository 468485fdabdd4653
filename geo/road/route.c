/* Snaps the points of a trip, searches from each to the next, and puts the cheapest whole together.
 *
 * A point may be several places (both directions of an edge, edges that meet there), so each leg is
 * searched from all places of its first point to all of its last, starting with what it cost to get
 * there: the sum over all legs is then the least there is, not a greedy one. */
#include "geo/road/route.h"

#include "geo/road/astar.h"
#include "geo/road/leg.h"
#include "geo/road/snap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct route_work {
    struct astar astar;
    struct heap heap;
};

enum err route_work_new(struct route_work **work)
{
    struct route_work *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    *work = made;
    return ERR_OK;
}

void route_work_free(struct route_work *work)
{
    if (!work) return;
    astar_fini(&work->astar);
    heap_fini(&work->heap);
    free(work);
}

/* One direction of one place, and the cheapest way to have come to it. */
struct station {
    struct snap_place place;
    struct astar_end end; /* cost_ms: from the start of the trip */
    const uint32_t *arcs;
    size_t arc_count;
    size_t before;    /* station of the point before, where the last leg started */
    uint64_t left_ms; /* what had been paid there */
};

struct stop {
    struct snap_choice choice;
    struct station *stations;
    size_t count;
};

struct trip {
    const struct graph *graph;
    struct network_view view;
    struct route_work *work;
    const struct route_query *query;
    struct arena *arena;
    struct stop *stops;
    uint64_t settled_max;
};

static bool valid_query(const struct graph *graph, const struct route_query *q)
{
    if (q->profile >= graph_profile_count(graph) || q->point_count < 2 ||
        q->point_count > ROUTE_MAX_POINTS)
        return false;
    for (size_t i = 0; i < q->point_count; i++) {
        if (!coord_valid(q->points[i])) return false;
        if (q->radius_m && !(q->radius_m[i] >= 0)) return false;
    }
    return true;
}

static enum snap_role role_of(const struct trip *t, size_t i)
{
    return i == 0 ? SNAP_START : i + 1 == t->query->point_count ? SNAP_END : SNAP_VIA;
}

static enum err snap_all(struct trip *t, size_t *culprit)
{
    for (size_t i = 0; i < t->query->point_count; i++) {
        struct snap_choice *choice = &t->stops[i].choice;
        double radius_m = t->query->radius_m ? t->query->radius_m[i] : INFINITY;
        enum err e = snap_choose(t->graph, &t->view, t->query->points[i], radius_m, role_of(t, i),
                                 &t->work->heap, choice);
        if (e) return e;
        if (choice->main_count + choice->small_count == 0) {
            *culprit = i;
            return ERR_NOSEGMENT;
        }
    }
    return ERR_OK;
}

/* What keeps the points of a trip together. */
enum { MAIN = 0, ANY = -1 };

static bool arc_in(const struct network_view *view, uint32_t arc, int64_t component)
{
    return arc != NETWORK_NONE && view->time_ms[arc] != NETWORK_NONE &&
           view->component[arc] == component;
}

/* The nearest place of a stop that has an arc in a small component. */
static const struct snap_place *nearest_in(const struct trip *t, const struct stop *stop,
                                           int64_t component)
{
    for (size_t i = 0; i < stop->choice.small_count; i++) {
        const uint32_t *arcs = &t->view.net->half_arc[stop->choice.small[i].edge << 1];
        if (arc_in(&t->view, arcs[0], component) || arc_in(&t->view, arcs[1], component))
            return &stop->choice.small[i];
    }
    return NULL;
}

/* How far the points are, together, from the roads of a component; INFINITY: one has none. */
static double distance_to(const struct trip *t, int64_t component)
{
    double sum_m = 0;
    for (size_t i = 0; i < t->query->point_count; i++) {
        const struct snap_choice *choice = &t->stops[i].choice;
        const struct snap_place *place = component == MAIN
                                             ? (choice->main_count ? choice->main : NULL)
                                             : nearest_in(t, &t->stops[i], component);
        if (!place) return INFINITY;
        sum_m += place->distance_m;
    }
    return sum_m;
}

/* The small component that is nearer to all points than the largest is; MAIN when none is; ANY when
 * no component has them all. */
static int64_t choose_component(const struct trip *t)
{
    double least_m = distance_to(t, MAIN);
    int64_t best = isinf(least_m) ? ANY : MAIN;
    const struct snap_choice *first = &t->stops[0].choice;
    for (size_t i = 0; i < first->small_count; i++) {
        for (uint32_t direction = 0; direction < 2; direction++) {
            uint32_t arc = t->view.net->half_arc[first->small[i].edge << 1 | direction];
            if (arc == NETWORK_NONE || t->view.time_ms[arc] == NETWORK_NONE) continue;
            uint32_t component = t->view.component[arc];
            double sum_m = component == 0 ? INFINITY : distance_to(t, component);
            if (sum_m >= least_m) continue;
            least_m = sum_m;
            best = component;
        }
    }
    return best;
}

/* A via point must be left again, so only arcs of the largest component do there. At the ends of a
 * trip both directions may: the two directions of a ring are components of their own, and the
 * search finds which leads where. */
static void add_station(const struct trip *t, struct stop *stop, const struct snap_place *place,
                        uint32_t direction, int64_t component, enum snap_role role)
{
    uint32_t arc = t->view.net->half_arc[place->edge << 1 | direction];
    if (arc == NETWORK_NONE || t->view.time_ms[arc] == NETWORK_NONE ||
        stop->count == ASTAR_MAX_ENDS)
        return;
    if (component == MAIN && role == SNAP_VIA && !snap_serves(&t->view, arc, role)) return;
    double fraction = direction ? 1 - place->fraction : place->fraction;
    stop->stations[stop->count++] =
        (struct station){.place = *place, .end = {arc, fraction, 0, place->chord}};
}

static enum err make_stations(struct trip *t, int64_t component)
{
    for (size_t i = 0; i < t->query->point_count; i++) {
        struct stop *stop = &t->stops[i];
        const struct snap_place *places = stop->choice.main;
        size_t count = stop->choice.main_count;
        if (component != MAIN && stop->choice.small_count) {
            const struct snap_place *in =
                component == ANY ? stop->choice.small : nearest_in(t, stop, component);
            if (in) {
                places = in;
                count = 1;
            }
        }
        stop->count = 0;
        stop->stations = arena_calloc(t->arena, ASTAR_MAX_ENDS, sizeof *stop->stations);
        if (!stop->stations) return ERR_NOMEM;
        for (size_t k = 0; k < count; k++)
            for (uint32_t direction = 0; direction < 2; direction++)
                add_station(t, stop, &places[k], direction, component, role_of(t, i));
    }
    return ERR_OK;
}

/* The stations of stop `i` as sources: going on costs what coming there did. Unless one must go
 * straight on, one may as well have come to the other direction of the same edge. */
static size_t list_sources(const struct trip *t, size_t i, bool straight, struct astar_end *sources,
                           size_t *station)
{
    const struct stop *stop = &t->stops[i];
    size_t count = 0;
    for (size_t k = 0; k < stop->count; k++) {
        size_t best = k;
        for (size_t o = 0; !straight && o < stop->count; o++)
            if (stop->stations[o].place.edge == stop->stations[k].place.edge &&
                stop->stations[o].end.cost_ms < stop->stations[best].end.cost_ms)
                best = o;
        if (stop->stations[best].end.cost_ms == ASTAR_NO_WAY) continue;
        sources[count] = stop->stations[k].end;
        sources[count].cost_ms = stop->stations[best].end.cost_ms;
        station[count++] = best;
    }
    return count;
}

static enum err search_leg(struct trip *t, size_t i, bool straight, bool *found)
{
    struct astar_end sources[ASTAR_MAX_ENDS], targets[ASTAR_MAX_ENDS];
    size_t station[ASTAR_MAX_ENDS];
    struct stop *to = &t->stops[i + 1];
    struct astar_query query = {.view = t->view,
                                .sources = sources,
                                .targets = targets,
                                .source_count = list_sources(t, i, straight, sources, station),
                                .target_count = to->count,
                                .all = i + 2 < t->query->point_count,
                                .settled_max = t->settled_max};
    for (size_t k = 0; k < to->count; k++)
        targets[k] = to->stations[k].end;
    *found = false;
    if (!query.source_count || !query.target_count) return ERR_OK;
    enum err e = astar_run(&t->work->astar, &query);
    for (size_t k = 0; !e && k < to->count; k++) {
        struct station *s = &to->stations[k];
        size_t source;
        s->end.cost_ms = t->work->astar.best_ms[k];
        if (s->end.cost_ms == ASTAR_NO_WAY) continue;
        *found = true;
        e = astar_path(&t->work->astar, &query, k, t->arena, &s->arcs, &s->arc_count, &source);
        if (e) break;
        s->before = station[source];
        s->left_ms = sources[source].cost_ms;
    }
    return e;
}

static enum err search_trip(struct trip *t, int64_t component)
{
    enum err e = make_stations(t, component);
    for (size_t i = 0; !e && i + 1 < t->query->point_count; i++) {
        bool straight = i > 0 && t->query->continue_straight, found = false;
        e = search_leg(t, i, straight, &found);
        if (!e && !found && straight) e = search_leg(t, i, false, &found);
        if (!e && !found) e = ERR_UNREACHABLE;
    }
    return e;
}

/* The place a leg starts from: on the arc it starts with, which need not be the one arrived by. */
static const struct station *starting(const struct stop *stop, uint32_t arc)
{
    for (size_t k = 0; k < stop->count; k++)
        if (stop->stations[k].end.arc == arc) return &stop->stations[k];
    return &stop->stations[0];
}

static struct route_waypoint waypoint_at(const struct trip *t, const struct snap_place *place)
{
    const struct network *net = t->view.net;
    return (struct route_waypoint){place->at, place->distance_m,
                                   net->text + net->edges[place->edge].name, place->edge,
                                   place->fraction};
}

static size_t cheapest(const struct stop *stop)
{
    size_t best = 0;
    for (size_t k = 1; k < stop->count; k++)
        if (stop->stations[k].end.cost_ms < stop->stations[best].end.cost_ms) best = k;
    return best;
}

/* Walks back from the cheapest station of the last stop. */
static enum err assemble(const struct trip *t, struct route *route)
{
    size_t legs = t->query->point_count - 1;
    struct route_leg *made = arena_calloc(t->arena, legs, sizeof *made);
    struct route_waypoint *waypoints = arena_calloc(t->arena, legs + 1, sizeof *waypoints);
    if (!made || !waypoints) return ERR_NOMEM;
    struct route whole = {
        .waypoints = waypoints, .waypoint_count = legs + 1, .legs = made, .leg_count = legs};
    size_t at = cheapest(&t->stops[legs]);
    for (size_t i = legs; i-- > 0;) {
        const struct station *to = &t->stops[i + 1].stations[at];
        const struct station *from = starting(&t->stops[i], to->arcs[0]);
        struct leg_path path = {.view = t->view,
                                .arcs = to->arcs,
                                .arc_count = to->arc_count,
                                .from_fraction = from->end.fraction,
                                .to_fraction = to->end.fraction,
                                .from = from->place.at,
                                .to = to->place.at,
                                .asked_to = t->query->points[i + 1],
                                .cost_ms = to->end.cost_ms - to->left_ms,
                                .detail = t->query->detail};
        enum err e = leg_make(&path, t->arena, &made[i]);
        if (e) return e;
        waypoints[i + 1] = waypoint_at(t, &to->place);
        waypoints[i] = waypoint_at(t, &from->place);
        at = to->before;
    }
    for (size_t i = 0; i < legs; i++) {
        whole.distance_m += made[i].distance_m;
        whole.duration_s += made[i].duration_s;
    }
    *route = whole;
    return ERR_OK;
}

enum err route_find(const struct graph *graph, struct route_work *work,
                    const struct route_query *query, struct arena *arena, struct route *route,
                    size_t *culprit)
{
    if (!valid_query(graph, query)) return ERR_INVALID;
    struct trip trip = {.graph = graph,
                        .view = network_view_of(graph_network(graph), query->profile),
                        .work = work,
                        .query = query,
                        .arena = arena,
                        .settled_max =
                            query->states_max ? work->astar.settled + query->states_max : 0};
    trip.stops = arena_calloc(arena, query->point_count, sizeof *trip.stops);
    if (!trip.stops) return ERR_NOMEM;
    enum err e = snap_all(&trip, culprit);
    if (e) return e;
    int64_t component = choose_component(&trip);
    e = search_trip(&trip, component);
    /* A small one-way stretch may hold all points in the wrong order: then the city shall do. */
    if (e == ERR_UNREACHABLE && component > MAIN && !isinf(distance_to(&trip, MAIN)))
        e = search_trip(&trip, MAIN);
    return e ? e : assemble(&trip, route);
}

struct listing {
    const struct network_view *view;
    bool main_only;
    uint32_t limit;
    struct route_waypoint *waypoints;
    size_t count;
};

static bool list_place(void *user, const struct snap_place *place)
{
    struct listing *l = user;
    const struct network *net = l->view->net;
    const uint32_t *arcs = &net->half_arc[place->edge << 1];
    bool usable = !l->main_only;
    for (size_t direction = 0; direction < 2; direction++)
        usable = usable || snap_serves(l->view, arcs[direction], SNAP_START) ||
                 snap_serves(l->view, arcs[direction], SNAP_END);
    if (usable)
        l->waypoints[l->count++] = (struct route_waypoint){place->at, place->distance_m,
                                                           net->text + net->edges[place->edge].name,
                                                           place->edge, place->fraction};
    return l->count < l->limit;
}

enum err route_snap(const struct graph *graph, struct route_work *work, unsigned profile,
                    struct coord at, double radius_m, uint32_t limit, struct arena *arena,
                    const struct route_waypoint **waypoints, size_t *count)
{
    if (profile >= graph_profile_count(graph) || !coord_valid(at) || limit == 0 || !(radius_m >= 0))
        return ERR_INVALID;
    struct network_view view = network_view_of(graph_network(graph), profile);
    if (limit > view.net->edge_count) limit = view.net->edge_count;
    struct listing l = {.view = &view,
                        .main_only = true,
                        .limit = limit,
                        .waypoints = arena_calloc(arena, limit, sizeof *l.waypoints)};
    if (!l.waypoints) return ERR_NOMEM;
    enum err e = snap_walk(graph, &view, at, radius_m, &work->heap, list_place, &l);
    if (!e && l.count == 0) {
        l.main_only = false;
        e = snap_walk(graph, &view, at, radius_m, &work->heap, list_place, &l);
    }
    if (!e && l.count == 0) e = ERR_NOSEGMENT;
    if (e) return e;
    *waypoints = l.waypoints;
    *count = l.count;
    return ERR_OK;
}
