/* Where the next place should stand, held against trying everything. */
#include "geo/road/siting.h"
#include "geo/road/stop.h"
#include "tests/road_city.h"
#include "tests/road_proof.h"
#include "tests/road_reach.h"

struct ground {
    struct drawing d;
    struct heap heap;
    struct snap_ground snap;
    struct reach *reach;
    struct polygon *area;
    struct demand *demand;
    struct siting_query query;
};

static void begin(struct ground *g, struct drawing d, const char *profile, size_t points,
                  uint64_t *seed)
{
    unsigned p = (unsigned)graph_profile_find(d.graph, profile);
    const struct network *net = graph_network(d.graph);
    const struct metric *metric = roads_metric(d.roads, p);
    struct box box = box_empty();
    *g = (struct ground){.d = d};
    g->snap = (struct snap_ground){d.graph, metric->view, NULL, &g->heap};
    for (uint32_t e = 0; e < net->edge_count; e++)
        for (uint32_t i = 0; i < net->edges[e].point_count; i++)
            box = box_extend(box, coord_from_e7(net->points[net->edges[e].point_first + i]));
    const struct coord ring[] = {{box.min_lon - 1e-5, box.min_lat - 1e-5},
                                 {box.max_lon + 1e-5, box.min_lat - 1e-5},
                                 {box.max_lon + 1e-5, box.max_lat + 1e-5},
                                 {box.min_lon - 1e-5, box.max_lat + 1e-5},
                                 {box.min_lon - 1e-5, box.min_lat - 1e-5}};
    const size_t starts[] = {0, 5};
    assert_ok(polygon_from_rings(ring, starts, 1, &g->area, NULL));
    assert_ok(polygon_prepare(g->area));
    assert_ok(reach_new(&g->reach));
    struct demand_point *list = calloc(points + 1, sizeof *list);
    for (size_t i = 0; i < points; i++)
        list[i] =
            (struct demand_point){{box.min_lon + (box.max_lon - box.min_lon) * random_unit(seed),
                                   box.min_lat + (box.max_lat - box.min_lat) * random_unit(seed)},
                                  1 + random_below(seed, 5)};
    assert_ok(demand_new(&g->snap, list, points, 2000, NULL, &g->demand));
    free(list);
    g->query = (struct siting_query){.ground = &g->snap,
                                     .metric = metric,
                                     .area = g->area,
                                     .radius_m = 2000,
                                     .demand = g->demand,
                                     .wanted = 3,
                                     .candidate_max = 60};
}

static void end(struct ground *g)
{
    demand_free(g->demand);
    reach_free(g->reach);
    polygon_free(g->area);
    heap_fini(&g->heap);
    drawing_free(&g->d);
}

/* Which points have one of some ends within the time, by the judge. */
static void mark(struct ground *g, const struct network_end *ends, size_t count, bool *marks)
{
    struct dijkstra judge = {0};
    uint64_t weights[NETWORK_MAX_ENDS];
    for (size_t i = 0; i < demand_count(g->demand); i++) {
        size_t from_count;
        uint64_t best = WEIGHT_NONE;
        const struct network_end *from = demand_ends(g->demand, i, &from_count);
        const struct network_ends both = {from, ends, from_count, count};
        if (!from_count || !count) continue;
        assert_ok(dijkstra_each(&judge, &g->query.metric->view, NULL, &both, weights));
        for (size_t k = 0; k < count; k++)
            if (weights[k] < best) best = weights[k];
        if (best != WEIGHT_NONE && weight_time_ms(best) <= g->query.limit_ms) marks[i] = true;
    }
    dijkstra_fini(&judge);
}

static double weight_of_marks(const struct ground *g, const bool *marks, const bool *without)
{
    double sum = 0;
    for (size_t i = 0; i < demand_count(g->demand); i++)
        if (marks[i] && !without[i]) sum += demand_at(g->demand, i).weight;
    return sum;
}

