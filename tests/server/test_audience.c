#include "tests/check.h"

#include "server/audience.h"

#include <string.h>

static struct kinds *kinds;

/* A case of area 21, which lies in 2, that came out of area 11, which lies in 1. */
static struct event moved_over(const char *kind, const char *verb, int64_t reporter)
{
    struct event event = {.item = {.case_id = 7, .reporter = reporter},
                          .here = {{21, 2}, 2},
                          .was = {{11, 1}, 2},
                          .json = (char *)"here",
                          .left = (char *)"left"};
    (void)snprintf(event.item.kind, NEWS_CODE_SIZE, "%s", kind);
    (void)snprintf(event.item.category, NEWS_CODE_SIZE, "lamp");
    (void)snprintf(event.item.verb, NEWS_CODE_SIZE, "%s", verb);
    return event;
}

static const char *told(enum audience_of of, struct people_grant grant, int64_t person,
                        const struct event *event)
{
    struct audience audience;
    const struct people_actor actor = {.id = person, .grants = &grant, .grant_count = 1};
    assert_ok(audience_init(&audience, kinds, &actor));
    audience.of = of;
    audience.case_id = 7;
    const char *text = audience_told(&audience, event);
    audience_fini(&audience);
    return text ? text : "nothing";
}

TEST(a_queue_hears_what_is_in_its_area_and_what_left_it)
{
    const struct event event = moved_over("report", "area", 0);
    static const struct {
        struct people_grant grant;
        const char *told;
    } cases[] = {
        {{PEOPLE_area_staff, 21, ""}, "here"},         {{PEOPLE_area_staff, 2, ""}, "here"},
        {{PEOPLE_area_staff, 0, ""}, "here"},          {{PEOPLE_handler, 21, "report"}, "here"},
        {{PEOPLE_area_staff, 11, ""}, "left"},         {{PEOPLE_area_lead, 1, ""}, "left"},
        {{PEOPLE_area_staff, 3, ""}, "nothing"},       {{PEOPLE_rider, 0, ""}, "nothing"},
        {{PEOPLE_area_staff, 21, "place"}, "nothing"}, {{PEOPLE_integrator, 0, "report"}, "here"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(told(AUDIENCE_QUEUE, cases[i].grant, 5, &event), cases[i].told);
}

TEST(filters_narrow_a_queue)
{
    const struct event event = moved_over("report", "moved", 0);
    struct people_grant grant = {PEOPLE_city_admin, 0, ""};
    const struct people_actor actor = {.id = 5, .grants = &grant, .grant_count = 1};
    static const struct {
        const char *kind, *category, *verb;
        int64_t area;
        const char *told;
    } cases[] = {{"", "", "", 0, "here"},      {"report", "lamp", "moved", 2, "here"},
                 {"opinion", "", "", 0, NULL}, {"", "manhole", "", 0, NULL},
                 {"", "", "created", 0, NULL}, {"", "", "", 3, NULL},
                 {"", "", "", 1, "left"},      {"", "", "left", 11, "left"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct audience audience;
        assert_ok(audience_init(&audience, kinds, &actor));
        (void)snprintf(audience.kind, NEWS_CODE_SIZE, "%s", cases[i].kind);
        (void)snprintf(audience.category, NEWS_CODE_SIZE, "%s", cases[i].category);
        (void)snprintf(audience.verb, NEWS_CODE_SIZE, "%s", cases[i].verb);
        audience.area_id = cases[i].area;
        const char *text = audience_told(&audience, &event);
        if (cases[i].told)
            assert_string_equal(text, cases[i].told);
        else
            assert_null(text);
        audience_fini(&audience);
    }
}

TEST(who_sent_a_case_hears_of_it_but_not_of_what_staff_do_among_themselves)
{
    const struct people_grant none = {PEOPLE_rider, 0, ""};
    const struct people_grant staff = {PEOPLE_area_staff, 21, ""};
    const struct event moved = moved_over("report", "moved", 5),
                       noted = moved_over("report", "noted", 5),
                       written = moved_over("report", "written", 5);
    const struct event hidden = moved_over("nothing_known", "moved", 5);
    assert_string_equal(told(AUDIENCE_MINE, none, 5, &moved), "here");
    assert_string_equal(told(AUDIENCE_MINE, none, 6, &moved), "nothing");
    assert_string_equal(told(AUDIENCE_CASE, none, 0, &written), "nothing");
    assert_string_equal(told(AUDIENCE_CASE, none, 5, &written), "here");
    assert_string_equal(told(AUDIENCE_MINE, none, 5, &written), "here");
    assert_string_equal(told(AUDIENCE_MINE, none, 5, &noted), "nothing");
    assert_string_equal(told(AUDIENCE_CASE, none, 0, &moved), "here");
    assert_string_equal(told(AUDIENCE_CASE, none, 0, &noted), "nothing");
    assert_string_equal(told(AUDIENCE_CASE, staff, 9, &noted), "here");
    assert_string_equal(told(AUDIENCE_CASE, none, 0, &hidden), "nothing");
    assert_string_equal(told(AUDIENCE_CASE, none, 5, &hidden), "here");
}

TEST(who_holds_a_secret_of_a_case_is_told_what_they_may_see)
{
    static const struct {
        const char *kind, *verb;
        unsigned as;
        bool by_staff;
        const char *told;
    } cases[] = {{"report", "written", 0, true, NULL},
                 {"report", "written", KINDS_JOINER, true, "here"},
                 {"report", "written", KINDS_JOINER, false, NULL},
                 {"report", "written", KINDS_REPORTER, true, "here"},
                 {"report", "written", KINDS_REPORTER, false, "here"},
                 {"report", "noted", KINDS_REPORTER | KINDS_JOINER, true, NULL},
                 {"report", "made_up", KINDS_REPORTER, true, NULL},
                 {"difficulty", "moved", 0, false, NULL},
                 {"difficulty", "moved", KINDS_REPORTER, false, "here"},
                 {"difficulty", "written", KINDS_REPORTER, true, "here"},
                 {"difficulty", "assigned", KINDS_REPORTER, true, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct event event = moved_over(cases[i].kind, cases[i].verb, 0);
        struct audience audience;
        event.item.by_staff = cases[i].by_staff;
        assert_ok(audience_init(&audience, kinds, NULL));
        audience.of = AUDIENCE_CASE, audience.case_id = 7, audience.as = cases[i].as;
        const char *text = audience_told(&audience, &event);
        assert_string_equal(text ? text : "nothing", cases[i].told ? cases[i].told : "nothing");
        assert_false(audience_looks(&audience, &event));
        audience_fini(&audience);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_queue_hears_what_is_in_its_area_and_what_left_it),
        cmocka_unit_test(filters_narrow_a_queue),
        cmocka_unit_test(who_sent_a_case_hears_of_it_but_not_of_what_staff_do_among_themselves),
        cmocka_unit_test(who_holds_a_secret_of_a_case_is_told_what_they_may_see)};
    struct why why = {""};
    if (kinds_load(HOUSE_ROOT "/data/kinds", NULL, &kinds, &why)) return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    kinds_free(kinds);
    return failed;
}
