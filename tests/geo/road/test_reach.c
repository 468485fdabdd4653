#include "tests/check.h"

#include "tests/road_city.h"
#include "tests/road_proof.h"
#include "tests/road_reach.h"

static struct reach *reach_made(void)
{
    struct reach *reach;
    assert_ok(reach_new(&reach));
    return reach;
}

/* All that a search forwards reads of a metric. */
static struct metric metric_of(const struct graph *graph, const char *profile)
{
    unsigned p = (unsigned)graph_profile_find(graph, profile);
    return (struct metric){.view = network_view_of(graph_network(graph), p)};
}

/* The end at a fraction of the way from one node to another. */
static struct network_end end_on(const struct drawing *d, char from, char to, double fraction)
{
    const struct network *net = graph_network(d->graph);
    struct coord_e7 a = coord_to_e7(d->at[(int)from]), b = coord_to_e7(d->at[(int)to]);
    for (uint32_t h = 0; h < 2 * net->edge_count; h++) {
        const struct network_edge *e = &net->edges[h >> 1];
        const struct coord_e7 *p = net->points + e->point_first, *last = p + e->point_count - 1;
        struct coord_e7 tail = h & 1 ? *last : *p, head = h & 1 ? *p : *last;
        if (tail.lon_e7 == a.lon_e7 && tail.lat_e7 == a.lat_e7 && head.lon_e7 == b.lon_e7 &&
            head.lat_e7 == b.lat_e7 && net->half_arc[h] != NETWORK_NONE)
            return (struct network_end){net->half_arc[h], fraction, 0};
    }
    fail_msg("no arc %c%c", from, to);
    return (struct network_end){0};
}

TEST(a_dearer_quicker_way_does_not_count_as_reached)
{
    static const char *const facts[] = {
        "way ab highway=residential", "way bc highway=residential access=private",
        "way bdef highway=residential", "way fc highway=residential", NULL};
    struct drawing d = drawing_make("a-b--c\n"
                                    "  |  |\n"
                                    "  |  |\n"
                                    "  d--f\n"
                                    "   e  \n",
                                    facts);
    struct reach *reach = reach_made();
    struct network_end from = end_on(&d, 'a', 'b', 0);
    struct metric metric = metric_of(d.graph, "ebike");
    struct reach_query q = {.metric = &metric, .ends = &from, .end_count = 1, .limit_count = 1};
    uint64_t weights[64];
    for (uint32_t limit_ms = 0; limit_ms < 120000; limit_ms += 500) {
        q.limits_ms[0] = limit_ms;
        proof_reach_arcs(reach, &q, weights);
    }
    reach_free(reach);
    drawing_free(&d);
}

TEST(a_street_whose_far_end_is_reached_late_and_cheaper_counts_in_part)
{
    static const char *const facts[] = {"way ab highway=residential",
                                        "way bc highway=residential access=private",
                                        "way bd highway=residential surface=sand",
                                        "way df highway=residential",
                                        "way cf highway=residential",
                                        NULL};
    struct drawing d =
        drawing_make("a-b-------------------c\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
                     "  d-------------------f\n",
                     facts);
    struct reach *reach = reach_made();
    struct network_end from = end_on(&d, 'a', 'b', 0);
    struct metric metric = metric_of(d.graph, "ebike");
    struct reach_query q = {.metric = &metric,
                            .ends = &from,
                            .end_count = 1,
                            .limits_ms = {120000, 200000, 300000, 400000},
                            .limit_count = 4};
    uint64_t seed = random_seed();
    assert_true(proof_reach(reach, &q, 3000, &seed) > 0);
    reach_free(reach);
    drawing_free(&d);
}

