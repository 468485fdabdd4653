/* Puts the points of a trip on the roads, finds the ways from each to the next, and puts the
 * cheapest whole together.
 *
 * A point may be several places (both directions of an edge, edges that meet there), so what it
 * costs to come to each place of a via point is told by a sweep from all places of the point
 * before, each starting with what it cost to get there: the sum over all legs is then the least
 * there is, not a greedy one. From the last point back, each leg is searched once more for its way,
 * to the one place that it is wanted at. */
#include "geo/road/route.h"

#include "geo/road/alternative.h"
#include "geo/road/astar.h"
#include "geo/road/leg.h"
#include "geo/road/query.h"
#include "geo/road/stop.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct route_work {
    struct query query;
    struct sweep *sweep;
    struct astar astar;
    struct alternative alternative;
    struct heap heap;
};

enum err route_work_new(struct route_work **work)
{
    struct route_work *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    enum err e = sweep_new(&made->sweep);
    if (e) {
        free(made);
        return e;
    }
    *work = made;
    return ERR_OK;
}

void route_work_free(struct route_work *work)
{
    if (!work) return;
    query_fini(&work->query);
    sweep_free(work->sweep);
    astar_fini(&work->astar);
    alternative_fini(&work->alternative);
    heap_fini(&work->heap);
    free(work);
}

/* What it costs from the start of the trip to each place of a point, and how one leaves it. */
struct reached {
    uint64_t weights[NETWORK_MAX_ENDS];
    bool straight; /* without turning round */
};

struct trip {
    const struct metric *metric;
    struct route_work *work;
    const struct route_query *query;
    struct arena *arena;
    struct stop_trip map;
    struct reached *reached; /* [point_count] */
    uint64_t states;         /* settled so far */
};

static bool valid_query(const struct roads *roads, const struct route_query *q)
{
    if (q->profile >= graph_profile_count(roads_graph(roads)) || q->point_count < 2 ||
        q->point_count > ROUTE_MAX_POINTS)
        return false;
    for (size_t i = 0; i < q->point_count; i++) {
        if (!coord_valid(q->points[i])) return false;
        if (q->radius_m && !(q->radius_m[i] >= 0)) return false;
    }
    return true;
}

static enum err put_on_roads(struct trip *t, const struct snap_ground *ground, size_t *culprit)
{
    const struct route_query *q = t->query;
    struct stop_query *queries = arena_alloc(t->arena, q->point_count * sizeof *queries);
    t->reached = arena_calloc(t->arena, q->point_count, sizeof *t->reached);
    if (!queries || !t->reached) return ERR_NOMEM;
    for (size_t i = 0; i < q->point_count; i++)
        queries[i] = (struct stop_query){.at = q->points[i],
                                         .radius_m = q->radius_m ? q->radius_m[i] : INFINITY,
                                         .role = i == 0                    ? SNAP_START
                                                 : i + 1 == q->point_count ? SNAP_END
                                                                           : SNAP_VIA,
                                         .wish = q->wishes ? q->wishes[i] : NULL};
    return stop_find_trip(ground, queries, q->point_count, t->arena, &t->map, culprit);
}

/* How many states the next search may settle; false when they are used up. */
static bool allowance(const struct trip *t, uint64_t *states_max)
{
    *states_max = 0;
    if (!t->query->bar || !t->query->states_max) return true;
    if (t->states >= t->query->states_max) return false;
    *states_max = t->query->states_max - t->states;
    return true;
}

/* From where a leg may start, with what has been paid until there. */
struct sources {
    struct network_end ends[NETWORK_MAX_ENDS];
    size_t place[NETWORK_MAX_ENDS];   /* of the stop: where one starts */
    size_t arrived[NETWORK_MAX_ENDS]; /* and where one had come to */
    size_t count;
};

/* Unless one must go straight on, one may as well have come to the other direction of the same
 * edge. */
static void list_sources(const struct trip *t, size_t i, struct sources *sources)
{
    const struct stop *stop = &t->map.stops[i];
    const struct reached *reached = &t->reached[i];
    sources->count = 0;
    for (size_t k = 0; k < stop->count; k++) {
        size_t best = k;
        for (size_t o = 0; !reached->straight && o < stop->count; o++)
            if (stop->places[o].edge == stop->places[k].edge &&
                reached->weights[o] < reached->weights[best])
                best = o;
        if (reached->weights[best] == WEIGHT_NONE) continue;
        sources->ends[sources->count] = stop->ends[k];
        sources->ends[sources->count].paid = reached->weights[best];
        sources->place[sources->count] = k;
        sources->arrived[sources->count++] = best;
    }
}

/* Weighs the way to every place of point i + 1. */
static enum err weigh_leg(struct trip *t, size_t i, bool *found)
{
    struct sources sources;
    const struct stop *to = &t->map.stops[i + 1];
    uint64_t states_max;
    list_sources(t, i, &sources);
    *found = false;
    if (!allowance(t, &states_max)) return ERR_LIMIT;
    enum err e = sweep_begin(t->work->sweep, t->metric, t->query->bar, SWEEP_FROM, sources.ends,
                             sources.count, states_max);
    for (size_t k = 0; !e && k < to->count; k++) {
        uint64_t weight = sweep_to(t->work->sweep, &to->ends[k], 1, NULL);
        t->reached[i + 1].weights[k] = weight;
        *found = *found || weight != WEIGHT_NONE;
        e = sweep_state(t->work->sweep);
    }
    t->states += sweep_states(t->work->sweep);
    return e;
}

