/* A* held against Dijkstra, and a path made to prove itself. */
#ifndef YZ_TESTS_ROAD_PROOF_H
#define YZ_TESTS_ROAD_PROOF_H

#include "geo/road/astar.h"
#include "geo/road/dijkstra.h"
#include "geo/road/route.h"
#include "tests/check.h"

#include <math.h>

/* What A* and the judge have in common. */
static inline struct network_end proof_judged(const struct astar_end *end)
{
    return (struct network_end){end->arc, end->fraction, weight_of((uint32_t)end->cost_ms, 0)};
}

/* The tail or the head of a random arc that the profile travels. */
static inline struct astar_end proof_end(const struct graph *graph, const struct network_view *view,
                                         uint64_t *seed)
{
    uint32_t arc, tries = 0;
    do
        arc = random_below(seed, view->net->base_arc_count);
    while (view->time_ms[arc] == NETWORK_NONE && ++tries < 100000);
    assert_true(view->time_ms[arc] != NETWORK_NONE);
    uint32_t half = view->net->arc_half[arc];
    struct graph_edge edge = graph_edge_at(graph, half >> 1);
    uint32_t last = edge.point_count - 1;
    bool tail = random_below(seed, 2) == 0;
    bool first_point = tail != (half & 1);
    return (struct astar_end){arc, tail ? 0 : 1, 0,
                              chord_at(coord_from_e7(edge.points[first_point ? 0 : last]))};
}

/* Arcs join by open turns, and their times and turns sum to the cost. */
static inline void proof_path(const struct network_view *view, const uint32_t *arcs, size_t count,
                              double from_fraction, double to_fraction, uint64_t cost_ms)
{
    const struct network *net = view->net;
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t time_ms = view->time_ms[arcs[i]];
        assert_true(time_ms != NETWORK_NONE);
        sum += i + 1 == count ? network_part_ms(time_ms, to_fraction) : time_ms;
        if (i == 0) sum -= network_part_ms(time_ms, from_fraction);
        if (i + 1 == count) break;
        uint32_t turn = net->turn_first[arcs[i]];
        while (turn < net->turn_first[arcs[i] + 1] &&
               (net->turn_to[turn] != arcs[i + 1] || !network_turn_open(view, turn)))
            turn++;
        assert_true(turn < net->turn_first[arcs[i] + 1]);
        sum += network_turn_cost(view, arcs[i], turn);
    }
    assert_true(sum == cost_ms);
}

/* `queries` random pairs for every profile; the number of those that have a way. */
static inline size_t proof_searches(const struct graph *graph, size_t queries, uint64_t *seed)
{
    struct astar astar = {0};
    struct dijkstra dijkstra = {0};
    struct arena arena = {0};
    size_t found = 0;
    for (unsigned p = 0; p < graph_profile_count(graph); p++) {
        struct network_view view = network_view_of(graph_network(graph), p);
        for (size_t i = 0; i < queries; i++) {
            struct astar_end sources[2], targets[2];
            const uint32_t *arcs;
            size_t count, source;
            struct network_end from[2], to[2];
            uint64_t weight;
            for (size_t k = 0; k < 2; k++) {
                sources[k] = proof_end(graph, &view, seed);
                targets[k] = proof_end(graph, &view, seed);
            }
            sources[1].cost_ms = random_below(seed, 100000);
            for (size_t k = 0; k < 2; k++) {
                from[k] = proof_judged(&sources[k]);
                to[k] = proof_judged(&targets[k]);
            }
            struct astar_query query = {.view = view,
                                        .sources = sources,
                                        .targets = targets,
                                        .source_count = 1 + i % 2,
                                        .target_count = 1 + i / 2 % 2};
            assert_ok(astar_run(&astar, &query));
            size_t t = query.target_count == 2 && astar.best_ms[1] < astar.best_ms[0] ? 1 : 0;
            struct network_ends ends = {from, to, query.source_count, query.target_count};
            assert_ok(dijkstra_find(&dijkstra, &view, NULL, &ends, &weight));
            if (weight == WEIGHT_NONE) {
                assert_true(astar.best_ms[t] == ASTAR_NO_WAY);
                continue;
            }
            assert_true(astar.best_ms[t] == weight_cost_ms(weight));
            assert_ok(astar_path(&astar, &query, t, &arena, &arcs, &count, &source));
            proof_path(&view, arcs, count, sources[source].fraction, targets[t].fraction,
                       weight_cost_ms(weight) - sources[source].cost_ms);
            found++;
            arena_reset(&arena);
        }
    }
    arena_fini(&arena);
    astar_fini(&astar);
    dijkstra_fini(&dijkstra);
    return found;
}