TEST(both_ends_of_a_street_are_reached_before_its_middle)
{
    static const char *const facts[] = {"way ab highway=residential", "way bc highway=residential",
                                        "way cd highway=residential", "way da highway=residential",
                                        NULL};
    struct drawing d = drawing_make("a------------------b\n\n\n\n\n\n\n\n"
                                    "d------------------c\n",
                                    facts);
    struct reach *reach = reach_made();
    uint64_t seed = 1;
    struct network_end from[2] = {end_on(&d, 'a', 'b', 0), end_on(&d, 'b', 'a', 1)};
    struct metric metric = metric_of(d.graph, "foot");
    struct reach_query q = {.metric = &metric,
                            .ends = from,
                            .end_count = 1,
                            .limits_ms = {60000, 120000, 300000, 480000, 600000},
                            .limit_count = 5};
    assert_true(proof_reach(reach, &q, 3000, &seed) > 0);
    from[1].paid = weight_of(30000, 20000);
    q.end_count = 2;
    assert_true(proof_reach(reach, &q, 3000, &seed) > 0);
    reach_free(reach);
    drawing_free(&d);
}

TEST(in_random_cities_areas_are_what_the_judge_says)
{
    static const char *const names[] = {"foot", "bicycle", "ebike", "motorcycle"};
    uint64_t seed = random_seed();
    size_t reached = 0;
    struct reach *reach = reach_made();
    for (int i = 0; i < 12; i++) {
        struct drawing d = city_make(&seed);
        uint32_t *stamps = calloc(graph_edge_count(d.graph), sizeof *stamps);
        for (int k = 0; k < 16; k++) {
            struct metric metric = metric_of(d.graph, names[k % 4]);
            struct network_bar bar = {stamps, 1, random_below(&seed, 2), random_below(&seed, 2)};
            struct network_end from[3];
            for (size_t n = 0; n < 3; n++) {
                from[n] = reach_end(&metric.view, &seed);
                uint32_t paid = n ? random_below(&seed, 20000) : 0;
                from[n].paid = weight_of(paid + random_below(&seed, 5000), paid);
            }
            for (size_t e = 0; e < graph_edge_count(d.graph); e++)
                stamps[e] = random_below(&seed, 8) == 0;
            struct reach_query q = {.metric = &metric,
                                    .bar = k % 3 ? NULL : &bar,
                                    .ends = from,
                                    .end_count = 1 + random_below(&seed, 3),
                                    .limit_count = 3};
            q.limits_ms[0] = random_below(&seed, 30000);
            q.limits_ms[1] = q.limits_ms[0] + 1 + random_below(&seed, 60000);
            q.limits_ms[2] = q.limits_ms[1] + 1 + random_below(&seed, 200000);
            reached += proof_reach(reach, &q, 60, &seed);
        }
        free(stamps);
        drawing_free(&d);
    }
    assert_true(reached > 3000);
    reach_free(reach);
}

/* A grid of streets somewhere in the world, some of them missing, none of them straight. */
enum { SIDE = 14 };
static struct graph *town_make(struct coord middle, uint64_t *seed)
{
    static const struct profile_tag residential[] = {{"highway", "residential"}};
    char path[] = "/tmp/yizhan-town-XXXXXX";
    struct profiles *profiles;
    struct build *build;
    struct build_stats stats;
    struct graph *graph;
    struct why why = {""};
    struct coord at[SIDE * SIDE];
    int64_t way = 1;
    size_t count;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_ok(profiles_load_dir(HOUSE_ROOT "/data/profiles", &profiles, &why));
    const struct profile *const *list = profiles_list(profiles, &count);
    assert_ok(build_new(list, count, &build));
    double step_lat = 0.0016, step_lon = step_lat / cos(middle.lat * 3.14159265358979 / 180);
    for (int i = 0; i < SIDE * SIDE; i++) {
        double east = i % SIDE - SIDE / 2.0 + 0.6 * random_unit(seed);
        double north = (int)(i / SIDE) - SIDE / 2.0 + 0.6 * random_unit(seed);
        at[i] = (struct coord){middle.lon + east * step_lon, middle.lat + north * step_lat};
        if (at[i].lon >= 180) at[i].lon -= 360;
        if (at[i].lon < -180) at[i].lon += 360;
    }
    for (int i = 0; i < SIDE * SIDE; i++)
        for (int down = 0; down < 2; down++) {
            int k = down ? i + SIDE : i + 1;
            if (k >= SIDE * SIDE || (!down && k % SIDE == 0) || !random_below(seed, 5)) continue;
            const int64_t refs[] = {i + 1, k + 1};
            const struct coord ends[] = {at[i], at[k]};
            assert_ok(build_way(build, way++, refs, ends, 2, residential, 1));
        }
    assert_ok(build_finish(build, path, "a town", NULL, &stats, &why));
    build_free(build);
    assert_ok(graph_open(path, &graph, &why));
    unlink(path);
    profiles_free(profiles);
    return graph;
}

