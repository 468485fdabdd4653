/* Customization: ways up and down the hierarchy weigh what the plain judge says. */
#include "data/import_roads.h"
#include "geo/road/custom_work.h"
#include "tests/road_city.h"
#include "tests/road_ways.h"

#include <string.h>

/* A network, its hierarchy, and one profile's customization. */
struct scene {
    struct drawing drawing;
    struct cch *cch;
    struct custom *custom;
};

static struct scene scene_of(struct drawing drawing, const char *profile)
{
    struct scene s = {.drawing = drawing};
    int p = graph_profile_find(s.drawing.graph, profile);
    assert_ok(cch_new(graph_network(s.drawing.graph), &s.cch));
    assert_ok(custom_new(s.cch, (unsigned)p, 1, &s.custom));
    return s;
}

static void scene_free(struct scene *s)
{
    custom_free(s->custom);
    cch_free(s->cch);
    drawing_free(&s->drawing);
}

TEST(between_all_arcs_of_random_cities_the_metric_weighs_what_the_judge_says)
{
    uint64_t seed = random_seed();
    size_t found = 0, copies = 0;
    for (int i = 0; i < 12; i++) {
        struct drawing d = city_make(&seed);
        const struct network *net = graph_network(d.graph);
        struct cch *cch;
        assert_ok(cch_new(net, &cch));
        copies += net->arc_count - net->base_arc_count;
        for (unsigned p = 0; p < net->profile_count; p++) {
            struct custom *custom;
            struct metric *metric;
            assert_ok(custom_new(cch, p, 1, &custom));
            assert_ok(custom_metric(custom, &metric));
            found += ways_prove(metric, 0, 0, &seed);
            ways_prove_links(metric);
            metric_free(metric);
            custom_free(custom);
        }
        cch_free(cch);
        drawing_free(&d);
    }
    assert_true(found > 10000 && copies > 0);
}

static void prove_drawing(const char *picture, const char *const *facts, size_t at_least)
{
    static const char *const profiles[] = {"foot", "bicycle", "ebike", "motorcycle"};
    uint64_t seed = 1;
    for (size_t p = 0; p < 4; p++) {
        struct scene s = scene_of(drawing_make(picture, facts), profiles[p]);
        struct metric *metric;
        assert_ok(custom_metric(s.custom, &metric));
        assert_true(ways_prove(metric, 0, 0, &seed) >= at_least);
        ways_prove_links(metric);
        metric_free(metric);
        scene_free(&s);
    }
}

TEST(copies_for_restrictions_over_ways_weigh_what_the_judge_says)
{
    static const char *const facts[] = {"way ab highway=residential",
                                        "way bc highway=residential",
                                        "way cd highway=residential",
                                        "way be highway=residential",
                                        "way cf highway=residential",
                                        "way ef highway=residential",
                                        "limit no_u_turn ab bc cf",
                                        "limit only_straight_on be bc cd",
                                        NULL};
    prove_drawing("a---b---c---d\n"
                  "    |   |    \n"
                  "    e---f    \n",
                  facts, 50);
}

TEST(dead_ends_ferries_steps_and_oneways_weigh_what_the_judge_says)
{
    static const char *const facts[] = {
        "way abc highway=residential",           "way cd route=ferry",
        "way de highway=residential oneway=yes", "way eb highway=steps",
        "way dg highway=service access=private", "way gh highway=footway",
        "node c highway=traffic_signals",        NULL};
    prove_drawing("a---b---c   g---h\n"
                  "    |   |  /     \n"
                  "    e---d-       \n",
                  facts, 20);
}

/* Some closed, some slowed; each arc at most once. */
static size_t draw_changes(const struct network_view *view, uint32_t count, uint64_t *seed,
                           struct custom_change *changes)
{
    size_t drawn = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t arc = random_below(seed, view->net->base_arc_count), known = 0;
        for (size_t k = 0; k < drawn; k++)
            known += changes[k].arc == arc;
        if (known || view->time_ms[arc] == NETWORK_NONE) continue;
        uint32_t slow = view->time_ms[arc] * (1 + random_below(seed, 4));
        changes[drawn++] = (struct custom_change){arc, random_below(seed, 2) ? NETWORK_NONE : slow};
    }
    return drawn;
}

static void assert_same_metric(const struct custom *a, const struct custom *b)
{
    struct metric *x, *y;
    uint32_t vertices = a->cch->vertex_count;
    assert_ok(custom_metric(a, &x));
    assert_ok(custom_metric(b, &y));
    assert_memory_equal(x->view.time_ms, y->view.time_ms, vertices * sizeof(uint32_t));
    for (int s = 0; s < METRIC_SIDES; s++) {
        assert_memory_equal(x->first[s], y->first[s], (vertices + 1) * sizeof(uint32_t));
        for (uint32_t i = 0; i < x->first[s][vertices]; i++) {
            assert_int_equal(x->links[s][i].head, y->links[s][i].head);
            assert_int_equal(x->links[s][i].via, y->links[s][i].via);
            assert_true(x->links[s][i].weight == y->links[s][i].weight);
        }
    }
    metric_free(x);
    metric_free(y);
}