static enum err find_way(struct trip *t, const struct sources *sources,
                         const struct network_end *targets, size_t count, struct network_path *path)
{
    struct network_ends ends = {sources->ends, targets, sources->count, count};
    uint64_t states_max;
    if (!t->query->bar) return query_find(&t->work->query, t->metric, &ends, t->arena, path);
    if (!allowance(t, &states_max)) return ERR_LIMIT;
    enum err e =
        astar_find(&t->work->astar, t->metric, t->query->bar, &ends, states_max, t->arena, path);
    t->states += t->work->astar.states;
    return e;
}

/* Keeps those sources where less has been paid. */
static void keep_earlier(struct sources *sources, uint64_t paid)
{
    size_t kept = 0;
    for (size_t k = 0; k < sources->count; k++) {
        if (sources->ends[k].paid >= paid) continue;
        sources->ends[kept] = sources->ends[k];
        sources->place[kept] = sources->place[k];
        sources->arrived[kept++] = sources->arrived[k];
    }
    sources->count = kept;
}

/* One leg with its ends. */
struct passage {
    struct network_path path;
    uint64_t paid;   /* when it starts */
    size_t from, to; /* places of its stops */
    size_t arrived;  /* the place of its first stop that the leg before comes to */
};

/* The cheapest way from what has been reached of point i to some of the places of the next. A way
 * may pass a via point twice, there and back; of equally cheap ones the one is taken that has come
 * to it the first time. */
static enum err find_leg(struct trip *t, size_t i, const struct network_end *targets, size_t count,
                         struct passage *passage)
{
    struct sources sources;
    struct network_path path;
    list_sources(t, i, &sources);
    passage->path.weight = WEIGHT_NONE;
    for (;;) {
        enum err e = find_way(t, &sources, targets, count, &path);
        if (e) return e;
        if (path.weight > passage->path.weight || path.weight == WEIGHT_NONE) return ERR_OK;
        passage->path = path;
        passage->from = sources.place[path.source];
        passage->arrived = sources.arrived[path.source];
        passage->paid = sources.ends[path.source].paid;
        keep_earlier(&sources, passage->paid);
        if (i == 0 || sources.count == 0) return ERR_OK;
    }
}

/* All legs but the last are weighed, from the first on. */
static enum err weigh_trip(struct trip *t)
{
    for (size_t k = 0; k < t->map.stops[0].count; k++)
        t->reached[0].weights[k] = 0;
    t->reached[0].straight = true;
    for (size_t i = 0; i + 2 < t->query->point_count; i++) {
        bool found;
        enum err e = weigh_leg(t, i, &found);
        if (!e && !found && i > 0 && t->reached[i].straight) {
            t->reached[i].straight = false;
            e = weigh_leg(t, i, &found);
        }
        if (!e && !found) e = ERR_UNREACHABLE;
        if (e) return e;
        t->reached[i + 1].straight = t->query->continue_straight;
    }
    return ERR_OK;
}

/* The last leg, then those before, each to the place where the next one had been come to. */
static enum err find_trip(struct trip *t, struct passage *passages)
{
    size_t last = t->query->point_count - 2, want = 0;
    enum err e = weigh_trip(t);
    for (size_t i = last + 1; !e && i-- > 0;) {
        const struct stop *to = &t->map.stops[i + 1];
        const struct network_end *targets = i == last ? to->ends : &to->ends[want];
        size_t count = i == last ? to->count : 1;
        struct passage *p = &passages[i];
        e = find_leg(t, i, targets, count, p);
        if (!e && p->path.weight == WEIGHT_NONE && i == last && i > 0 && t->reached[i].straight) {
            t->reached[i].straight = false;
            e = find_leg(t, i, targets, count, p);
        }
        if (!e && p->path.weight == WEIGHT_NONE) e = ERR_UNREACHABLE;
        if (e) return e;
        p->to = i == last ? p->path.target : want;
        want = p->arrived;
    }
    return e;
}

static enum err make_leg(const struct trip *t, size_t i, const struct passage *p,
                         struct route_leg *leg)
{
    const struct stop *from = &t->map.stops[i], *to = &t->map.stops[i + 1];
    struct leg_path path = {.view = t->metric->view,
                            .arcs = p->path.arcs,
                            .arc_count = p->path.arc_count,
                            .from_fraction = from->ends[p->from].fraction,
                            .to_fraction = to->ends[p->to].fraction,
                            .from = from->places[p->from].at,
                            .to = to->places[p->to].at,
                            .asked_to = t->query->points[i + 1],
                            .cost_ms = weight_cost_ms(p->path.weight - p->paid),
                            .detail = t->query->detail};
    return leg_make(&path, t->arena, leg);
}

