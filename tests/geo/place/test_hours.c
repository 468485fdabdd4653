/* What holds beyond the rules themselves, which tests/hours holds against another evaluator. */
#include "tests/check.h"

#include "geo/place/hours.h"

#include <string.h>

enum { DAY_MO = 20514 }; /* 2026-03-02 */
enum { NINE = 9 * 60, NOON = 12 * 60 };

static struct hours *compiled(const char *text)
{
    struct hours *hours = NULL;
    struct why why = {""};
    if (hours_parse(text, strlen(text), &hours, &why)) fail_msg("%s: %s", text, why.text);
    return hours;
}

static enum hours_state state_at(const char *text, const struct hours_calendar *calendar,
                                 int32_t day, uint32_t minute)
{
    struct hours *hours = compiled(text);
    struct hours_moment at = hours_moment_of(calendar, day, minute);
    enum hours_state state = hours_at(hours, &at, NULL);
    hours_free(hours);
    return state;
}

TEST(days_have_the_dates_of_the_gregorian_calendar)
{
    static const struct {
        int32_t year;
        unsigned month, day;
        int32_t number;
        uint8_t weekday, week;
        uint16_t nth; /* first of its month's, and last */
    } dates[] = {
        {1970, 1, 1, 0, 3, 1, 1 | 512},        {2000, 2, 29, 11016, 1, 9, 16 | 32},
        {1999, 12, 31, 10956, 4, 52, 16 | 32}, {2026, 3, 2, DAY_MO, 0, 10, 1 | 512},
        {2024, 12, 30, 20087, 0, 1, 16 | 32},  {2027, 1, 1, 20819, 4, 53, 1 | 512},
        {1960, 1, 31, -3623, 6, 4, 16 | 32},   {1959, 12, 31, -3654, 3, 53, 16 | 32},
        {2400, 2, 29, 157113, 1, 9, 16 | 32},
    };
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        int32_t day = hours_day_of(dates[i].year, dates[i].month, dates[i].day);
        struct hours_moment m = hours_moment_of(NULL, day, 0);
        assert_int_equal(day, dates[i].number);
        assert_int_equal(m.today.year, dates[i].year);
        assert_int_equal(m.today.weekday, dates[i].weekday);
        assert_int_equal(m.today.week, dates[i].week);
        assert_int_equal(m.today.nth, dates[i].nth);
        m = hours_moment_of(NULL, day - 2, 2 * HOURS_MINUTES + 5);
        assert_int_equal(m.day, day);
        assert_int_equal(m.minute, 5);
    }
}

TEST(what_is_not_understood_is_refused_with_a_sentence_and_unknown)
{
    struct hours *hours = NULL;
    struct why why = {""};
    assert_err(hours_parse("Mo-Fr nine to five", 18, &hours, &why), ERR_FORMAT);
    assert_null(hours);
    assert_non_null(strstr(why.text, "\"nine to five\""));
    struct hours_moment at = hours_moment_of(NULL, DAY_MO, NOON);
    assert_int_equal(hours_at(NULL, &at, NULL), HOURS_UNKNOWN);
    char long_text[HOURS_MAX_TEXT + 1];
    memset(long_text, ' ', sizeof long_text);
    assert_err(hours_parse(long_text, sizeof long_text, &hours, &why), ERR_FORMAT);
}

TEST(a_holiday_nobody_told_of_makes_unknown_only_what_hangs_on_it)
{
    static const int16_t years[] = {2025};
    static const struct hours_calendar other_year = {.years = years, .year_count = 1};
    assert_int_equal(state_at("Mo-Fr 08:00-18:00; PH off", &other_year, DAY_MO, NINE),
                     HOURS_UNKNOWN);
    assert_int_equal(state_at("Mo-Fr 08:00-18:00; PH off", &other_year, DAY_MO, 0), HOURS_CLOSED);
    assert_int_equal(state_at("Mo-Fr 08:00-18:00; PH 09:00-12:00", NULL, DAY_MO, NINE), HOURS_OPEN);
    assert_int_equal(state_at("Mo-Fr 08:00-18:00", NULL, DAY_MO, NINE), HOURS_OPEN);
    assert_int_equal(state_at("Mo-Fr 20:00-02:00; PH off", NULL, DAY_MO + 5, 60), HOURS_UNKNOWN);
    assert_int_equal(state_at("Mo-Fr 08:00-18:00; SH off", &other_year, DAY_MO, NINE),
                     HOURS_UNKNOWN);
    assert_int_equal(state_at("24/7; SH off || open", NULL, DAY_MO, NINE), HOURS_OPEN);
}

