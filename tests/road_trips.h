/* Whole trips held against trying every way of passing their points. */
#ifndef YZ_TESTS_ROAD_TRIPS_H
#define YZ_TESTS_ROAD_TRIPS_H

#include "geo/road/stop.h"
#include "tests/road_proof.h"

/* A trip whose points stand still and whose places are tried one after the other. */
struct trips_search {
    struct dijkstra dijkstra;
    const struct network_view *view;
    const struct network_bar *bar;
    const struct stop_trip *trip;
    bool straight;
};

static inline uint64_t trips_between(struct trips_search *s, size_t i, size_t from, size_t to)
{
    struct network_ends ends = {&s->trip->stops[i].ends[from], &s->trip->stops[i + 1].ends[to], 1,
                                1};
    uint64_t weight;
    assert_ok(dijkstra_find(&s->dijkstra, s->view, s->bar, &ends, &weight));
    return weight;
}

/* The cheapest way on from place `at` of point i, at which one arrived. */
static inline uint64_t trips_rest(struct trips_search *s, size_t i, size_t at)
{
    const struct stop *here = &s->trip->stops[i];
    uint64_t best = WEIGHT_NONE;
    if (i + 1 == s->trip->count) return 0;
    for (size_t from = 0; from < here->count; from++) {
        bool turned = from != at;
        if (turned && (i == 0 || s->straight || here->places[from].edge != here->places[at].edge))
            continue;
        for (size_t to = 0; to < s->trip->stops[i + 1].count; to++) {
            uint64_t weight = trips_between(s, i, from, to);
            if (weight == WEIGHT_NONE) continue;
            weight = weight_add(weight, trips_rest(s, i + 1, to));
            if (weight < best) best = weight;
        }
    }
    return best;
}

static inline uint64_t trips_best(struct trips_search *s)
{
    uint64_t best = WEIGHT_NONE;
    for (size_t k = 0; k < s->trip->stops[0].count; k++) {
        uint64_t weight = trips_rest(s, 0, k);
        if (weight < best) best = weight;
    }
    return best;
}

/* One trip; whether it has a way. Where going straight on everywhere is impossible a trip may turn
 * round at some points, and then costs no less than one that may turn at all. */
static inline bool trips_prove(const struct roads *roads, struct route_work *work,
                               const struct route_query *query, struct arena *arena)
{
    struct heap heap = {0};
    struct snap_ground ground = stop_ground(roads, query->profile, query->bar, &heap);
    struct stop_query queries[8];
    struct stop_trip trip;
    struct route route;
    size_t culprit;
    assert_true(query->point_count <= 8);
    for (size_t i = 0; i < query->point_count; i++)
        queries[i] = (struct stop_query){.at = query->points[i],
                                         .radius_m = INFINITY,
                                         .role = i == 0                        ? SNAP_START
                                                 : i + 1 == query->point_count ? SNAP_END
                                                                               : SNAP_VIA};
    enum err e = stop_find_trip(&ground, queries, query->point_count, arena, &trip, &culprit);
    enum err found = route_find(roads, work, query, arena, &route, &culprit);
    heap_fini(&heap);
    if (e) {
        assert_int_equal(found, e);
        return false;
    }
    struct trips_search s = {.view = &ground.view, .bar = query->bar, .trip = &trip};
    s.straight = query->continue_straight;
    uint64_t best = trips_best(&s), sum = 0;
    bool exact = best != WEIGHT_NONE;
    if (!exact && s.straight) {
        s.straight = false;
        best = trips_best(&s);
    }
    if (best == WEIGHT_NONE && stop_again(&trip)) {
        exact = true;
        s.straight = query->continue_straight;
        best = trips_best(&s);
    }
    dijkstra_fini(&s.dijkstra);
    if (best == WEIGHT_NONE) {
        if (exact || !query->continue_straight) assert_int_equal(found, ERR_UNREACHABLE);
        return false;
    }
    assert_ok(found);
    for (size_t l = 0; l < route.leg_count; l++)
        sum += weight_of((uint32_t)route.legs[l].cost_ms,
                         (uint32_t)lround(route.legs[l].duration_s * 1000));
    if (exact)
        assert_true(sum == best);
    else
        assert_true(sum >= best);
    return true;
}

/* Random trips of two to four points in a box; the number of those that have a way. */
static inline size_t trips_prove_some(const struct roads *roads, struct box box, bool barred,
                                      size_t trips, uint64_t *seed)
{
    const struct network *net = graph_network(roads_graph(roads));
    uint32_t *stamps = calloc(net->edge_count, sizeof *stamps);
    struct arena arena = {0};
    struct route_work *work;
    size_t found = 0;
    assert_non_null(stamps);
    assert_ok(route_work_new(&work));
    for (size_t i = 0; i < trips; i++) {
        struct coord points[4];
        struct network_bar bar = proof_bar(net, seed, stamps);
        struct route_query query = {.profile = (unsigned)(i % net->profile_count),
                                    .points = points,
                                    .point_count = 2 + i % 3,
                                    .bar = barred ? &bar : NULL,
                                    .continue_straight = random_below(seed, 2)};
        for (size_t k = 0; k < query.point_count; k++)
            points[k] =
                (struct coord){box.min_lon + random_unit(seed) * (box.max_lon - box.min_lon),
                               box.min_lat + random_unit(seed) * (box.max_lat - box.min_lat)};
        found += trips_prove(roads, work, &query, &arena);
        arena_reset(&arena);
    }
    route_work_free(work);
    arena_fini(&arena);
    free(stamps);
    return found;
}

#endif
