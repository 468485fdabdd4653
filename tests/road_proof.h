/* Searches held against Dijkstra, and paths made to prove themselves. */
#ifndef YZ_TESTS_ROAD_PROOF_H
#define YZ_TESTS_ROAD_PROOF_H

#include "geo/road/astar.h"
#include "geo/road/custom.h"
#include "geo/road/dijkstra.h"
#include "geo/road/query.h"
#include "geo/road/route.h"
#include "geo/road/sweep.h"
#include "tests/check.h"

#include <math.h>

/* Somewhere on a random arc that the profile travels, often at its very tail or head. */
static inline struct network_end proof_end(const struct network_view *view, uint64_t *seed)
{
    uint32_t arc, tries = 0, kind = random_below(seed, 4);
    do
        arc = random_below(seed, view->net->base_arc_count);
    while (view->time_ms[arc] == NETWORK_NONE && ++tries < 100000);
    assert_true(view->time_ms[arc] != NETWORK_NONE);
    double fraction = kind == 0 ? 0 : kind == 1 ? 1 : random_unit(seed);
    return (struct network_end){.arc = arc, .fraction = fraction};
}

/* Up to four ends; some near the first of `others`, on the same street. */
static inline size_t proof_ends(const struct network_view *view, const struct network_end *others,
                                uint64_t *seed, struct network_end ends[4])
{
    size_t count = 1 + random_below(seed, 4);
    for (size_t i = 0; i < count; i++) {
        ends[i] = proof_end(view, seed);
        uint32_t back = view->net->half_arc[view->net->arc_half[ends[i].arc] ^ 1];
        if (i % 2 && back != NETWORK_NONE && view->time_ms[back] != NETWORK_NONE)
            ends[i] = (struct network_end){.arc = back, .fraction = 1 - ends[i].fraction};
        if (others && random_below(seed, 8) == 0) ends[i].arc = others->arc;
        if (!others && i) {
            uint32_t cost_ms = random_below(seed, 100000);
            ends[i].paid = weight_of(cost_ms, cost_ms / 2);
        }
    }
    return count;
}

/* Arcs join by turns, and what they and the turns weigh sums to the weight. */
static inline void proof_path(const struct network_view *view, const struct network_bar *bar,
                              const struct network_ends *ends, const struct network_path *path)
{
    const struct network *net = view->net;
    const struct network_end *source = &ends->sources[path->source];
    const struct network_end *target = &ends->targets[path->target];
    uint64_t sum = source->paid - network_part_weight(view, source->arc, source->fraction);
    assert_true(path->arc_count > 0);
    assert_int_equal(path->arcs[0], source->arc);
    uint32_t last = path->arcs[path->arc_count - 1];
    assert_int_equal(net->arc_half[last], net->arc_half[target->arc]);
    if (path->arc_count == 1) assert_true(target->fraction >= source->fraction);
    for (size_t i = 0; i < path->arc_count; i++) {
        uint32_t arc = path->arcs[i];
        uint64_t best = WEIGHT_NONE;
        assert_true(network_arc_open(view, bar, arc));
        if (i + 1 == path->arc_count) break;
        for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
            if (net->turn_to[t] != path->arcs[i + 1] || !network_turn_open(view, t)) continue;
            uint64_t weight = network_turn_weight(view, arc, t);
            if (weight < best) best = weight;
        }
        assert_true(best < WEIGHT_NONE);
        sum += best;
    }
    assert_true(sum + network_part_weight(view, last, target->fraction) == path->weight);
}

/* Random queries on a metric weigh what the judge says, and their paths prove themselves; the
 * number of those that have a way. */
