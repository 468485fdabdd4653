#include "tests/check.h"

#include "server/api/ogc_time.h"

TEST(moments_and_intervals_are_read_with_both_ends_included)
{
    static const struct {
        const char *text;
        int64_t from_ms, to_ms;
    } cases[] = {
        {"1970-01-01T00:00:01Z", 1000, 1000},
        {"1970-01-01T08:00:01.5+08:00", 1500, 1500},
        {"1969-12-31T23:59:59Z", -1000, -1000},
        {"0000-01-01T00:00:00Z", -62167219200000, -62167219200000},
        {"1970-01-01T00:00:01Z/1970-01-01T00:00:02Z", 1000, 2000},
        {"1970-01-01T00:00:01Z/1970-01-01T00:00:01Z", 1000, 1000},
        {"1970-01-01T00:00:01Z/..", 1000, INT64_MAX},
        {"1970-01-01T00:00:01Z/", 1000, INT64_MAX},
        {"../1970-01-01T00:00:01Z", INT64_MIN, 1000},
        {"/1970-01-01T00:00:01Z", INT64_MIN, 1000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ogc_time time;
        assert_true(ogc_time_read(cases[i].text, &time));
        assert_int_equal(time.from_ms, cases[i].from_ms);
        assert_int_equal(time.to_ms, cases[i].to_ms);
    }
}

TEST(anything_else_is_no_time_and_touches_nothing)
{
    static const char *const texts[] = {"",
                                        "..",
                                        "/",
                                        "../..",
                                        "../",
                                        "/..",
                                        "2024",
                                        "2024-06-01",
                                        "2024-06-01T00:00:00",
                                        "2024-06-01T00:00:00 08:00",
                                        "2024-02-30T00:00:00Z",
                                        "2024-13-01T00:00:00Z",
                                        "2024-06-01T00:00:02Z/2024-06-01T00:00:01Z",
                                        "2024-06-01T00:00:00Z/x",
                                        "2024-06-01T00:00:00Z/../..",
                                        ".../2024-06-01T00:00:00Z",
                                        "2024-06-01T00:00:00Z/2024-07-01T00:00:00Z/..",
                                        "2024-06-01T00:00:00.0000000000000000000000000000000000000"
                                        "000000000000000000000000000000000000000000Z/.."};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct ogc_time time = {7, 8};
        assert_false(ogc_time_read(texts[i], &time));
        assert_int_equal(time.from_ms, 7);
        assert_int_equal(time.to_ms, 8);
    }
}

RUN(cmocka_unit_test(moments_and_intervals_are_read_with_both_ends_included),
    cmocka_unit_test(anything_else_is_no_time_and_touches_nothing))