static enum err assemble(const struct trip *t, const struct passage *passages, struct route *route)
{
    const struct network *net = t->metric->view.net;
    size_t legs = t->query->point_count - 1;
    struct route_leg *made = arena_calloc(t->arena, legs, sizeof *made);
    struct route_waypoint *waypoints = arena_calloc(t->arena, legs + 1, sizeof *waypoints);
    if (!made || !waypoints) return ERR_NOMEM;
    struct route whole = {
        .waypoints = waypoints, .waypoint_count = legs + 1, .legs = made, .leg_count = legs};
    for (size_t i = 0; i < legs; i++) {
        const struct passage *p = &passages[i];
        enum err e = make_leg(t, i, p, &made[i]);
        if (e) return e;
        /* A leg need not start in the direction in which the one before came. */
        waypoints[i] = stop_waypoint(net, &t->map.stops[i].places[p->from]);
        waypoints[i + 1] = stop_waypoint(net, &t->map.stops[i + 1].places[p->to]);
        whole.distance_m += made[i].distance_m;
        whole.duration_s += made[i].duration_s;
    }
    *route = whole;
    return ERR_OK;
}

/* Other ways from the one point to the other. */
static enum err add_alternatives(const struct trip *t, const struct passage *best,
                                 struct route *route)
{
    struct network_path paths[ROUTE_MAX_ALTERNATIVES];
    const struct stop *from = &t->map.stops[0], *to = &t->map.stops[1];
    const struct network_ends ends = {from->ends, to->ends, from->count, to->count};
    size_t room = t->query->alternatives, count = 0;
    if (room > ROUTE_MAX_ALTERNATIVES) room = ROUTE_MAX_ALTERNATIVES;
    enum err e = alternative_find(&t->work->alternative, &t->work->query, t->metric, t->query->bar,
                                  &ends, &best->path, t->arena, paths, room, &count);
    struct route *made = e ? NULL : arena_calloc(t->arena, count, sizeof *made);
    if (!e && !made) e = ERR_NOMEM;
    for (size_t i = 0; !e && i < count; i++) {
        const struct passage passage = {
            .path = paths[i], .from = paths[i].source, .to = paths[i].target};
        e = assemble(t, &passage, &made[i]);
    }
    route->alternatives = made;
    route->alternative_count = count;
    return e;
}

enum err route_find(const struct roads *roads, struct route_work *work,
                    const struct route_query *query, struct arena *arena, struct route *route,
                    size_t *culprit)
{
    if (!valid_query(roads, query)) return ERR_INVALID;
    struct trip trip = {.metric = roads_metric(roads, query->profile),
                        .work = work,
                        .query = query,
                        .arena = arena};
    struct snap_ground ground = stop_ground(roads, query->profile, query->bar, &work->heap);
    struct passage *passages = arena_calloc(arena, query->point_count - 1, sizeof *passages);
    if (!passages) return ERR_NOMEM;
    enum err e = put_on_roads(&trip, &ground, culprit);
    if (e) return e;
    e = find_trip(&trip, passages);
    /* A small one-way stretch may hold all points in the wrong order: then the city shall do. */
    if (e == ERR_UNREACHABLE && stop_again(&trip.map)) e = find_trip(&trip, passages);
    struct route found;
    if (!e) e = assemble(&trip, passages, &found);
    if (!e && query->alternatives && query->point_count == 2)
        e = add_alternatives(&trip, passages, &found);
    if (!e) *route = found;
    return e;
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
    const uint32_t *arcs = &l->view->net->half_arc[place->edge << 1];
    bool usable = !l->main_only;
    for (size_t direction = 0; direction < 2; direction++)
        usable = usable || snap_serves(l->view, arcs[direction], SNAP_START) ||
                 snap_serves(l->view, arcs[direction], SNAP_END);
    if (usable) l->waypoints[l->count++] = stop_waypoint(l->view->net, place);
    return l->count < l->limit;
}

enum err route_snap(const struct roads *roads, struct route_work *work, unsigned profile,
                    struct coord at, double radius_m, uint32_t limit, struct arena *arena,
                    const struct route_waypoint **waypoints, size_t *count)
{
    const struct graph *graph = roads_graph(roads);
    if (profile >= graph_profile_count(graph) || !coord_valid(at) || limit == 0 || !(radius_m >= 0))
        return ERR_INVALID;
    struct snap_ground ground = stop_ground(roads, profile, NULL, &work->heap);
    if (limit > ground.view.net->edge_count) limit = ground.view.net->edge_count;
    struct listing l = {.view = &ground.view,
                        .main_only = true,
                        .limit = limit,
                        .waypoints = arena_calloc(arena, limit, sizeof *l.waypoints)};
    if (!l.waypoints) return ERR_NOMEM;
    enum err e = snap_walk(&ground, at, radius_m, list_place, &l);
    if (!e && l.count == 0) {
        l.main_only = false;
        e = snap_walk(&ground, at, radius_m, list_place, &l);
    }
    if (!e && l.count == 0) e = ERR_NOSEGMENT;
    if (e) return e;
    *waypoints = l.waypoints;
    *count = l.count;
    return ERR_OK;
}