TEST(everywhere_in_the_world_outlines_are_valid_nested_and_around_what_is_reached)
{
    static const struct coord middles[] = {
        {116.4, 39.9}, {0, 0},        {180, 10},     {-179.998, 65}, {179.99, -40},
        {20, 78},      {-180, 84.99}, {100, -0.002}, {179.999, 0},   {-70, -55.5}};
    uint64_t seed = random_seed();
    struct reach *reach = reach_made();
    for (size_t m = 0; m < sizeof middles / sizeof *middles; m++) {
        struct graph *graph = town_make(middles[m], &seed);
        for (int i = 0; i < 4; i++) {
            struct metric metric = metric_of(graph, "ebike");
            struct network_end from = reach_end(&metric.view, &seed);
            uint32_t step = 30000 + random_below(&seed, 100000);
            struct reach_query q = {.metric = &metric,
                                    .ends = &from,
                                    .end_count = 1,
                                    .limits_ms = {step, 2 * step, 3 * step, 4 * step},
                                    .limit_count = 4};
            assert_true(proof_reach(reach, &q, 400, &seed) > 0);
        }
        graph_free(graph);
    }
    reach_free(reach);
}

TEST(a_search_that_is_too_long_and_a_start_that_is_closed_are_told)
{
    uint64_t seed = 3;
    struct graph *graph = town_make((struct coord){116.4, 39.9}, &seed);
    struct metric metric = metric_of(graph, "ebike");
    struct network_end from = reach_end(&metric.view, &seed);
    uint32_t stamps[SIDE * SIDE * 2] = {0};
    struct network_bar bar = {.edge_stamp = stamps, .stamp = 7};
    struct reach_query q = {.metric = &metric,
                            .ends = &from,
                            .end_count = 1,
                            .limits_ms = {3600000},
                            .limit_count = 1,
                            .states_max = 10};
    struct shape shape = {0};
    double margin_m;
    struct reach *reach = reach_made();
    assert_err(reach_run(reach, &q), ERR_LIMIT);
    stamps[metric.view.net->arc_half[from.arc] >> 1] = 7;
    q.bar = &bar;
    assert_ok(reach_run(reach, &q));
    assert_ok(reach_shapes(reach, &shape, &margin_m));
    assert_int_equal(shape.ring_count, 0);
    q.bar = NULL;
    q.states_max = 0;
    q.limits_ms[0] = 0;
    assert_ok(reach_run(reach, &q));
    assert_ok(reach_shapes(reach, &shape, &margin_m));
    assert_true(shape.ring_count >= 1); /* where one stands is reached at once */
    shape_fini(&shape);
    reach_free(reach);
    graph_free(graph);
}

static size_t prove_to(const struct metric *metric, size_t times, uint64_t *seed)
{
    const struct network *net = metric->view.net;
    enum { MOST = 60 };
    struct network_end ends[MOST];
    uint32_t *stamps = calloc(net->edge_count, sizeof *stamps);
    struct reach *reach = reach_made();
    size_t reached = 0;
    assert_non_null(stamps);
    for (size_t i = 0; i < times; i++) {
        struct network_bar bar = proof_bar(net, seed, stamps);
        struct reach_query q = {.metric = metric,
                                .bar = i % 3 ? NULL : &bar,
                                .ends = ends,
                                .end_count = random_below(seed, MOST + 1),
                                .limit_count = 3,
                                .side = REACH_TO};
        for (size_t k = 0; k < q.end_count; k++) {
            ends[k] = proof_end(&metric->view, seed);
            if (k && random_below(seed, 3) == 0) ends[k].arc = ends[0].arc;
        }
        if (i % 4 == 3) q.end_count = q.end_count < 4 ? q.end_count : 4;
        q.limits_ms[0] = random_below(seed, 20000);
        q.limits_ms[1] = q.limits_ms[0] + 1 + random_below(seed, 20000);
        q.limits_ms[2] = q.limits_ms[1] + 1 + random_below(seed, 150000);
        reached += proof_reach_to(reach, &q, 60, seed);
    }
    free(stamps);
    reach_free(reach);
    return reached;
}