/* The lattice's candidates, as the header tells; the most that one of them gains. */
static double best_gain(struct ground *g, const bool *covered)
{
    struct demand_point *lattice;
    size_t count;
    double step_m, best = 0;
    assert_ok(demand_lattice(g->area, g->query.candidate_max, &lattice, &count, &step_m));
    for (size_t i = 0; i < count; i++) {
        const struct stop_query query = {.at = lattice[i].at, .radius_m = 2000, .role = SNAP_END};
        bool *marks = calloc(demand_count(g->demand) + 1, sizeof *marks);
        struct stop stop;
        if (!stop_find(&g->snap, &query, &stop) && polygon_covers(g->area, stop.places[0].at)) {
            mark(g, stop.ends, stop.count, marks);
            best = fmax(best, weight_of_marks(g, marks, covered));
        }
        free(marks);
    }
    free(lattice);
    return best;
}

TEST(each_choice_is_the_best_of_all_candidates_and_gains_what_the_judge_says)
{
    static const char *const profiles[] = {"foot", "ebike"};
    uint64_t seed = random_seed();
    size_t chosen = 0;
    for (int i = 0; i < 10; i++) {
        struct ground g;
        struct siting siting = {0};
        begin(&g, city_make(&seed), profiles[i % 2], 80, &seed);
        struct network_end ends[4];
        for (int k = 0; k < 4; k++)
            ends[k] = proof_end(&g.query.metric->view, &seed);
        g.query.ends = ends;
        g.query.end_count = random_below(&seed, 5);
        g.query.limit_ms = 5000 + random_below(&seed, 40000);
        assert_ok(siting_find(g.reach, &g.query, &siting));
        assert_true(siting.count <= 3 && siting.candidates <= 120 && siting.step_m > 0);
        bool *covered = calloc(81, sizeof *covered);
        mark(&g, ends, g.query.end_count, covered);
        for (size_t k = 0; k < siting.count; k++) {
            const struct siting_place *place = &siting.places[k];
            bool *marks = calloc(81, sizeof *marks);
            mark(&g, place->ends, place->end_count, marks);
            assert_true(place->gain > 0);
            assert_true(place->gain == weight_of_marks(&g, marks, covered));
            assert_true(place->gain == best_gain(&g, covered));
            for (size_t n = 0; n < 80; n++)
                covered[n] = covered[n] || marks[n];
            free(marks);
        }
        if (siting.count < 3) assert_true(best_gain(&g, covered) == 0);
        chosen += siting.count;
        free(covered);
        end(&g);
    }
    assert_true(chosen > 5);
}

TEST(the_next_place_stands_on_the_side_without_one)
{
    static const char *const facts[] = {"way ab highway=residential", "way bc highway=residential",
                                        "way cd highway=residential", NULL};
    uint64_t seed = random_seed();
    struct ground g;
    struct siting siting = {0};
    begin(&g,
          drawing_make("a--------------------b--------------------c-------------------d\n", facts),
          "foot", 200, &seed);
    struct coord west = g.d.at['a'], east = g.d.at['d'];
    const struct stop_query at_a = {.at = west, .radius_m = 2000, .role = SNAP_END};
    struct stop stop;
    assert_ok(stop_find(&g.snap, &at_a, &stop));
    double length_m = chord_length_m(chord_at(west), chord_at(east));
    g.query.ends = stop.ends;
    g.query.end_count = stop.count;
    g.query.limit_ms = (uint32_t)(length_m / 3 / (5000.0 / 3600) * 1000); /* a third, on foot */
    g.query.wanted = 1;
    assert_ok(siting_find(g.reach, &g.query, &siting));
    assert_int_equal(siting.count, 1);
    double share = (siting.places[0].at.lon - west.lon) / (east.lon - west.lon);
    assert_true(share > 0.55 && share < 0.8);
    end(&g);
}

TEST(nothing_to_gain_suggests_nothing)
{
    uint64_t seed = random_seed();
    struct ground g;
    struct siting siting = {0};
    begin(&g, city_make(&seed), "foot", 0, &seed);
    g.query.limit_ms = 60000;
    assert_ok(siting_find(g.reach, &g.query, &siting));
    assert_int_equal(siting.count, 0);
    end(&g);
}

RUN(cmocka_unit_test(each_choice_is_the_best_of_all_candidates_and_gains_what_the_judge_says),
    cmocka_unit_test(the_next_place_stands_on_the_side_without_one),
    cmocka_unit_test(nothing_to_gain_suggests_nothing))
