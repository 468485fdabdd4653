/* Queries on the hierarchy equal Dijkstra, on drawn and on random networks. */
#include "geo/road/query.h"
#include "tests/road_city.h"
#include "tests/road_proof.h"

TEST(queries_in_random_cities_are_the_judges_with_and_without_closures)
{
    uint64_t seed = random_seed();
    size_t found = 0;
    for (int i = 0; i < 12; i++) {
        struct drawing d = city_make(&seed);
        found += proof_metrics(d.graph, &seed, proof_queries, 60);
        drawing_free(&d);
    }
    assert_true(found > 2000);
}

/* One profile's metric of a drawing. */
struct scene {
    struct drawing drawing;
    struct cch *cch;
    struct custom *custom;
    struct metric *metric;
    struct query query;
};

static struct scene scene_of(struct drawing drawing, const char *profile)
{
    struct scene s = {.drawing = drawing};
    int p = graph_profile_find(s.drawing.graph, profile);
    assert_ok(cch_new(graph_network(s.drawing.graph), &s.cch));
    assert_ok(custom_new(s.cch, (unsigned)p, 1, &s.custom));
    assert_ok(custom_metric(s.custom, &s.metric));
    return s;
}

static void scene_free(struct scene *s)
{
    query_fini(&s->query);
    metric_free(s->metric);
    custom_free(s->custom);
    cch_free(s->cch);
    drawing_free(&s->drawing);
}

/* The arc that leads from one node to the next. */
static uint32_t arc_between(const struct scene *s, char from, char to)
{
    const struct network *net = graph_network(s->drawing.graph);
    for (uint32_t arc = 0; arc < net->base_arc_count; arc++) {
        const struct network_edge *edge = &net->edges[net->arc_half[arc] >> 1];
        uint32_t first = edge->point_first, last = first + edge->point_count - 1;
        bool back = net->arc_half[arc] & 1;
        struct coord a = coord_from_e7(net->points[back ? last : first]);
        struct coord b = coord_from_e7(net->points[back ? first : last]);
        struct coord f = s->drawing.at[(int)from], t = s->drawing.at[(int)to];
        if (fabs(a.lon - f.lon) + fabs(a.lat - f.lat) + fabs(b.lon - t.lon) + fabs(b.lat - t.lat) <
            1e-8)
            return arc;
    }
    fail_msg("no arc %c%c", from, to);
    return NETWORK_NONE;
}

static struct network_path find(struct scene *s, struct network_end from, struct network_end to)
{
    struct network_ends ends = {&from, &to, 1, 1};
    struct network_path path;
    assert_ok(query_find(&s->query, s->metric, &ends, &s->drawing.arena, &path));
    return path;
}

/* A one-way ring: what lies behind is a whole round away. */
TEST(a_target_behind_its_source_on_one_street_is_come_round_to)
{
    static const char *const facts[] = {"way bcab highway=residential oneway=yes",
                                        "way bd highway=residential", NULL};
    struct scene s = scene_of(drawing_make("a-----b--d\n"
                                           " |   |    \n"
                                           "  |  |    \n"
                                           "     c    \n",
                                           facts),
                              "motorcycle");
    uint32_t round = arc_between(&s, 'b', 'b');
    uint32_t time_ms = s.metric->view.time_ms[round];
    struct network_path ahead =
        find(&s, (struct network_end){round, 0.25, 0}, (struct network_end){round, 0.75, 0});
    struct network_path here =
        find(&s, (struct network_end){round, 0.5, 0}, (struct network_end){round, 0.5, 0});
    struct network_path behind =
        find(&s, (struct network_end){round, 0.75, 0}, (struct network_end){round, 0.25, 0});
    assert_int_equal(ahead.arc_count, 1);
    assert_true(weight_time_ms(ahead.weight) ==
                network_part_ms(time_ms, 0.75) - network_part_ms(time_ms, 0.25));
    assert_true(here.weight == 0);
    assert_int_equal(behind.arc_count, 2);
    assert_int_equal(behind.arcs[0], round);
    assert_int_equal(behind.arcs[1], round);
    assert_true(weight_time_ms(behind.weight) >= time_ms / 2);
    scene_free(&s);
}

TEST(what_is_paid_at_a_source_decides_which_one_is_taken)
{
    static const char *const facts[] = {"way abc highway=residential", NULL};
    struct scene s = scene_of(drawing_make("a----b----c\n", facts), "foot");
    uint32_t arc = arc_between(&s, 'a', 'c');
    struct network_end sources[] = {{arc, 0, 0}, {arc, 0.5, 0}};
    struct network_end target = {arc, 1, 0};
    struct network_ends ends = {sources, &target, 2, 1};
    struct network_path path;
    assert_ok(query_find(&s.query, s.metric, &ends, NULL, &path));
    assert_int_equal(path.source, 1);
    sources[1].paid = weight_of(INT32_MAX / 2, 0);
    assert_ok(query_find(&s.query, s.metric, &ends, NULL, &path));
    assert_int_equal(path.source, 0);
    scene_free(&s);
}

TEST(there_is_no_way_from_or_to_nothing_or_a_closed_street)
{
    static const char *const facts[] = {"way ab highway=residential", "way bc highway=residential",
                                        "way bd highway=residential", NULL};
    struct scene s = scene_of(drawing_make("a----b----c\n"
                                           "     |     \n"
                                           "     d     \n",
                                           facts),
                              "foot");
    uint32_t from = arc_between(&s, 'a', 'b'), to = arc_between(&s, 'b', 'c');
    struct network_end source = {from, 0.5, 0}, target = {to, 0.5, 0};
    struct custom_change shut = {to, NETWORK_NONE};
    struct network_path path;
    assert_true(find(&s, source, target).weight != WEIGHT_NONE);
    struct network_ends ends = {&source, &target, 1, 0};
    assert_ok(query_find(&s.query, s.metric, &ends, &s.drawing.arena, &path));
    assert_true(path.weight == WEIGHT_NONE);
    ends = (struct network_ends){&source, &target, 0, 1};
    assert_ok(query_find(&s.query, s.metric, &ends, &s.drawing.arena, &path));
    assert_true(path.weight == WEIGHT_NONE);
    metric_free(s.metric);
    assert_ok(custom_set(s.custom, &shut, 1));
    assert_ok(custom_metric(s.custom, &s.metric));
    assert_true(find(&s, source, target).weight == WEIGHT_NONE);
    assert_true(find(&s, target, target).weight == WEIGHT_NONE);
    scene_free(&s);
}

RUN(cmocka_unit_test(queries_in_random_cities_are_the_judges_with_and_without_closures),
    cmocka_unit_test(a_target_behind_its_source_on_one_street_is_come_round_to),
    cmocka_unit_test(what_is_paid_at_a_source_decides_which_one_is_taken),
    cmocka_unit_test(there_is_no_way_from_or_to_nothing_or_a_closed_street))