TEST(from_where_the_cheapest_way_to_a_place_is_in_time_is_what_the_judge_says)
{
    uint64_t seed = random_seed();
    size_t reached = 0;
    for (int i = 0; i < 6; i++) {
        struct drawing d = city_make(&seed);
        reached += proof_metrics(d.graph, &seed, prove_to, 12);
        drawing_free(&d);
    }
    assert_true(reached > 5000);
}

TEST(a_window_shows_the_same_and_its_outlines_are_valid)
{
    uint64_t seed = random_seed();
    struct reach *reach = reach_made();
    for (int i = 0; i < 10; i++) {
        struct coord middle = {116.4, 39.9};
        struct graph *graph = town_make(middle, &seed);
        struct metric metric = metric_of(graph, "ebike");
        double half = 0.001 + 0.006 * random_unit(&seed);
        struct coord at = {middle.lon + 0.004 * random_unit(&seed),
                           middle.lat + 0.004 * random_unit(&seed)};
        struct box window = {at.lon - half, at.lat - half, at.lon + half, at.lat + half};
        struct network_end from[3];
        for (int k = 0; k < 3; k++)
            from[k] = reach_end(&metric.view, &seed);
        struct reach_query q = {.metric = &metric,
                                .ends = from,
                                .end_count = 3,
                                .limits_ms = {40000, 80000, 300000},
                                .limit_count = 3};
        struct shape whole[3] = {{0}}, part[3] = {{0}};
        double margin_m;
        assert_ok(reach_run(reach, &q));
        assert_ok(reach_shapes(reach, whole, &margin_m));
        q.window = &window;
        assert_ok(reach_run(reach, &q));
        assert_ok(reach_shapes(reach, part, &margin_m));
        for (size_t l = 0; l < 3; l++) {
            proof_reach_rings(&part[l]);
            struct polygon *all = reach_polygon(&whole[l]), *cut = reach_polygon(&part[l]);
            size_t differ = 0;
            for (int k = 0; k < 400; k++) {
                struct coord c = {window.min_lon + 2 * half * random_unit(&seed),
                                  window.min_lat + 2 * half * random_unit(&seed)};
                differ += (all && polygon_covers(all, c)) != (cut && polygon_covers(cut, c));
            }
            assert_true(differ < 60); /* the cells lie elsewhere: lines differ by parts of one */
            polygon_free(all);
            polygon_free(cut);
            shape_fini(&whole[l]);
            shape_fini(&part[l]);
        }
        graph_free(graph);
    }
    reach_free(reach);
}

RUN(cmocka_unit_test(a_dearer_quicker_way_does_not_count_as_reached),
    cmocka_unit_test(a_street_whose_far_end_is_reached_late_and_cheaper_counts_in_part),
    cmocka_unit_test(both_ends_of_a_street_are_reached_before_its_middle),
    cmocka_unit_test(in_random_cities_areas_are_what_the_judge_says),
    cmocka_unit_test(everywhere_in_the_world_outlines_are_valid_nested_and_around_what_is_reached),
    cmocka_unit_test(a_search_that_is_too_long_and_a_start_that_is_closed_are_told),
    cmocka_unit_test(from_where_the_cheapest_way_to_a_place_is_in_time_is_what_the_judge_says),
    cmocka_unit_test(a_window_shows_the_same_and_its_outlines_are_valid))
