/* Sweeps equal Dijkstra in either direction, with and without closures and bars. */
#include "geo/road/sweep.h"
#include "tests/road_city.h"
#include "tests/road_proof.h"

static size_t prove_open(const struct metric *metric, size_t times, uint64_t *seed)
{
    struct sweep *sweep;
    size_t found = 0;
    assert_ok(sweep_new(&sweep));
    for (size_t i = 0; i < times; i++)
        found += proof_sweep(sweep, metric, NULL, 20, seed);
    sweep_free(sweep);
    return found;
}

/* Barred sweeps and others take turns in one workspace. */
static size_t prove_barred(const struct metric *metric, size_t times, uint64_t *seed)
{
    uint32_t *stamps = calloc(metric->view.net->edge_count, sizeof *stamps);
    struct sweep *sweep;
    size_t found = 0;
    assert_non_null(stamps);
    assert_ok(sweep_new(&sweep));
    for (size_t i = 0; i < times; i++) {
        struct network_bar bar = proof_bar(metric->view.net, seed, stamps);
        found += proof_sweep(sweep, metric, &bar, 20, seed);
        found += proof_sweep(sweep, metric, NULL, 2, seed);
    }
    sweep_free(sweep);
    free(stamps);
    return found;
}

TEST(sweeps_of_random_cities_are_the_judges_with_and_without_closures)
{
    uint64_t seed = random_seed();
    size_t found = 0;
    for (int i = 0; i < 6; i++) {
        struct drawing d = city_make(&seed);
        found += proof_metrics(d.graph, &seed, prove_open, 6);
        drawing_free(&d);
    }
    assert_true(found > 1000);
}

TEST(barred_sweeps_of_random_cities_are_the_judges)
{
    uint64_t seed = random_seed();
    size_t found = 0;
    for (int i = 0; i < 6; i++) {
        struct drawing d = city_make(&seed);
        found += proof_metrics(d.graph, &seed, prove_barred, 6);
        drawing_free(&d);
    }
    assert_true(found > 500);
}

TEST(a_barred_sweep_ends_when_its_states_are_used_up_and_says_so)
{
    static const char *const facts[] = {"way ab highway=residential", "way bc highway=residential",
                                        "way cd highway=residential", "way be highway=residential",
                                        "way cf highway=residential", NULL};
    struct drawing d = drawing_make("a---b---c---d\n"
                                    "    |   |    \n"
                                    "    e   f    \n",
                                    facts);
    const struct network *net = graph_network(d.graph);
    struct cch *cch;
    struct custom *custom;
    struct metric *metric;
    struct sweep *sweep;
    assert_ok(cch_new(net, &cch));
    assert_ok(custom_new(cch, 0, 1, &custom));
    assert_ok(custom_metric(custom, &metric));
    assert_ok(sweep_new(&sweep));
    struct network_bar bar = {.no_steps = true};
    struct network_end here = {.arc = 0, .fraction = 0.5};
    uint64_t far = 0;
    assert_ok(sweep_begin(sweep, metric, &bar, SWEEP_FROM, &here, 1, 0));
    for (uint32_t arc = 0; arc < net->arc_count; arc++)
        far += sweep_at(sweep, arc) != WEIGHT_NONE;
    assert_ok(sweep_state(sweep));
    assert_true(far > 4);
    assert_ok(sweep_begin(sweep, metric, &bar, SWEEP_FROM, &here, 1, 2));
    for (uint32_t arc = 0; arc < net->arc_count; arc++)
        (void)sweep_at(sweep, arc);
    assert_int_equal(sweep_state(sweep), ERR_LIMIT);
    /* The next begins anew. */
    assert_ok(sweep_begin(sweep, metric, NULL, SWEEP_FROM, &here, 1, 2));
    assert_ok(sweep_state(sweep));
    sweep_free(sweep);
    metric_free(metric);
    custom_free(custom);
    cch_free(cch);
    drawing_free(&d);
}

RUN(cmocka_unit_test(sweeps_of_random_cities_are_the_judges_with_and_without_closures),
    cmocka_unit_test(barred_sweeps_of_random_cities_are_the_judges),
    cmocka_unit_test(a_barred_sweep_ends_when_its_states_are_used_up_and_says_so))
