#include "tests/check.h"

#include "geo/base/zone.h"
#include "geo/place/worktime.h"

#include <string.h>

/* Spring Festival of 2026, and the days worked for it, as an example of a calendar. */
static int32_t holidays[8], workdays[2];
static const int16_t years[] = {2026};
static struct hours_calendar calendar = {.holidays = holidays,
                                         .holiday_count = 8,
                                         .workdays = workdays,
                                         .workday_count = 2,
                                         .years = years,
                                         .year_count = 1};

static int set_up(void **state)
{
    struct why why = {""};
    (void)state;
    for (int i = 0; i < 8; i++)
        holidays[i] = hours_day_of(2026, 2, 16) + i;
    workdays[0] = hours_day_of(2026, 2, 14);
    workdays[1] = hours_day_of(2026, 2, 28);
    return zone_use("CST-8", &why) ? 1 : 0;
}

static struct hours *parse(const char *text)
{
    struct hours *hours;
    struct why why = {""};
    assert_ok(hours_parse(text, strlen(text), &hours, &why));
    return hours;
}

static int64_t at(int32_t year, unsigned month, unsigned day, uint32_t hour, uint32_t minute)
{
    return zone_utc_ms_of(hours_day_of(year, month, day), hour * 60 + minute);
}

static void assert_due(const struct worktime *work, int64_t from, int64_t minutes, int64_t due)
{
    int64_t found = 0;
    assert_ok(worktime_due(work, from, minutes, &found));
    assert_int_equal(found, due);
    assert_int_equal(worktime_between(work, from, due), minutes);
}

static const char office[] = "Mo-Fr 09:00-12:00,13:00-17:30; PH off";

TEST(a_deadline_counts_the_hours_that_are_worked)
{
    struct hours *hours = parse(office);
    const struct worktime work = {hours, &calendar};
    assert_int_equal(worktime_day(&work), 450);
    /* Tuesday: two hours over lunch; in the evening, from the next morning on */
    assert_due(&work, at(2026, 11, 24, 11, 0), 120, at(2026, 11, 24, 14, 0));
    assert_due(&work, at(2026, 11, 24, 20, 0), 120, at(2026, 11, 25, 11, 0));
    assert_due(&work, at(2026, 11, 24, 9, 0), 180, at(2026, 11, 24, 12, 0)); /* not 13:00 */
    /* Friday afternoon: over the weekend; a day is a day later */
    assert_due(&work, at(2026, 11, 27, 17, 0), 120, at(2026, 11, 30, 10, 30));
    assert_due(&work, at(2026, 11, 27, 11, 0), 450, at(2026, 11, 30, 11, 0));
    /* over a week of holidays, with a Saturday worked before and one after */
    assert_due(&work, at(2026, 2, 13, 17, 0), 60, at(2026, 2, 14, 9, 30));
    assert_due(&work, at(2026, 2, 14, 17, 0), 60, at(2026, 2, 24, 9, 30));
    assert_due(&work, at(2026, 2, 27, 17, 0), 60, at(2026, 2, 28, 9, 30));
    hours_free(hours);
}

TEST(of_a_year_whose_holidays_are_not_known_every_weekday_counts)
{
    struct hours *hours = parse(office);
    const struct worktime work = {hours, &calendar};
    assert_due(&work, at(2028, 5, 1, 9, 0), 60, at(2028, 5, 1, 10, 0)); /* a Monday */
    hours_free(hours);
}

TEST(without_hours_the_clock_never_stops)
{
    const struct worktime always = {NULL, NULL};
    struct hours *hours = parse("24/7");
    const struct worktime day_and_night = {hours, &calendar};
    assert_due(&always, at(2026, 2, 16, 3, 3), 1441, at(2026, 2, 17, 3, 4));
    assert_due(&day_and_night, at(2026, 2, 16, 3, 3), 1441, at(2026, 2, 17, 3, 4));
    assert_int_equal(worktime_day(&always), 1440);
    assert_int_equal(worktime_between(&always, at(2026, 2, 17, 0, 0), at(2026, 2, 16, 0, 0)), 0);
    hours_free(hours);
}

