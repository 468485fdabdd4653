#include "geo/road/stop.h"

#include <math.h>

_Static_assert(2 * SNAP_MAX_PLACES <= NETWORK_MAX_ENDS, "both directions of every place");

struct snap_ground stop_ground(const struct roads *roads, unsigned profile,
                               const struct network_bar *bar, struct heap *heap)
{
    return (struct snap_ground){roads_graph(roads), roads_metric(roads, profile)->view, bar, heap};
}

struct route_waypoint stop_waypoint(const struct network *net, const struct snap_place *place)
{
    return (struct route_waypoint){place->at, place->distance_m,
                                   net->text + net->edges[place->edge].name, place->edge,
                                   place->fraction};
}

/* Which component stops are in. */
enum { MAIN = 0, ANY = -1 };

/* A via point must be left again, so only arcs of the largest component do there. At the ends of a
 * trip both directions may: the two directions of a ring are components of their own, and the
 * search finds which leads where. */
static void add_end(const struct snap_ground *ground, const struct stop_query *query,
                    const struct snap_place *place, uint32_t direction, bool main,
                    struct stop *stop)
{
    uint32_t arc = ground->view.net->half_arc[place->edge << 1 | direction];
    if (arc == NETWORK_NONE || !network_arc_open(&ground->view, ground->bar, arc) ||
        !snap_wished(&ground->view, place, direction, query->at, query->wish))
        return;
    if (main && query->role == SNAP_VIA && !snap_serves(&ground->view, arc, SNAP_VIA)) return;
    stop->places[stop->count] = *place;
    stop->ends[stop->count++] = (struct network_end){
        .arc = arc, .fraction = direction ? 1 - place->fraction : place->fraction};
}

static void put_ends(const struct snap_ground *ground, const struct stop_query *query,
                     const struct snap_place *places, size_t count, bool main, struct stop *stop)
{
    stop->count = 0;
    for (size_t k = 0; k < count; k++)
        for (uint32_t direction = 0; direction < 2; direction++)
            add_end(ground, query, &places[k], direction, main, stop);
}

enum err stop_find(const struct snap_ground *ground, const struct stop_query *query,
                   struct stop *stop)
{
    struct snap_choice choice;
    enum err e = snap_choose(ground, query->at, query->radius_m, query->role, query->wish, &choice);
    if (e) return e;
    if (choice.main_count)
        put_ends(ground, query, choice.main, choice.main_count, true, stop);
    else if (choice.small_count)
        put_ends(ground, query, choice.small, 1, false, stop);
    else
        return ERR_NOSEGMENT;
    return ERR_OK;
}

/* --- trips --- */

static bool arc_in(const struct snap_ground *ground, uint32_t arc, int64_t component)
{
    return arc != NETWORK_NONE && ground->view.time_ms[arc] != NETWORK_NONE &&
           ground->view.component[arc] == component;
}

/* The nearest place of a point that has an arc in a small component. */
static const struct snap_place *nearest_in(const struct stop_trip *t, size_t i, int64_t component)
{
    for (size_t k = 0; k < t->choices[i].small_count; k++) {
        const struct snap_place *place = &t->choices[i].small[k];
        const uint32_t *arcs = &t->ground.view.net->half_arc[place->edge << 1];
        if (arc_in(&t->ground, arcs[0], component) || arc_in(&t->ground, arcs[1], component))
            return place;
    }
    return NULL;
}

/* How far the points are, together, from the roads of a component; INFINITY: one has none. */
static double distance_to(const struct stop_trip *t, int64_t component)
{
    double sum_m = 0;
    for (size_t i = 0; i < t->count; i++) {
        const struct snap_choice *choice = &t->choices[i];
        const struct snap_place *place = component == MAIN
                                             ? (choice->main_count ? choice->main : NULL)
                                             : nearest_in(t, i, component);
        if (!place) return INFINITY;
        sum_m += place->distance_m;
    }
    return sum_m;
}

/* The small component that is nearer to all points than the largest is; MAIN when none is; ANY when
 * no component has them all. */
static int64_t choose_component(const struct stop_trip *t)
{
    double least_m = distance_to(t, MAIN);
    int64_t best = isinf(least_m) ? ANY : MAIN;
    const struct snap_choice *first = &t->choices[0];
    for (size_t i = 0; i < first->small_count; i++) {
        for (uint32_t direction = 0; direction < 2; direction++) {
            uint32_t arc = t->ground.view.net->half_arc[first->small[i].edge << 1 | direction];
            if (arc == NETWORK_NONE || t->ground.view.time_ms[arc] == NETWORK_NONE) continue;
            uint32_t component = t->ground.view.component[arc];
            double sum_m = component == MAIN ? INFINITY : distance_to(t, component);
            if (sum_m >= least_m) continue;
            least_m = sum_m;
            best = component;
        }
    }
    return best;
}

static void put_stops(struct stop_trip *t, int64_t component)
{
    t->component = component;
    for (size_t i = 0; i < t->count; i++) {
        const struct snap_place *places = t->choices[i].main;
        size_t count = t->choices[i].main_count;
        if (component != MAIN && t->choices[i].small_count) {
            const struct snap_place *in =
                component == ANY ? t->choices[i].small : nearest_in(t, i, component);
            if (in) {
                places = in;
                count = 1;
            }
        }
        put_ends(&t->ground, &t->queries[i], places, count, component == MAIN, &t->stops[i]);
    }
}

enum err stop_find_trip(const struct snap_ground *ground, const struct stop_query *queries,
                        size_t count, struct arena *arena, struct stop_trip *trip, size_t *culprit)
{
    struct stop_trip made = {.ground = *ground,
                             .queries = queries,
                             .choices = arena_alloc(arena, count * sizeof *made.choices),
                             .stops = arena_alloc(arena, count * sizeof *made.stops),
                             .count = count};
    if (!made.choices || !made.stops) return ERR_NOMEM;
    for (size_t i = 0; i < count; i++) {
        enum err e = snap_choose(ground, queries[i].at, queries[i].radius_m, queries[i].role,
                                 queries[i].wish, &made.choices[i]);
        if (!e && made.choices[i].main_count + made.choices[i].small_count == 0) {
            *culprit = i;
            e = ERR_NOSEGMENT;
        }
        if (e) return e;
    }
    put_stops(&made, choose_component(&made));
    *trip = made;
    return ERR_OK;
}

bool stop_again(struct stop_trip *trip)
{
    if (trip->component <= MAIN || isinf(distance_to(trip, MAIN))) return false;
    put_stops(trip, MAIN);
    return true;
}
