#include "tests/check.h"

#include "data/holidays.h"

#include <string.h>

static enum hours_state on(const struct hours_calendar *calendar, const char *value, int32_t year,
                           unsigned month, unsigned day)
{
    struct hours *hours;
    struct why why = {""};
    assert_ok(hours_parse(value, strlen(value), &hours, &why));
    struct hours_moment at = hours_moment_of(calendar, hours_day_of(year, month, day), 10 * 60);
    enum hours_state state = hours_at(hours, &at, NULL);
    hours_free(hours);
    return state;
}

TEST(the_shipped_file_tells_days_off_and_days_worked)
{
    struct holidays *holidays;
    struct why why = {""};
    if (holidays_load(HOUSE_ROOT "/data/holidays", "cn", &holidays, &why)) fail_msg("%s", why.text);
    const struct hours_calendar *c = holidays_calendar(holidays);
    static const char office[] = "Mo-Fr 09:00-17:00; PH off";
    assert_int_equal(on(c, office, 2025, 10, 1), HOURS_CLOSED);  /* Wednesday, off */
    assert_int_equal(on(c, office, 2025, 10, 8), HOURS_CLOSED);  /* Wednesday, off */
    assert_int_equal(on(c, office, 2025, 10, 9), HOURS_OPEN);    /* Thursday */
    assert_int_equal(on(c, office, 2025, 9, 28), HOURS_UNKNOWN); /* Sunday, worked */
    assert_int_equal(on(c, office, 2026, 2, 16), HOURS_CLOSED);  /* New Year's Eve */
    assert_int_equal(on(c, office, 2026, 2, 24), HOURS_OPEN);
    assert_int_equal(on(c, office, 2024, 2, 9), HOURS_OPEN); /* not off by the notice */
    assert_int_equal(on(c, office, 2019, 10, 1), HOURS_UNKNOWN);
    assert_int_equal(on(c, "PH 09:00-17:00", 2026, 5, 1), HOURS_OPEN);
    holidays_free(holidays);
    assert_err(holidays_load(HOUSE_ROOT "/data/holidays", "zz", &holidays, &why), ERR_NOTFOUND);
    assert_err(holidays_load(HOUSE_ROOT "/data/holidays", "../cn", &holidays, &why), ERR_INVALID);
}

TEST(mistakes_are_told_with_file_and_line)
{
    static const struct {
        const char *text, *told;
    } wrong[] = {
        {"years:\n  - year: 2026\n    off: [02-30]\n", "h.yaml:3: expected a day of 2026"},
        {"years:\n  - year: 2026\n    off: [1-1]\n", "h.yaml:3: expected a day of 2026"},
        {"years:\n  - year: 2026\n    off: [02-10..02-05]\n", "h.yaml:3: the last day is before"},
        {"years:\n  - year: 2026\n    off: [05-01, 05-01]\n", "h.yaml:3: days must come in order"},
        {"years:\n  - year: 2026\n    off: [01-01..12-31]\n", "h.yaml:3: more than"},
        {"years:\n  - year: 2026\n    worked: [01-05]\n", "h.yaml:3: only Saturdays and Sundays"},
        {"years:\n  - year: 2026\n    off: [01-04]\n    worked: [01-04]\n",
         "h.yaml:4: a day is both off and worked"},
        {"years:\n  - year: 2026\n  - year: 2025\n", "h.yaml:3: years must come in order"},
        {"years:\n  - off: []\n", "h.yaml:2: the year is missing"},
        {"years:\n  - year: 20\n", "h.yaml:2: "},
        {"years: 2026\n", "h.yaml:1: expected a list of years"},
        {"", "h.yaml is empty"},
        {"# nothing but a comment\n", "h.yaml is empty"},
        {"holidays: []\n", "h.yaml:1: "},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct holidays *holidays = NULL;
        struct why why = {""};
        enum err e =
            holidays_parse("h.yaml", wrong[i].text, strlen(wrong[i].text), &holidays, &why);
        assert_true(e == ERR_FORMAT || e == ERR_RANGE);
        if (strncmp(why.text, wrong[i].told, strlen(wrong[i].told)) != 0)
            fail_msg("%s, not %s", why.text, wrong[i].told);
        assert_null(holidays);
    }
}

RUN(cmocka_unit_test(the_shipped_file_tells_days_off_and_days_worked),
    cmocka_unit_test(mistakes_are_told_with_file_and_line))