TEST(a_listed_holiday_counts_and_its_year_must_be_complete)
{
    static const int16_t years[] = {2026};
    static const int32_t holidays[] = {DAY_MO};
    static const struct hours_calendar known = {holidays, 1, NULL, 0, years, 1};
    assert_int_equal(state_at("Mo-Fr 08:00-18:00; PH off", &known, DAY_MO, NINE), HOURS_CLOSED);
    assert_int_equal(state_at("Mo-Fr 08:00-18:00; PH off", &known, DAY_MO + 1, NINE), HOURS_OPEN);
}

TEST(a_day_worked_to_make_up_is_sure_only_where_its_name_and_a_working_day_agree)
{
    static const int16_t years[] = {2026};
    static const int32_t workdays[] = {DAY_MO + 5};
    static const struct hours_calendar known = {NULL, 0, workdays, 1, years, 1};
    const int32_t saturday = DAY_MO + 5;
    assert_int_equal(state_at("Mo-Fr 08:00-18:00", &known, saturday, NINE), HOURS_UNKNOWN);
    assert_int_equal(state_at("Mo-Fr 08:00-18:00", &known, saturday, 0), HOURS_CLOSED);
    assert_int_equal(state_at("Mo-Fr 08:00-18:00; Sa 10:00-16:00", &known, saturday, NOON),
                     HOURS_OPEN);
    assert_int_equal(state_at("08:00-18:00", &known, saturday, NINE), HOURS_OPEN);
    assert_int_equal(state_at("Mo-Fr 08:00-18:00", &known, saturday + 7, NINE), HOURS_CLOSED);
}

TEST(times_that_hang_on_the_sun_are_never_sure)
{
    for (uint32_t minute = 0; minute < HOURS_MINUTES; minute += 30) {
        assert_int_equal(state_at("sunrise-sunset", NULL, DAY_MO, minute), HOURS_UNKNOWN);
        assert_int_equal(state_at("sunset-02:00", NULL, DAY_MO, minute), HOURS_UNKNOWN);
    }
    assert_int_equal(state_at("Mo 10:00-sunset", NULL, DAY_MO, NINE), HOURS_CLOSED);
    assert_int_equal(state_at("24/7; sunset-sunrise off", NULL, DAY_MO, NINE), HOURS_UNKNOWN);
}

TEST(the_rule_that_decides_tells_its_comment)
{
    struct hours *hours = compiled("Mo-Fr 08:00-12:00 open \"ring – twice\" || \"by appointment\"");
    struct hours_moment at = hours_moment_of(NULL, DAY_MO, NINE);
    const char *comment;
    assert_int_equal(hours_at(hours, &at, &comment), HOURS_OPEN);
    assert_string_equal(comment, "ring – twice");
    at = hours_moment_of(NULL, DAY_MO, NOON);
    assert_int_equal(hours_at(hours, &at, &comment), HOURS_UNKNOWN);
    assert_string_equal(comment, "by appointment");
    hours_free(hours);
    hours = compiled("Mo-Fr 08:00-12:00");
    assert_int_equal(hours_at(hours, &at, &comment), HOURS_CLOSED);
    assert_null(comment);
    hours_free(hours);
}

TEST(other_keyboards_punctuation_is_read)
{
    assert_int_equal(state_at("Mo–Fr 08：00－18：00；Sa，Su 10:00-12:00", NULL, DAY_MO, NINE),
                     HOURS_OPEN);
}

/* By going through the minutes one by one. */
static bool change_plainly(const struct hours *hours, const struct hours_calendar *calendar,
                           int32_t day, uint32_t minute, struct hours_change *change)
{
    struct hours_moment at = hours_moment_of(calendar, day, minute);
    enum hours_state now = hours_at(hours, &at, NULL);
    for (uint32_t i = minute + 1; i < 40 * HOURS_MINUTES; i++) {
        at = hours_moment_of(calendar, day, i);
        enum hours_state state = hours_at(hours, &at, NULL);
        if (state == now) continue;
        *change = (struct hours_change){at.day, at.minute, state};
        return true;
    }
    return false;
}