static void assert_same(const struct custom *a, const struct custom *b)
{
    size_t links = (size_t)a->cch->link_count + 1;
    assert_memory_equal(a->basic, b->basic, links * sizeof *a->basic);
    assert_memory_equal(a->exact, b->exact, links * sizeof *a->exact);
    for (uint32_t i = 0; i < a->cch->link_count; i++)
        assert_int_equal(a->marks[i], 0);
    for (uint32_t v = 0; v < a->cch->vertex_count; v++) {
        assert_int_equal(a->noted[v], NETWORK_NONE);
        assert_int_equal(a->place[v], a->cch->link_count);
    }
    assert_same_metric(a, b);
}

/* One customization lives through `rounds` sets of changes and equals a fresh one after each; the
 * number of those that were repaired and not done anew. */
static size_t repair_over_and_over(const struct cch *cch, unsigned profile, uint32_t rounds,
                                   uint32_t most, uint64_t *seed)
{
    struct custom_change changes[64];
    struct network_view view = network_view_of(cch->net, profile);
    struct custom *lived;
    size_t repaired = 0;
    assert_ok(custom_new(cch, profile, 2, &lived));
    for (uint32_t i = 0; i < rounds; i++) {
        struct custom *fresh;
        size_t count = draw_changes(&view, random_below(seed, most + 1), seed, changes);
        assert_ok(custom_set(lived, changes, count));
        repaired += custom_repaired(lived) < cch->link_count;
        assert_ok(custom_new(cch, profile, 1, &fresh));
        memcpy(fresh->time_ms, lived->time_ms, cch->vertex_count * sizeof(uint32_t));
        assert_ok(custom_anew(fresh));
        assert_same(lived, fresh);
        custom_free(fresh);
    }
    custom_free(lived);
    return repaired;
}

TEST(repaired_over_and_over_a_customization_equals_one_from_nothing)
{
    uint64_t seed = random_seed();
    size_t repaired = 0;
    for (int i = 0; i < 12; i++) {
        struct drawing d = city_make(&seed);
        const struct network *net = graph_network(d.graph);
        struct cch *cch;
        assert_ok(cch_new(net, &cch));
        for (unsigned p = 0; p < net->profile_count; p++)
            repaired += repair_over_and_over(cch, p, 20, 1 + 3 * (uint32_t)(i % 4), &seed);
        cch_free(cch);
        drawing_free(&d);
    }
    assert_true(repaired > 100);
}

TEST(any_number_of_threads_comes_to_the_same)
{
    uint64_t seed = random_seed();
    for (unsigned threads = 2; threads <= 9; threads += 1 + threads / 3) {
        struct drawing d = city_make(&seed);
        struct custom *alone, *together;
        struct cch *cch;
        assert_ok(cch_new(graph_network(d.graph), &cch));
        assert_ok(custom_new(cch, 1, 1, &alone));
        assert_ok(custom_new(cch, 1, threads, &together));
        assert_same(alone, together);
        custom_free(alone);
        custom_free(together);
        cch_free(cch);
        drawing_free(&d);
    }
}

/* Nothing leads on from a dead end without U-turns, nor in from anywhere when all are closed. */
TEST(a_change_that_no_link_leans_on_still_shows_in_the_metric)
{
    static const char *const facts[] = {"way ab highway=residential oneway=yes", NULL};
    struct scene s = scene_of(drawing_make("a---b\n", facts), "motorcycle");
    struct custom_change change = {0, NETWORK_NONE};
    struct metric *metric;
    assert_ok(custom_set(s.custom, &change, 1));
    assert_int_equal(custom_repaired(s.custom), 0);
    assert_ok(custom_metric(s.custom, &metric));
    assert_int_equal(metric->view.time_ms[0], NETWORK_NONE);
    metric_free(metric);
    scene_free(&s);
}

/* A permutation, too, that no dissection has made: subtrees lie scattered. */
TEST(an_order_that_is_any_comes_to_the_same_weights)
{
    uint64_t seed = random_seed();
    struct drawing d = city_make(&seed);
    struct network net = *graph_network(d.graph);
    uint32_t *order = malloc(net.arc_count * sizeof *order);
    struct custom *custom;
    struct metric *metric;
    struct cch *cch;
    assert_non_null(order);
    for (uint32_t i = 0; i < net.arc_count; i++) {
        uint32_t at = random_below(&seed, i + 1);
        order[i] = order[at];
        order[at] = i;
    }
    net.order = order;
    assert_ok(cch_new(&net, &cch));
    for (unsigned threads = 1; threads < 3; threads++) {
        assert_ok(custom_new(cch, 0, threads, &custom));
        assert_ok(custom_metric(custom, &metric));
        assert_true(ways_prove(metric, 0, 0, &seed) > 100);
        ways_prove_links(metric);
        metric_free(metric);
        custom_free(custom);
    }
    cch_free(cch);
    free(order);
    drawing_free(&d);
}

