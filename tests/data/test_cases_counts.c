#include "tests/data/store.h"

#include "data/cases_counts.h"

#include <string.h>

static int64_t sum(const struct cases_count *counts, size_t count, const char *state,
                   const char *category)
{
    int64_t n = 0;
    for (size_t i = 0; i < count; i++)
        if ((!state || strcmp(counts[i].state, state) == 0) &&
            (!category || strcmp(counts[i].category, category) == 0))
            n += counts[i].count;
    return n;
}

static size_t counted(struct store *s, const struct cases_filter *filter, int64_t now_ms,
                      int64_t near_ms, const struct cases_count **counts)
{
    size_t count = 0;
    assert_ok(
        cases_counts_find(s->db, filter, s->kinds, now_ms, near_ms, &s->arena, counts, &count));
    return count;
}

TEST(cases_that_stand_alike_are_counted_together_under_the_filter)
{
    struct store s = store_fresh();
    struct why why = {""};
    const struct cases_count *counts;
    struct cases_new fresh = store_report();
    struct cases_case c = store_created(&s, &fresh);
    (void)store_created(&s, &fresh);
    fresh.category = "manhole";
    (void)store_created(&s, &fresh);
    assert_ok(store_move(&s, &c, "accepted", KINDS_STAFF, "x", &why));
    struct cases_filter filter = {.limit = 1, .sort = CASES_DUE}; /* which do not count */
    size_t count = counted(&s, &filter, 0, 0, &counts);
    assert_int_equal(sum(counts, count, NULL, NULL), 3);
    assert_int_equal(sum(counts, count, "submitted", NULL), 2);
    assert_int_equal(sum(counts, count, "submitted", "lamp"), 1);
    assert_int_equal(sum(counts, count, "accepted", "lamp"), 1);
    filter.category = "manhole";
    count = counted(&s, &filter, 0, 0, &counts);
    assert_int_equal(sum(counts, count, NULL, NULL), 1);
    filter.category = "nothing";
    assert_int_equal(counted(&s, &filter, 0, 0, &counts), 0);
    store_close(&s);
    scratch_remove();
}

TEST(overdue_near_and_given_to_nobody_are_apart)
{
    struct store s = store_fresh();
    struct why why = {""};
    const struct cases_count *counts;
    struct cases_new fresh = store_report();
    struct cases_case c = store_created(&s, &fresh);
    const struct cases_filter filter = {.limit = 1};
    int64_t due = c.due.due_ms;
    assert_true(due > 0);
    static const struct {
        int now, near; /* beside the deadline */
        bool overdue, is_near;
    } moments[] = {{-10, -5, false, false},
                   {-10, 0, false, true},
                   {-1, 9, false, true},
                   {0, 9, true, false},
                   {1, 9, true, false}};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        assert_int_equal(counted(&s, &filter, due + moments[i].now, due + moments[i].near, &counts),
                         1);
        assert_int_equal(counts[0].overdue, moments[i].overdue);
        assert_int_equal(counts[0].near, moments[i].is_near);
        assert_true(counts[0].nobody);
    }
    const struct cases_acting given = {.public_id = c.public_id,
                                       .verb = CASES_assigned,
                                       .version = c.version,
                                       .actor = {KINDS_STAFF, 0},
                                       .unit = "路灯所",
                                       .now_ms = 2000};
    assert_ok(store_act(s.db, s.kinds, &given, &s.arena, &c, &why));
    assert_int_equal(counted(&s, &filter, due - 10, due - 5, &counts), 1);
    assert_false(counts[0].nobody);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(cases_that_stand_alike_are_counted_together_under_the_filter),
    cmocka_unit_test(overdue_near_and_given_to_nobody_are_apart))
