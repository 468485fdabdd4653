/* Tables, held against the plain judge. */
#include "geo/road/table.h"

#include "geo/road/custom.h"
#include "geo/road/dijkstra.h"
#include "tests/road_city.h"

#include <string.h>

enum { POINTS = 21, ENDS = 3 };

/* Points of up to ENDS places each, on arcs that the profile travels by the file. */
struct points {
    struct network_end ends[POINTS][ENDS];
    struct table_point points[POINTS];
    size_t count;
};

static const double fractions[] = {0, 0.25, 0.25, 0.5, 1};

static void random_points(struct points *p, const struct network_view *view, bool paid,
                          uint64_t *seed)
{
    p->count = 1 + random_below(seed, POINTS);
    for (size_t i = 0; i < p->count; i++) {
        p->points[i] = (struct table_point){p->ends[i], random_below(seed, ENDS + 1)};
        for (size_t k = 0; k < p->points[i].count; k++) {
            uint32_t arc, tries = 0;
            do
                arc = random_below(seed, view->net->base_arc_count);
            while (view->time_ms[arc] == NETWORK_NONE && ++tries < 10000);
            assert_true(view->time_ms[arc] != NETWORK_NONE);
            uint32_t late = paid ? random_below(seed, 3) * 20000 : 0;
            p->ends[i][k] =
                (struct network_end){arc, fractions[random_below(seed, 5)], weight_of(late, late)};
        }
    }
}

/* The number of pairs that have a way. */
static size_t prove_table(struct table *table, const struct metric *metric,
                          const struct network_bar *bar, const struct points *from,
                          const struct points *to)
{
    uint64_t weights[POINTS * POINTS], judged;
    struct dijkstra dijkstra = {0};
    size_t found = 0;
    memset(weights, 0x55, sizeof weights);
    assert_ok(table_fill(table, metric, bar, 0, from->points, from->count, to->points, to->count,
                         weights));
    for (size_t i = 0; i < from->count; i++)
        for (size_t k = 0; k < to->count; k++) {
            const struct network_ends ends = {from->points[i].ends, to->points[k].ends,
                                              from->points[i].count, to->points[k].count};
            assert_ok(dijkstra_find(&dijkstra, &metric->view, bar, &ends, &judged));
            assert_true(weights[i * to->count + k] == judged);
            found += judged != WEIGHT_NONE;
        }
    dijkstra_fini(&dijkstra);
    return found;
}

static void close_some(struct custom *custom, const struct network_view *view, uint64_t *seed)
{
    struct custom_change changes[32];
    size_t count = 0;
    for (uint32_t arc = 0; arc < view->net->base_arc_count && count < 32; arc++)
        if (view->time_ms[arc] != NETWORK_NONE && random_below(seed, 8) == 0)
            changes[count++] = (struct custom_change){
                arc, random_below(seed, 2) ? NETWORK_NONE : view->time_ms[arc] * 3};
    assert_ok(custom_set(custom, changes, count));
}

TEST(every_pair_of_random_tables_weighs_what_the_judge_says)
{
    uint64_t seed = random_seed();
    struct table *table;
    size_t found = 0, none = 0, copies = 0;
    assert_ok(table_new(&table));
    for (int i = 0; i < 10; i++) {
        struct drawing d = city_make(&seed);
        const struct network *net = graph_network(d.graph);
        struct cch *cch;
        assert_ok(cch_new(net, &cch));
        copies += net->arc_count - net->base_arc_count;
        for (unsigned p = 0; p < net->profile_count; p++) {
            struct network_view view = network_view_of(net, p);
            struct custom *custom;
            struct metric *metric;
            assert_ok(custom_new(cch, p, 1, &custom));
            if (i % 2) close_some(custom, &view, &seed);
            assert_ok(custom_metric(custom, &metric));
            for (int run = 0; run < 4; run++) {
                struct points from, to;
                random_points(&from, &view, true, &seed);
                random_points(&to, &view, false, &seed);
                size_t there = prove_table(table, metric, NULL, &from, run == 0 ? &from : &to);
                found += there;
                none += from.count * (run == 0 ? from.count : to.count) - there;
            }
            metric_free(metric);
            custom_free(custom);
        }
        cch_free(cch);
        drawing_free(&d);
    }
    table_free(table);
    assert_true(found > 5000 && none > 100 && copies > 0);
}

TEST(barred_tables_are_the_judges_too)
{
    uint64_t seed = random_seed();
    struct drawing d = city_make(&seed);
    const struct network *net = graph_network(d.graph);
    struct network_view view = network_view_of(net, 0);
    uint32_t *stamps = calloc(net->edge_count, sizeof *stamps);
    const struct network_bar bar = {.edge_stamp = stamps, .stamp = 7};
    struct table *table;
    struct cch *cch;
    struct custom *custom;
    struct metric *metric;
    struct points from, to;
    uint64_t weights[POINTS * POINTS];
    assert_non_null(stamps);
    for (uint32_t e = 0; e < net->edge_count; e++)
        stamps[e] = random_below(&seed, 6) ? 6 : 7;
    assert_ok(table_new(&table));
    assert_ok(cch_new(net, &cch));
    assert_ok(custom_new(cch, 0, 1, &custom));
    assert_ok(custom_metric(custom, &metric));
    for (int run = 0; run < 10; run++) {
        random_points(&from, &view, true, &seed);
        random_points(&to, &view, false, &seed);
        (void)prove_table(table, metric, &bar, &from, &to);
    }
    do {
        random_points(&from, &view, false, &seed);
        random_points(&to, &view, false, &seed);
    } while (from.points[0].count == 0 || to.points[0].count == 0 ||
             prove_table(table, metric, &bar, &from, &to) < 10);
    assert_err(
        table_fill(table, metric, &bar, 1, from.points, from.count, to.points, to.count, weights),
        ERR_LIMIT);
    metric_free(metric);
    custom_free(custom);
    cch_free(cch);
    table_free(table);
    free(stamps);
    drawing_free(&d);
}

RUN(cmocka_unit_test(every_pair_of_random_tables_weighs_what_the_judge_says),
    cmocka_unit_test(barred_tables_are_the_judges_too))
