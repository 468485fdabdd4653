/* What is in reach within areas, held against plain Dijkstra from many points. */
#include "geo/road/coverage.h"
#include "geo/road/stop.h"
#include "tests/road_city.h"
#include "tests/road_proof.h"
#include "tests/road_reach.h"

enum { PLACES = 6, POINTS = 300, STEPS = 40 };

static struct box city_box(const struct drawing *d)
{
    const struct network *net = graph_network(d->graph);
    struct box box = box_empty();
    for (uint32_t e = 0; e < net->edge_count; e++)
        for (uint32_t p = 0; p < net->edges[e].point_count; p++)
            box = box_extend(box, coord_from_e7(net->points[net->edges[e].point_first + p]));
    return box;
}

/* A rectangle over a part of a box. */
static struct polygon *part_of(struct box box, uint64_t *seed, double share)
{
    double width = (box.max_lon - box.min_lon) * share,
           height = (box.max_lat - box.min_lat) * share;
    double west = box.min_lon + (box.max_lon - box.min_lon - width) * random_unit(seed);
    double south = box.min_lat + (box.max_lat - box.min_lat - height) * random_unit(seed);
    const struct coord ring[] = {{west, south},
                                 {west + width, south},
                                 {west + width, south + height},
                                 {west, south + height},
                                 {west, south}};
    const size_t starts[] = {0, 5};
    struct polygon *polygon;
    assert_ok(polygon_from_rings(ring, starts, 1, &polygon, NULL));
    assert_ok(polygon_prepare(polygon));
    return polygon;
}

static struct demand *demand_made(const struct snap_ground *ground, const struct polygon *area,
                                  uint64_t *seed)
{
    struct demand_point points[POINTS];
    struct box box = polygon_box(area);
    struct demand *demand;
    for (int i = 0; i < POINTS; i++)
        points[i] =
            (struct demand_point){{box.min_lon + (box.max_lon - box.min_lon) * random_unit(seed),
                                   box.min_lat + (box.max_lat - box.min_lat) * random_unit(seed)},
                                  random_below(seed, 9)};
    assert_ok(demand_new(ground, points, POINTS, 2000, NULL, &demand));
    assert_int_equal(demand_count(demand), POINTS);
    return demand;
}

static uint64_t judged(struct dijkstra *judge, const struct reach_query *q,
                       const struct network_end *from, size_t count)
{
    uint64_t weights[64], best = WEIGHT_NONE;
    const struct network_ends ends = {from, q->ends, count, q->end_count};
    assert_true(q->end_count <= 64);
    assert_ok(dijkstra_each(judge, &q->metric->view, q->bar, &ends, weights));
    for (size_t i = 0; i < q->end_count; i++)
        if (weights[i] < best) best = weights[i];
    return best;
}

/* Points of the demand, one by one. */
static void prove_points(const struct coverage_query *q, const struct coverage *found)
{
    struct dijkstra judge = {0};
    struct snap_ground ground = {q->graph, q->reach.metric->view, q->reach.bar, &judge.heap};
    for (size_t a = 0; a < q->area_count; a++) {
        struct coverage_area expected = {0};
        for (size_t i = 0; i < POINTS; i++) {
            struct demand_point point = demand_at(q->demand, i);
            const struct stop_query stop_query = {
                .at = point.at, .radius_m = 2000, .role = SNAP_START};
            struct stop stop = {.count = 0};
            if (!polygon_covers(q->areas[a], point.at)) continue;
            enum err e = stop_find(&ground, &stop_query, &stop);
            uint64_t weight = e ? WEIGHT_NONE : judged(&judge, &q->reach, stop.ends, stop.count);
            expected.points++;
            expected.weight.whole += point.weight;
            for (size_t l = 0; l < q->reach.limit_count; l++) {
                if (weight != WEIGHT_NONE && weight_time_ms(weight) <= q->reach.limits_ms[l])
                    continue;
                expected.points_out[l]++;
                expected.weight.out[l] += point.weight;
            }
        }
        const struct coverage_area *mine = &found->areas[a];
        assert_int_equal(mine->points, expected.points);
        assert_true(mine->weight.whole == expected.weight.whole);
        for (size_t l = 0; l < q->reach.limit_count; l++) {
            assert_int_equal(mine->points_out[l], expected.points_out[l]);
            assert_true(mine->weight.out[l] == expected.weight.out[l]);
        }
    }
    dijkstra_fini(&judge);
}