TEST(what_is_never_worked_is_never_due)
{
    struct hours *hours = parse("closed");
    const struct worktime never = {hours, &calendar};
    int64_t due = 7;
    assert_err(worktime_due(&never, at(2026, 2, 16, 3, 3), 1, &due), ERR_RANGE);
    assert_int_equal(worktime_between(&never, 0, at(2026, 2, 16, 3, 3)), 0);
    assert_int_equal(worktime_day(&never), 0);
    assert_int_equal(due, 7);
    hours_free(hours);
}

TEST(what_hangs_on_the_sun_or_on_a_comment_is_not_certain_and_holidays_are)
{
    static const struct {
        const char *text;
        bool certain;
    } rows[] = {{office, true},
                {"24/7", true},
                {"closed", true},
                {"Mo-Fr 22:00-06:00; PH off", true},
                {"Mo-Fr 09:00-sunset", false},
                {"sunrise-sunset", false},
                {"Mo-Fr 09:00-18:00; Jul 1-Jul 3 \"by arrangement\"", false},
                {"Mo-Fr 09:00-18:00; SH off", false},
                {"Mo-Fr 09:00+", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hours *hours = parse(rows[i].text);
        if (worktime_is_certain(&(struct worktime){hours, NULL}) != rows[i].certain)
            fail_msg("%s", rows[i].text);
        hours_free(hours);
    }
    assert_true(worktime_is_certain(&(struct worktime){NULL, NULL}));
}

/* Minute by minute. */
static int64_t count_plainly(const struct worktime *work, int64_t from, int64_t to)
{
    int64_t sum = 0;
    for (int64_t ms = from; ms < to; ms += 60000) {
        struct zone_time t = zone_time_of(ms);
        struct hours_moment moment = hours_moment_of(work->calendar, t.day, t.minute);
        sum += hours_at(work->hours, &moment, NULL) != HOURS_CLOSED;
    }
    return sum;
}

TEST(what_is_counted_equals_counting_minute_by_minute)
{
    static const char *const texts[] = {office,
                                        "Mo-Sa 08:00-18:00",
                                        "Mo-Fr 22:00-06:00; PH off",
                                        "Mo[1] 10:00-11:00",
                                        "24/7; Su off; PH off",
                                        "Dec 25-Jan 3 00:00-24:00"};
    uint64_t seed = random_seed();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct hours *hours = parse(texts[i]);
        const struct worktime work = {hours, &calendar};
        for (int round = 0; round < 20; round++) {
            int64_t from = at(2025, 12, 1, 0, 0) + 60000 * random_below(&seed, 200000);
            int64_t to = from + 60000 * (int64_t)random_below(&seed, 40000), due;
            int64_t plain = count_plainly(&work, from, to);
            assert_int_equal(worktime_between(&work, from, to), plain);
            if (!plain) continue;
            assert_ok(worktime_due(&work, from, plain, &due));
            assert_true(due <= to);
            assert_int_equal(count_plainly(&work, from, due), plain);
            assert_int_equal(count_plainly(&work, from, due - 60000), plain - 1); /* no later */
        }
        hours_free(hours);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deadline_counts_the_hours_that_are_worked),
        cmocka_unit_test(of_a_year_whose_holidays_are_not_known_every_weekday_counts),
        cmocka_unit_test(without_hours_the_clock_never_stops),
        cmocka_unit_test(what_is_never_worked_is_never_due),
        cmocka_unit_test(what_hangs_on_the_sun_or_on_a_comment_is_not_certain_and_holidays_are),
        cmocka_unit_test(what_is_counted_equals_counting_minute_by_minute)};
    return cmocka_run_group_tests(tests, set_up, NULL);
}
