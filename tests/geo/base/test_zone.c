#include "tests/check.h"

#include "geo/base/zone.h"

#include <string.h>

static void assert_time(int64_t utc_s, int32_t day, uint32_t minute)
{
    struct zone_time t = zone_time_of(utc_s * 1000 + 999);
    assert_int_equal(t.day, day);
    assert_int_equal(t.minute, minute);
}

TEST(a_moment_has_the_day_and_minute_of_the_zone)
{
    struct why why = {""};
    assert_ok(zone_use("Asia/Shanghai", &why));
    assert_time(0, 0, 8 * 60);
    assert_time(57599, 0, 24 * 60 - 1);
    assert_time(57600, 1, 0);
    assert_time(-28801, -1, 24 * 60 - 1);
    assert_ok(zone_use("CST-8", &why));
    assert_time(57600, 1, 0);
    assert_ok(zone_use("UTC0", &why));
    assert_time(-1, -1, 24 * 60 - 1);
    assert_ok(zone_use("NST3:30", &why));
    assert_time(0, -1, 20 * 60 + 30);
}

TEST(a_minute_of_the_zone_is_a_moment_again)
{
    static const char *const zones[] = {"CST-8", "UTC0", "NST3:30",
                                        "EST5EDT,M3.2.0,M11.1.0"}; /* on 8 March and 1 November */
    struct why why = {""};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        assert_ok(zone_use(zones[i], &why));
        for (int64_t utc_s = 1767225600; utc_s < 1798761600; utc_s += 7 * 1740) {
            struct zone_time t = zone_time_of(utc_s * 1000);
            int64_t back = zone_utc_ms_of(t.day, t.minute) / 1000;
            if (back == utc_s) continue;
            assert_true(i == 3 && (back == utc_s - 3600 || back == utc_s + 3600));
            struct zone_time again = zone_time_of(back * 1000);
            assert_true(again.day == t.day && again.minute == t.minute); /* it came twice */
        }
    }
    assert_ok(zone_use("CST-8", &why));
    assert_int_equal(zone_utc_ms_of(1, 0), 57600000);
    assert_int_equal(zone_utc_ms_of(0, 8 * 60), 0);
}

TEST(a_zone_that_does_not_exist_is_refused_with_what_to_do)
{
    static const char *const wrong[] = {"", "Mars/Olympus", "../../etc/passwd", "/etc/passwd",
                                        "C8"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct why why = {""};
        assert_err(zone_use(wrong[i], &why), ERR_INVALID);
        assert_non_null(strstr(why.text, "CST-8"));
    }
}

RUN(cmocka_unit_test(a_moment_has_the_day_and_minute_of_the_zone),
    cmocka_unit_test(a_minute_of_the_zone_is_a_moment_again),
    cmocka_unit_test(a_zone_that_does_not_exist_is_refused_with_what_to_do))