static inline size_t proof_queries(const struct metric *metric, size_t queries, uint64_t *seed)
{
    const struct network_view *view = &metric->view;
    struct query query = {0};
    struct dijkstra dijkstra = {0};
    struct arena arena = {0};
    size_t found = 0;
    for (size_t i = 0; i < queries; i++) {
        struct network_end sources[4], targets[4];
        struct network_ends ends = {.sources = sources, .targets = targets};
        struct network_path path, alone;
        uint64_t weight;
        ends.source_count = proof_ends(view, NULL, seed, sources);
        ends.target_count = proof_ends(view, sources, seed, targets);
        assert_ok(dijkstra_find(&dijkstra, view, NULL, &ends, &weight));
        assert_ok(query_find(&query, metric, &ends, &arena, &path));
        assert_ok(query_find(&query, metric, &ends, NULL, &alone));
        assert_true(path.weight == weight && alone.weight == weight);
        if (weight == WEIGHT_NONE) continue;
        proof_path(view, NULL, &ends, &path);
        found++;
        arena_reset(&arena);
    }
    arena_fini(&arena);
    query_fini(&query);
    dijkstra_fini(&dijkstra);
    return found;
}

/* Bars about one edge in ten, and now and then stairs and pushing; `stamps` [edge_count]. */
static inline struct network_bar proof_bar(const struct network *net, uint64_t *seed,
                                           uint32_t *stamps)
{
    for (uint32_t e = 0; e < net->edge_count; e++)
        stamps[e] = random_below(seed, 10) == 0;
    return (struct network_bar){.edge_stamp = stamps,
                                .stamp = 1,
                                .no_steps = random_below(seed, 3) == 0,
                                .no_pushing = random_below(seed, 3) == 0};
}

/* The same for A* under a bar. */
static inline size_t proof_barred(const struct metric *metric, size_t queries, uint64_t *seed)
{
    const struct network_view *view = &metric->view;
    uint32_t *stamps = calloc(view->net->edge_count, sizeof *stamps);
    struct astar astar = {0};
    struct dijkstra dijkstra = {0};
    struct arena arena = {0};
    size_t found = 0;
    assert_non_null(stamps);
    for (size_t i = 0; i < queries; i++) {
        struct network_bar bar = proof_bar(view->net, seed, stamps);
        struct network_end sources[4], targets[4];
        struct network_ends ends = {.sources = sources, .targets = targets};
        struct network_path path;
        uint64_t weight;
        ends.source_count = proof_ends(view, NULL, seed, sources);
        ends.target_count = proof_ends(view, sources, seed, targets);
        assert_ok(dijkstra_find(&dijkstra, view, &bar, &ends, &weight));
        assert_ok(astar_find(&astar, metric, &bar, &ends, 0, &arena, &path));
        assert_true(path.weight == weight);
        if (weight == WEIGHT_NONE) continue;
        proof_path(view, &bar, &ends, &path);
        found++;
        arena_reset(&arena);
    }
    arena_fini(&arena);
    astar_fini(&astar);
    dijkstra_fini(&dijkstra);
    free(stamps);
    return found;
}

/* One sweep from some ends and one to them: every arc, and whole ways to and from others, weigh
 * what the judge says. */
static inline size_t proof_sweep(struct sweep *sweep, const struct metric *metric,
                                 const struct network_bar *bar, size_t asked, uint64_t *seed)
{
    const struct network_view *view = &metric->view;
    uint32_t arcs = view->net->arc_count;
    struct dijkstra dijkstra = {0};
    struct network_end here[4], there[4];
    struct network_ends ends = {.sources = here};
    uint64_t *all = malloc(arcs * sizeof *all), weight;
    size_t found = 0, best = 9;
    assert_non_null(all);
    ends.source_count = proof_ends(view, NULL, seed, here);
    assert_ok(dijkstra_all(&dijkstra, view, bar, here, ends.source_count, all));
    assert_ok(sweep_begin(sweep, metric, bar, SWEEP_FROM, here, ends.source_count, 0));
    for (size_t i = 0; i < asked; i++) {
        uint32_t arc = random_below(seed, arcs);
        assert_true(sweep_at(sweep, arc) == all[arc]);
        found += all[arc] != WEIGHT_NONE;
        ends.targets = there;
        ends.target_count = proof_ends(view, here, seed, there);
        assert_ok(dijkstra_find(&dijkstra, view, bar, &ends, &weight));
        assert_true(sweep_to(sweep, there, ends.target_count, &best) == weight);
        if (weight != WEIGHT_NONE) assert_true(sweep_to(sweep, &there[best], 1, NULL) == weight);
    }
    for (size_t i = 0; i < ends.source_count; i++)
        here[i].paid = 0;
    assert_ok(sweep_begin(sweep, metric, bar, SWEEP_TO, here, ends.source_count, 0));
    ends.targets = here;
    ends.target_count = ends.source_count;
    for (size_t i = 0; i < asked; i++) {
        struct network_end tail = {.arc = random_below(seed, arcs)};
        ends.sources = &tail;
        ends.source_count = 1;
        assert_ok(dijkstra_find(&dijkstra, view, bar, &ends, &weight));
        assert_true(sweep_at(sweep, tail.arc) == weight);
        ends.sources = there;
        ends.source_count = proof_ends(view, NULL, seed, there);
        assert_ok(dijkstra_find(&dijkstra, view, bar, &ends, &weight));
        assert_true(sweep_to(sweep, there, ends.source_count, NULL) == weight);
    }
    assert_ok(sweep_state(sweep));
    dijkstra_fini(&dijkstra);
    free(all);
    return found;
}