/* Streets, step by step. */
static void prove_streets(const struct coverage_query *q, const struct coverage *found)
{
    const struct network *net = q->reach.metric->view.net;
    struct dijkstra judge = {0};
    struct coverage_sum *sums = calloc(q->area_count, sizeof *sums);
    for (uint32_t e = 0; e < net->edge_count; e++)
        for (int i = 0; i < STEPS; i++) {
            struct network_end from[2];
            double fraction = (i + 0.5) / STEPS, m = net->edges[e].length_mm / 1000.0 / STEPS;
            size_t count = reach_ends_at(&q->reach, e, fraction, from);
            if (!count) continue;
            struct coord at = reach_place(net, e, fraction);
            uint64_t weight = judged(&judge, &q->reach, from, count);
            for (size_t a = 0; a < q->area_count; a++) {
                if (!polygon_covers(q->areas[a], at)) continue;
                sums[a].whole += m;
                for (size_t l = 0; l < q->reach.limit_count; l++)
                    if (weight == WEIGHT_NONE || weight_time_ms(weight) > q->reach.limits_ms[l])
                        sums[a].out[l] += m;
            }
        }
    for (size_t a = 0; a < q->area_count; a++) {
        const struct coverage_sum *mine = &found->areas[a].street_m;
        double off_m = 0.01 * sums[a].whole + 30; /* the steps */
        assert_true(fabs(mine->whole - sums[a].whole) < off_m);
        for (size_t l = 0; l < q->reach.limit_count; l++) {
            assert_true(fabs(mine->out[l] - sums[a].out[l]) < off_m);
            assert_true(mine->out[l] <= mine->whole * (1 + 1e-9));
        }
    }
    free(sums);
    dijkstra_fini(&judge);
}

/* Every street that may be used lies within the outline of all, in reach or not. */
static void prove_streets_outline(const struct coverage_query *q, const struct coverage *found)
{
    const struct network *net = q->reach.metric->view.net;
    if (found->streets) assert_ok(polygon_prepare(found->streets));
    for (uint32_t e = 0; e < net->edge_count; e++)
        for (int i = 0; i < 5; i++) {
            struct network_end ends[2];
            struct coord at = reach_place(net, e, i / 4.0);
            if (reach_ends_at(&q->reach, e, i / 4.0, ends) && polygon_covers(q->areas[0], at))
                assert_true(found->streets && polygon_covers(found->streets, at));
        }
}

/* Surface, by points strewn over it. */
static void prove_surface(const struct coverage_query *q, const struct coverage *found,
                          uint64_t *seed)
{
    enum { STREWN = 2000 };
    struct box box = polygon_box(q->areas[0]);
    for (size_t l = 0; l < q->reach.limit_count; l++) {
        const struct coverage_sum *sum = &found->areas[0].surface_m2;
        struct polygon *covered = found->covered[l];
        size_t out = 0;
        if (covered) assert_ok(polygon_prepare(covered));
        for (int i = 0; i < STREWN; i++)
            out +=
                !covered ||
                !polygon_covers(
                    covered,
                    (struct coord){box.min_lon + (box.max_lon - box.min_lon) * random_unit(seed),
                                   box.min_lat + (box.max_lat - box.min_lat) * random_unit(seed)});
        assert_true(fabs(sum->out[l] / sum->whole - (double)out / STREWN) < 0.06);
    }
    const struct coverage_area *area = &found->areas[0];
    for (size_t l = 1; l < q->reach.limit_count; l++)
        assert_true(area->surface_m2.out[l] <= area->surface_m2.out[l - 1] + 1);
    assert_true(area->streetless_m2 <= area->surface_m2.out[q->reach.limit_count - 1] + 1);
    prove_streets_outline(q, found);
}

static size_t prove(const struct drawing *d, const struct metric *metric,
                    const struct network_bar *bar, uint64_t *seed)
{
    struct heap heap = {0};
    struct reach *reach;
    struct network_end ends[PLACES];
    struct polygon *areas[3] = {part_of(city_box(d), seed, 0.8), NULL, NULL};
    struct snap_ground ground = {d->graph, metric->view, bar, &heap};
    struct demand *demand = demand_made(&ground, areas[0], seed);
    struct coverage found = {0};
    areas[1] = part_of(polygon_box(areas[0]), seed, 0.3);
    areas[2] = part_of(polygon_box(areas[0]), seed, 0.5);
    for (int i = 0; i < PLACES; i++)
        ends[i] = proof_end(&metric->view, seed);
    struct coverage_query q = {.graph = d->graph,
                               .reach = {.metric = metric,
                                         .bar = bar,
                                         .ends = ends,
                                         .end_count = random_below(seed, PLACES + 1),
                                         .limit_count = 2},
                               .areas = (const struct polygon *const *)areas,
                               .area_count = 3,
                               .demand = demand};
    q.reach.limits_ms[0] = 1 + random_below(seed, 60000);
    q.reach.limits_ms[1] = q.reach.limits_ms[0] + 1 + random_below(seed, 100000);
    assert_ok(reach_new(&reach));
    assert_ok(coverage_find(reach, &q, &found));
    prove_points(&q, &found);
    prove_streets(&q, &found);
    prove_surface(&q, &found, seed);
    size_t in_reach = found.areas[0].points - found.areas[0].points_out[1];
    coverage_fini(&found);
    demand_free(demand);
    reach_free(reach);
    heap_fini(&heap);
    for (int a = 0; a < 3; a++)
        polygon_free(areas[a]);
    return in_reach;
}