/* The leg's path proves itself, its cost is Dijkstra's between the same ends, its steps sum to it.
 */
static inline void proof_leg(const struct network_view *view, struct dijkstra *dijkstra,
                             const struct route_leg *leg, const struct route_waypoint *from,
                             const struct route_waypoint *to)
{
    uint32_t first = view->net->arc_half[leg->arcs[0]];
    uint32_t last = view->net->arc_half[leg->arcs[leg->arc_count - 1]];
    double f0 = first & 1 ? 1 - from->fraction : from->fraction;
    double f1 = last & 1 ? 1 - to->fraction : to->fraction;
    double step_m = 0, step_s = 0, cost_s = 0;
    uint64_t weight;
    assert_true(first >> 1 == from->edge && last >> 1 == to->edge);
    proof_path(view, leg->arcs, leg->arc_count, f0, f1, leg->cost_ms);
    struct network_end source = {leg->arcs[0], f0, 0}, target = {view->net->half_arc[last], f1, 0};
    struct network_ends ends = {&source, &target, 1, 1};
    assert_ok(dijkstra_find(dijkstra, view, NULL, &ends, &weight));
    assert_true(weight_cost_ms(weight) == leg->cost_ms);
    for (size_t s = 0; s < leg->step_count; s++) {
        assert_true(leg->steps[s].intersection_count > 0);
        assert_true(leg->steps[s].first_point <= leg->steps[s].last_point);
        assert_true(leg->steps[s].last_point < leg->point_count);
        step_m += leg->steps[s].distance_m;
        step_s += leg->steps[s].duration_s;
        cost_s += leg->steps[s].cost_s;
    }
    assert_true(step_m > leg->distance_m - 0.01 && step_m < leg->distance_m + 0.01);
    assert_true(fabs(cost_s * 1000 - (double)leg->cost_ms) < 0.5);
    assert_true(step_s > leg->duration_s - 0.01 && step_s < leg->duration_s + 0.01);
    assert_true(leg->duration_s * 1000 <= (double)leg->cost_ms + 0.5);
    assert_int_equal(leg->steps[0].type, ROUTE_DEPART);
    assert_int_equal(leg->steps[leg->step_count - 1].type, ROUTE_ARRIVE);
}

/* Whole routes between random points of a box: every leg proves itself, and they sum to the whole;
 * the number of those that have a way. */
static inline size_t proof_routes(const struct graph *graph, struct box box, size_t queries,
                                  uint64_t *seed)
{
    struct dijkstra dijkstra = {0};
    struct arena arena = {0};
    struct route_work *work;
    size_t found = 0;
    assert_ok(route_work_new(&work));
    for (size_t i = 0; i < queries; i++) {
        struct coord points[4];
        struct route route;
        size_t culprit, count = 2 + i % 3;
        for (size_t k = 0; k < count; k++)
            points[k] =
                (struct coord){box.min_lon + random_unit(seed) * (box.max_lon - box.min_lon),
                               box.min_lat + random_unit(seed) * (box.max_lat - box.min_lat)};
        struct route_query query = {.profile = (unsigned)(i % graph_profile_count(graph)),
                                    .points = points,
                                    .point_count = count,
                                    .continue_straight = i / 4 % 2};
        struct network_view view = network_view_of(graph_network(graph), query.profile);
        enum err e = route_find(graph, work, &query, &arena, &route, &culprit);
        assert_true(e == ERR_OK || e == ERR_UNREACHABLE);
        double metres = 0, seconds = 0;
        for (size_t l = 0; !e && l < route.leg_count; l++) {
            proof_leg(&view, &dijkstra, &route.legs[l], &route.waypoints[l],
                      &route.waypoints[l + 1]);
            metres += route.legs[l].distance_m;
            seconds += route.legs[l].duration_s;
        }
        if (!e) {
            assert_true(metres > route.distance_m - 0.01 && metres < route.distance_m + 0.01);
            assert_true(seconds > route.duration_s - 0.01 && seconds < route.duration_s + 0.01);
            found++;
        }
        arena_reset(&arena);
    }
    arena_fini(&arena);
    dijkstra_fini(&dijkstra);
    route_work_free(work);
    return found;
}

#endif