/* Central Beijing, where the data is at hand. */
static struct graph *beijing(void)
{
    const char *folder = getenv("YIZHAN_DATA");
    char osm[512], roads[] = "/tmp/yizhan-roads-XXXXXX";
    struct import_roads_result result;
    struct profiles *profiles;
    struct graph *graph;
    struct why why = {""};
    (void)snprintf(osm, sizeof osm, "%s/osm/beijing_central_drive_2024-03.osm.pbf",
                   folder ? folder : HOUSE_ROOT "/../shared/data");
    if (access(osm, R_OK) != 0) {
        printf("SKIPPED: no %s (set YIZHAN_DATA)\n", osm);
        return NULL;
    }
    int fd = mkstemp(roads);
    assert_true(fd >= 0);
    close(fd);
    assert_ok(profiles_load_dir(HOUSE_ROOT "/data/profiles", &profiles, &why));
    assert_ok(import_roads_run(osm, profiles, roads, "Beijing", NULL, &result, &why));
    assert_ok(graph_open(roads, &graph, &why));
    unlink(roads); /* the mapping stays */
    profiles_free(profiles);
    return graph;
}

TEST(in_beijing_the_metric_weighs_what_the_judge_says_with_closures_and_without)
{
    struct graph *graph = beijing();
    if (!graph) return;
    uint64_t seed = random_seed();
    struct cch *cch;
    size_t found = 0;
    assert_ok(cch_new(graph_network(graph), &cch));
    for (unsigned p = 0; p < graph_profile_count(graph); p++) {
        struct network_view view = network_view_of(graph_network(graph), p);
        struct custom_change changes[64];
        struct custom *custom;
        struct metric *metric;
        assert_ok(custom_new(cch, p, 2, &custom));
        for (int i = 0; i < 2; i++) {
            assert_ok(custom_metric(custom, &metric));
            found += ways_prove(metric, 3, 30, &seed);
            metric_free(metric);
            size_t count = draw_changes(&view, 60, &seed, changes);
            assert_ok(custom_set(custom, changes, count));
        }
        custom_free(custom);
    }
    assert_true(found > 100);
    cch_free(cch);
    graph_free(graph);
}

TEST(in_beijing_any_number_of_threads_comes_to_the_same)
{
    struct graph *graph = beijing();
    if (!graph) return;
    struct custom *alone, *together;
    struct cch *cch;
    assert_ok(cch_new(graph_network(graph), &cch));
    assert_ok(custom_new(cch, 1, 1, &alone));
    for (unsigned threads = 2; threads < 5; threads++) {
        assert_ok(custom_new(cch, 1, threads, &together));
        assert_same(alone, together);
        custom_free(together);
    }
    custom_free(alone);
    cch_free(cch);
    graph_free(graph);
}

TEST(in_beijing_a_repaired_customization_equals_one_from_nothing)
{
    struct graph *graph = beijing();
    if (!graph) return;
    uint64_t seed = random_seed();
    struct cch *cch;
    assert_ok(cch_new(graph_network(graph), &cch));
    for (unsigned p = 0; p < graph_profile_count(graph); p++)
        assert_true(repair_over_and_over(cch, p, 4, 20, &seed) > 0);
    cch_free(cch);
    graph_free(graph);
}

RUN(cmocka_unit_test(between_all_arcs_of_random_cities_the_metric_weighs_what_the_judge_says),
    cmocka_unit_test(copies_for_restrictions_over_ways_weigh_what_the_judge_says),
    cmocka_unit_test(dead_ends_ferries_steps_and_oneways_weigh_what_the_judge_says),
    cmocka_unit_test(repaired_over_and_over_a_customization_equals_one_from_nothing),
    cmocka_unit_test(any_number_of_threads_comes_to_the_same),
    cmocka_unit_test(a_change_that_no_link_leans_on_still_shows_in_the_metric),
    cmocka_unit_test(an_order_that_is_any_comes_to_the_same_weights),
    cmocka_unit_test(in_beijing_the_metric_weighs_what_the_judge_says_with_closures_and_without),
    cmocka_unit_test(in_beijing_any_number_of_threads_comes_to_the_same),
    cmocka_unit_test(in_beijing_a_repaired_customization_equals_one_from_nothing))