/* Closes or slows about one arc in twenty. */
static inline void proof_close(struct custom *custom, const struct network_view *file,
                               uint64_t *seed)
{
    uint32_t base = file->net->base_arc_count;
    struct custom_change *changes = calloc(base, sizeof *changes);
    size_t count = 0;
    assert_non_null(changes);
    for (uint32_t arc = 0; arc < base; arc++) {
        uint32_t time_ms = file->time_ms[arc], kind = random_below(seed, 40);
        if (time_ms == NETWORK_NONE || kind > 1) continue;
        changes[count++] = (struct custom_change){arc, kind ? NETWORK_NONE : time_ms + time_ms / 2};
    }
    assert_ok(custom_set(custom, changes, count));
    free(changes);
}

/* Calls for a metric of every profile, first without closures, then with some. */
static inline size_t proof_metrics(const struct graph *graph, uint64_t *seed,
                                   size_t (*prove)(const struct metric *metric, size_t times,
                                                   uint64_t *seed),
                                   size_t times)
{
    const struct network *net = graph_network(graph);
    struct cch *cch;
    size_t found = 0;
    assert_ok(cch_new(net, &cch));
    for (unsigned p = 0; p < net->profile_count; p++) {
        struct network_view file = network_view_of(net, p);
        struct custom *custom;
        assert_ok(custom_new(cch, p, 2, &custom));
        for (int closed = 0; closed < 2; closed++) {
            struct metric *metric;
            if (closed) proof_close(custom, &file, seed);
            assert_ok(custom_metric(custom, &metric));
            found += prove(metric, times, seed);
            metric_free(metric);
        }
        custom_free(custom);
    }
    cch_free(cch);
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
    struct network_end source = {leg->arcs[0], from->fraction, 0};
    struct network_end target = {view->net->half_arc[last], to->fraction, 0};
    struct network_ends ends = {&source, &target, 1, 1};
    double step_m = 0, step_s = 0, cost_s = 0;
    uint64_t weight;
    assert_true(first >> 1 == from->edge && last >> 1 == to->edge);
    if (first & 1) source.fraction = 1 - source.fraction;
    if (last & 1) target.fraction = 1 - target.fraction;
    assert_ok(dijkstra_find(dijkstra, view, NULL, &ends, &weight));
    assert_true(weight_cost_ms(weight) == leg->cost_ms);
    struct network_path path = {.weight = weight, .arcs = leg->arcs, .arc_count = leg->arc_count};
    proof_path(view, NULL, &ends, &path);
    assert_true(fabs(leg->duration_s * 1000 - weight_time_ms(weight)) < 0.5);
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
static inline size_t proof_routes(const struct roads *roads, struct box box, size_t queries,
                                  uint64_t *seed)
{
    const struct graph *graph = roads_graph(roads);
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
        struct network_view view = roads_metric(roads, query.profile)->view;
        enum err e = route_find(roads, work, &query, &arena, &route, &culprit);
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