TEST(in_random_cities_shares_are_what_the_judge_says)
{
    uint64_t seed = random_seed();
    size_t in_reach = 0;
    for (int i = 0; i < 8; i++) {
        struct drawing d = city_make(&seed);
        const struct network *net = graph_network(d.graph);
        uint32_t *stamps = calloc(net->edge_count, sizeof *stamps);
        for (unsigned p = 0; p < net->profile_count; p++) {
            struct network_bar bar = proof_bar(net, &seed, stamps);
            in_reach += prove(&d, roads_metric(d.roads, p), p == 2 ? &bar : NULL, &seed);
        }
        free(stamps);
        drawing_free(&d);
    }
    assert_true(in_reach > 500);
}

TEST(without_any_place_all_of_an_area_is_out_of_reach)
{
    uint64_t seed = random_seed();
    struct drawing d = city_make(&seed);
    struct polygon *area = part_of(city_box(&d), &seed, 0.5);
    struct coverage found = {0};
    struct reach *reach;
    const struct polygon *areas[] = {area};
    const struct coverage_query q = {
        .graph = d.graph,
        .reach = {.metric = roads_metric(d.roads, 0), .limits_ms = {600000}, .limit_count = 1},
        .areas = areas,
        .area_count = 1};
    assert_ok(reach_new(&reach));
    assert_ok(coverage_find(reach, &q, &found));
    assert_null(found.covered[0]);
    assert_true(fabs(found.areas[0].surface_m2.out[0] - found.areas[0].surface_m2.whole) < 10);
    assert_true(found.areas[0].street_m.out[0] == found.areas[0].street_m.whole);
    assert_true(found.areas[0].streetless_m2 < found.areas[0].surface_m2.out[0]);
    coverage_fini(&found);
    reach_free(reach);
    polygon_free(area);
    drawing_free(&d);
}

static bool stop_at_once(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user, (void)stage, (void)done, (void)total;
    return false;
}

TEST(it_stops_when_it_is_told_to)
{
    uint64_t seed = random_seed();
    struct drawing d = city_make(&seed);
    struct polygon *area = part_of(city_box(&d), &seed, 0.5);
    struct coverage found = {0};
    struct heap heap = {0};
    struct reach *reach;
    struct demand *demand = NULL;
    const struct progress progress = {stop_at_once, NULL};
    const struct polygon *areas[] = {area};
    const struct demand_point point = {{0, 0}, 1};
    const struct metric *metric = roads_metric(d.roads, 0);
    struct network_end ends[PLACES];
    for (int i = 0; i < PLACES; i++)
        ends[i] = proof_end(&metric->view, &seed);
    struct coverage_query q = {.graph = d.graph,
                               .reach = {.metric = metric,
                                         .ends = ends,
                                         .end_count = PLACES,
                                         .limits_ms = {60000},
                                         .limit_count = 1},
                               .areas = areas,
                               .area_count = 1,
                               .progress = &progress};
    struct snap_ground ground = {d.graph, metric->view, NULL, &heap};
    assert_ok(reach_new(&reach));
    assert_err(coverage_find(reach, &q, &found), ERR_CANCELLED);
    coverage_fini(&found);
    q.progress = NULL;
    q.reach.states_max = 1;
    assert_err(coverage_find(reach, &q, &found), ERR_LIMIT);
    coverage_fini(&found);
    assert_err(demand_new(&ground, &point, 1, 2000, &progress, &demand), ERR_CANCELLED);
    assert_null(demand);
    heap_fini(&heap);
    reach_free(reach);
    polygon_free(area);
    drawing_free(&d);
}

TEST(a_lattice_is_as_fine_as_asked_and_weighs_what_the_polygon_measures)
{
    uint64_t seed = random_seed();
    struct drawing d = city_make(&seed);
    for (int i = 0; i < 20; i++) {
        struct polygon *area = part_of(city_box(&d), &seed, 0.2 + 0.8 * random_unit(&seed));
        struct demand_point *points;
        size_t count, most = 1 + random_below(&seed, 3000);
        double step_m, sum = 0;
        assert_ok(demand_lattice(area, most, &points, &count, &step_m));
        assert_true(count >= 1 && count <= 2 * most);
        for (size_t k = 0; k < count; k++)
            sum += points[k].weight;
        if (most > 1000) assert_true(fabs(sum * 1e6 / polygon_area_m2(area) - 1) < 0.1);
        free(points);
        polygon_free(area);
    }
    drawing_free(&d);
}

RUN(cmocka_unit_test(in_random_cities_shares_are_what_the_judge_says),
    cmocka_unit_test(without_any_place_all_of_an_area_is_out_of_reach),
    cmocka_unit_test(it_stops_when_it_is_told_to),
    cmocka_unit_test(a_lattice_is_as_fine_as_asked_and_weighs_what_the_polygon_measures))
