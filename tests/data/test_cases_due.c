#include "tests/check.h"

#include "data/cases_due.h"
#include "geo/base/zone.h"

#include <string.h>

static const char text[] =
    "kind: a\n"
    "label: {zh: 甲, en: A}\n"
    "work: \"Mo-Fr 09:00-12:00,13:00-18:00\"\n"
    "deadline: 1d\n"
    "near: 1h\n"
    "states:\n"
    "  - {code: new, zh: 一, en: N}\n"
    "  - {code: waiting, zh: 二, en: W, paused: true}\n"
    "  - {code: hanging, zh: 三, en: H, paused: true}\n"
    "  - {code: later, zh: 四, en: L}\n"
    "  - {code: done, zh: 五, en: D, open: false}\n"
    "moves:\n"
    "  - {from: new, to: waiting, by: [staff], zh: 去, en: Go}\n"
    "  - {from: waiting, to: hanging, by: [staff], zh: 去, en: Go}\n"
    "  - {from: hanging, to: new, by: [staff], zh: 去, en: Go}\n"
    "  - {from: new, to: later, by: [staff], needs: [deadline], zh: 去, en: Go}\n"
    "  - {from: new, to: done, by: [staff], zh: 去, en: Go}\n"
    "  - {from: done, to: new, by: [staff], zh: 去, en: Go}\n"
    "groups:\n"
    "  - code: g\n"
    "    zh: 组\n"
    "    en: G\n"
    "    categories:\n"
    "      - {code: soon, zh: 急, en: Soon, deadline: 2h}\n"
    "      - {code: usual, zh: 常, en: Usual}\n";

static struct kinds *kinds;
static const struct kinds_kind *kind;

static int set_up(void **state)
{
    struct why why = {""};
    (void)state;
    if (zone_use("CST-8", &why) || kinds_parse("a", text, strlen(text), NULL, &kinds, &why))
        return 1;
    kind = kinds_at(kinds, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kinds_free(kinds);
    return 0;
}

/* Of November 2026, whose 23rd is a Monday. */
static int64_t at(unsigned day, uint32_t hour, uint32_t minute)
{
    return zone_utc_ms_of(hours_day_of(2026, 11, day), hour * 60 + minute);
}

static void begin(const char *category, int64_t now_ms, struct cases_due *due)
{
    cases_due_begin(kinds, kind, kinds_category(kind, category), now_ms, due);
}

static void go(const char *from, const char *to, int64_t now_ms, int64_t given_ms,
               struct cases_due *due)
{
    const struct cases_due_move move = {.kind = kind,
                                        .category = kinds_category(kind, "soon"),
                                        .from = kinds_state(kind, from),
                                        .to = kinds_state(kind, to),
                                        .given_ms = given_ms,
                                        .now_ms = now_ms};
    cases_due_go_on(kinds, &move, due);
}

TEST(a_deadline_is_its_categorys_or_the_kinds)
{
    struct cases_due due;
    begin("soon", at(23, 11, 0), &due);
    assert_int_equal(due.due_ms, at(23, 14, 0));
    begin("usual", at(23, 11, 0), &due); /* eight hours */
    assert_int_equal(due.due_ms, at(24, 11, 0));
    assert_int_equal(due.left_min, 0);
}

TEST(what_is_left_waits_with_a_paused_case)
{
    struct cases_due due;
    begin("soon", at(23, 9, 0), &due);
    go("new", "waiting", at(23, 10, 30), 0, &due);
    assert_int_equal(due.due_ms, 0);
    assert_int_equal(due.left_min, 30);
    go("waiting", "hanging", at(25, 10, 30), 0, &due); /* waits on */
    assert_int_equal(due.left_min, 30);
    go("hanging", "new", at(27, 17, 50), 0, &due); /* on Friday evening */
    assert_int_equal(due.left_min, 0);
    assert_int_equal(due.due_ms, at(30, 9, 20));
}

TEST(paused_outside_of_work_a_minute_is_left_at_least)
{
    struct cases_due due = {.due_ms = at(23, 20, 0)}; /* given by hand */
    go("new", "waiting", at(23, 19, 0), 0, &due);
    assert_int_equal(due.due_ms, 0);
    assert_int_equal(due.left_min, 1);
}

TEST(what_has_passed_is_not_taken_back_by_a_pause)
{
    struct cases_due due;
    begin("soon", at(23, 9, 0), &due);
    go("new", "waiting", at(23, 11, 1), 0, &due);
    assert_int_equal(due.due_ms, at(23, 11, 0));
    assert_int_equal(cases_due_at(&due, kinds_state(kind, "waiting"), at(23, 11, 1), 0),
                     CASES_DUE_OVERDUE);
    go("waiting", "hanging", at(24, 11, 1), 0, &due);
    go("hanging", "new", at(25, 11, 1), 0, &due);
    assert_int_equal(due.due_ms, at(23, 11, 0));
}

TEST(a_closed_case_keeps_when_it_was_due_and_begins_anew_when_reopened)
{
    struct cases_due due;
    begin("soon", at(23, 9, 0), &due);
    go("new", "done", at(23, 10, 0), 0, &due);
    assert_int_equal(due.due_ms, at(23, 11, 0));
    go("done", "new", at(24, 9, 0), 0, &due);
    assert_int_equal(due.due_ms, at(24, 11, 0));
}

TEST(a_new_deadline_is_as_it_was_given)
{
    struct cases_due due;
    begin("soon", at(23, 9, 0), &due);
    go("new", "later", at(23, 10, 0), at(28, 3, 3), &due);
    assert_int_equal(due.due_ms, at(28, 3, 3));
}

TEST(a_case_is_near_before_it_is_overdue)
{
    const struct kinds_state *open = kinds_state(kind, "new"), *done = kinds_state(kind, "done");
    struct cases_due due, none = {0}, waits = {.left_min = 3};
    int64_t now[] = {at(23, 9, 59), at(23, 10, 0), at(23, 11, 0)};
    enum cases_due_state expected[] = {CASES_DUE_RUNNING, CASES_DUE_NEAR, CASES_DUE_OVERDUE};
    begin("soon", at(23, 9, 0), &due);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(cases_due_at(&due, open, now[i], cases_due_near(kinds, kind, now[i])),
                         expected[i]);
    assert_int_equal(cases_due_at(&due, done, now[2], now[2]), CASES_DUE_NONE);
    assert_int_equal(cases_due_at(&none, open, now[2], now[2]), CASES_DUE_NONE);
    assert_int_equal(cases_due_at(&waits, open, now[2], now[2]), CASES_DUE_PAUSED);
    assert_int_equal(cases_due_at(&due, NULL, now[2], now[2]), CASES_DUE_NONE);
    assert_string_equal(cases_due_name(CASES_DUE_OVERDUE), "overdue");
}

TEST(of_a_kind_that_is_no_longer_described_nothing_is_near)
{
    assert_int_equal(cases_due_near(NULL, NULL, 42), 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deadline_is_its_categorys_or_the_kinds),
        cmocka_unit_test(what_is_left_waits_with_a_paused_case),
        cmocka_unit_test(paused_outside_of_work_a_minute_is_left_at_least),
        cmocka_unit_test(what_has_passed_is_not_taken_back_by_a_pause),
        cmocka_unit_test(a_closed_case_keeps_when_it_was_due_and_begins_anew_when_reopened),
        cmocka_unit_test(a_new_deadline_is_as_it_was_given),
        cmocka_unit_test(a_case_is_near_before_it_is_overdue),
        cmocka_unit_test(of_a_kind_that_is_no_longer_described_nothing_is_near)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
