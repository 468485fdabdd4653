#include "tests/check.h"

#include "server/cookie.h"

TEST(a_cookie_is_found_among_others)
{
    static const struct {
        const char *header, *value;
    } rows[] = {{"yizhan=abc", "abc"},
                {"a=b; yizhan=abc; c=d", "abc"},
                {"a=b;yizhan=abc", "abc"},
                {"yizhan=a=b", "a=b"},
                {"__Host-yizhan=x; yizhan=abc", "abc"},
                {"yizhan2=x; yizhan=abc; xyizhan=y", "abc"}};
    char value[8];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(cookie_read(rows[i].header, "yizhan", value, sizeof value));
        assert_string_equal(value, rows[i].value);
    }
}

TEST(what_is_missing_empty_too_long_or_there_twice_is_none)
{
    static const char *const rows[] = {"",
                                       "yizhan",
                                       "yizhan=",
                                       "other=abc",
                                       "YIZHAN=a",
                                       "yizhan=a; yizhan=b",
                                       "yizhan=a;yizhan=a",
                                       "yizhan=12345678"};
    char value[8] = "kept";
    assert_false(cookie_read(NULL, "yizhan", value, sizeof value));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_false(cookie_read(rows[i], "yizhan", value, sizeof value));
    assert_string_equal(value, "kept");
}

RUN(cmocka_unit_test(a_cookie_is_found_among_others),
    cmocka_unit_test(what_is_missing_empty_too_long_or_there_twice_is_none))