TEST(the_next_change_is_the_first_minute_that_differs)
{
    static const char *const values[] = {
        "Mo-Fr 08:00-12:00,13:30-17:30",
        "Mo-Su 18:00-02:00; Tu off",
        "Sa 22:00-30:00",
        "Mo[1] 10:00-11:00",
        "Mo-Fr 18:00+",
        "Mar 4-Mar 6 off; open",
        "sunrise-sunset",
        "week 12 We 08:00-09:00",
        "Mo-Fr 08:00-18:00; PH off",
        "24/7; PH off",
        "Mo-Fr 20:00-03:00; SH 10:00-12:00",
        "Mo-Su 00:00-24:00; Mar 20 12:00-13:00 off",
    };
    static const int16_t years[] = {2026};
    static const int32_t holidays[] = {DAY_MO + 9, DAY_MO + 10}, workdays[] = {DAY_MO + 12};
    static const struct hours_calendar known = {holidays, 2, workdays, 1, years, 1};
    uint64_t random = random_seed();
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        struct hours *hours = compiled(values[v]);
        for (int i = 0; i < 30; i++) {
            int32_t from = DAY_MO + (int32_t)random_below(&random, 20);
            uint32_t start = random_below(&random, HOURS_MINUTES);
            struct hours_change next, plain;
            bool changes = hours_next_change(hours, &known, from, start, &next);
            if (!change_plainly(hours, &known, from, start, &plain)) {
                assert_true(!changes || next.day > from + 38);
                continue;
            }
            assert_true(changes);
            assert_int_equal(next.day, plain.day);
            assert_int_equal(next.minute, plain.minute);
            assert_int_equal(next.to, plain.to);
        }
        hours_free(hours);
    }
    struct hours_change change = {7, 8, HOURS_UNKNOWN};
    struct hours *always = compiled("24/7");
    assert_false(hours_next_change(always, NULL, DAY_MO, 0, &change));
    assert_int_equal(change.day, 7);
    assert_false(hours_next_change(NULL, NULL, DAY_MO, 0, &change));
    hours_free(always);
}

TEST(a_change_is_found_as_far_as_the_horizon_and_what_is_not_known_is_one)
{
    static const int16_t years[] = {2026};
    static const struct hours_calendar known = {.years = years, .year_count = 1};
    struct hours_change change;
    struct hours *hours = compiled("24/7; Feb 28 10:00-12:00 off");
    assert_true(hours_next_change(hours, &known, DAY_MO, NOON, &change));
    assert_int_equal(change.day, hours_day_of(2027, 2, 28));
    assert_int_equal(change.minute, 600);
    assert_int_equal(change.to, HOURS_CLOSED);
    hours_free(hours);
    hours = compiled("24/7; 2027 Apr 7 off");
    assert_false(hours_next_change(hours, &known, DAY_MO, NOON, &change)); /* in 401 days */
    assert_true(hours_next_change(hours, &known, DAY_MO + 1, NOON, &change));
    hours_free(hours);
    hours = compiled("24/7; PH off"); /* nobody knows 2027's holidays */
    assert_true(hours_next_change(hours, &known, DAY_MO, NOON, &change));
    assert_int_equal(change.day, hours_day_of(2027, 1, 1));
    assert_int_equal(change.to, HOURS_UNKNOWN);
    hours_free(hours);
}

RUN(cmocka_unit_test(days_have_the_dates_of_the_gregorian_calendar),
    cmocka_unit_test(what_is_not_understood_is_refused_with_a_sentence_and_unknown),
    cmocka_unit_test(a_holiday_nobody_told_of_makes_unknown_only_what_hangs_on_it),
    cmocka_unit_test(a_listed_holiday_counts_and_its_year_must_be_complete),
    cmocka_unit_test(a_day_worked_to_make_up_is_sure_only_where_its_name_and_a_working_day_agree),
    cmocka_unit_test(times_that_hang_on_the_sun_are_never_sure),
    cmocka_unit_test(the_rule_that_decides_tells_its_comment),
    cmocka_unit_test(other_keyboards_punctuation_is_read),
    cmocka_unit_test(the_next_change_is_the_first_minute_that_differs),
    cmocka_unit_test(a_change_is_found_as_far_as_the_horizon_and_what_is_not_known_is_one))
