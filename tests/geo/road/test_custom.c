/* Customization: ways up and down the hierarchy weigh what the plain judge says. */
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

RUN(cmocka_unit_test(between_all_arcs_of_random_cities_the_metric_weighs_what_the_judge_says),
    cmocka_unit_test(copies_for_restrictions_over_ways_weigh_what_the_judge_says),
    cmocka_unit_test(dead_ends_ferries_steps_and_oneways_weigh_what_the_judge_says))
