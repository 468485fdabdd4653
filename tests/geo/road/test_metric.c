/* A metric: its links can be found and taken apart, and it lives as long as anybody needs it. */
#include "geo/road/metric.h"

#include "tests/road_city.h"
#include "tests/road_ways.h"

#include <string.h>

struct scene {
    struct drawing drawing;
    struct cch *cch;
    struct custom *custom;
    struct metric *metric;
};

static struct scene scene_of(struct drawing drawing)
{
    struct scene s = {.drawing = drawing};
    assert_ok(cch_new(graph_network(s.drawing.graph), &s.cch));
    assert_ok(custom_new(s.cch, 0, 1, &s.custom));
    assert_ok(custom_metric(s.custom, &s.metric));
    return s;
}

static void scene_free(struct scene *s)
{
    metric_free(s->metric);
    custom_free(s->custom);
    cch_free(s->cch);
    drawing_free(&s->drawing);
}

TEST(a_link_is_found_where_it_is_kept_and_nowhere_else)
{
    uint64_t seed = random_seed();
    struct scene s = scene_of(city_make(&seed));
    uint32_t count = s.cch->vertex_count;
    for (int side = 0; side < METRIC_SIDES; side++) {
        for (uint32_t low = 0; low < count; low++) {
            uint32_t next = s.metric->first[side][low];
            for (uint32_t high = low + 1; high < count; high++) {
                const struct metric_link *link =
                    metric_find(s.metric, (enum metric_side)side, low, high);
                bool kept = next < s.metric->first[side][low + 1] &&
                            s.metric->links[side][next].head == high;
                assert_ptr_equal(link, kept ? &s.metric->links[side][next++] : NULL);
            }
            assert_int_equal(next, s.metric->first[side][low + 1]);
        }
    }
    scene_free(&s);
}

TEST(a_turn_unpacks_to_the_arc_that_it_leads_to)
{
    uint64_t seed = random_seed();
    struct scene s = scene_of(city_make(&seed));
    size_t turns = 0;
    for (int side = 0; side < METRIC_SIDES; side++) {
        for (uint32_t low = 0; low < s.cch->vertex_count; low++) {
            uint32_t from = s.metric->first[side][low], end = s.metric->first[side][low + 1];
            for (const struct metric_link *link = &s.metric->links[side][from];
                 link < &s.metric->links[side][end]; link++) {
                uint32_t arc = NETWORK_NONE;
                if (link->via != NETWORK_NONE) continue;
                assert_int_equal(
                    metric_unpack(s.metric, (enum metric_side)side, low, link, &arc, 1), 1);
                assert_int_equal(arc, s.cch->arc[side == METRIC_UP ? link->head : low]);
                turns++;
            }
        }
    }
    assert_true(turns > 50);
    scene_free(&s);
}

TEST(arcs_that_do_not_fit_are_counted_and_not_written)
{
    uint64_t seed = random_seed();
    struct scene s = scene_of(city_make(&seed));
    size_t longest = 0;
    for (int side = 0; side < METRIC_SIDES; side++) {
        for (uint32_t low = 0; low < s.cch->vertex_count; low++) {
            for (uint32_t i = s.metric->first[side][low]; i < s.metric->first[side][low + 1]; i++) {
                const struct metric_link *link = &s.metric->links[side][i];
                uint32_t all[200], some[201];
                size_t count = metric_unpack(s.metric, (enum metric_side)side, low, link, all, 200);
                assert_true(count >= 1 && count <= 200);
                if (count > longest) longest = count;
                for (size_t room = 0; room < count; room++) {
                    some[room] = NETWORK_NONE;
                    assert_int_equal(
                        metric_unpack(s.metric, (enum metric_side)side, low, link, some, room),
                        count);
                    assert_memory_equal(some, all, room * sizeof *all);
                    assert_int_equal(some[room], NETWORK_NONE);
                }
            }
        }
    }
    assert_true(longest > 3);
    scene_free(&s);
}

TEST(a_metric_lives_until_its_last_owner_lets_go)
{
    static const char *const facts[] = {"way abc highway=residential", NULL};
    struct scene s = scene_of(drawing_make("a--b--c\n", facts));
    uint32_t arc = 0;
    struct metric *before = metric_share(s.metric), *after;
    metric_free(s.metric);
    struct custom_change change = {arc, NETWORK_NONE};
    assert_ok(custom_set(s.custom, &change, 1));
    assert_ok(custom_metric(s.custom, &after));
    custom_free(s.custom);
    assert_true(before != after);
    assert_true(before->view.time_ms[arc] != NETWORK_NONE);
    assert_true(after->view.time_ms[arc] == NETWORK_NONE);
    assert_true(before->first[METRIC_UP][s.cch->vertex_count] > 0);
    metric_free(before);
    metric_free(after);
    metric_free(NULL);
    cch_free(s.cch);
    drawing_free(&s.drawing);
}

RUN(cmocka_unit_test(a_link_is_found_where_it_is_kept_and_nowhere_else),
    cmocka_unit_test(a_turn_unpacks_to_the_arc_that_it_leads_to),
    cmocka_unit_test(arcs_that_do_not_fit_are_counted_and_not_written),
    cmocka_unit_test(a_metric_lives_until_its_last_owner_lets_go))
