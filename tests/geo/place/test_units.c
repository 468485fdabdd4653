#include "tests/check.h"

#include "geo/place/units.h"

#include <string.h>

/* Units between blanks: "|" before one that has a gap, "_" before one that a separator precedes;
 * signs as U+XXXX. */
static void tell(const struct units *units, char *to, size_t size)
{
    to[0] = '\0';
    for (size_t i = 0; i < units->count; i++) {
        const struct unit *unit = &units->at[i];
        size_t len = strlen(to);
        const char *marks = unit->blank ? "_|" : unit->gap ? "|" : "";
        if (unit->sign)
            (void)snprintf(to + len, size - len, "%s%s%X", i ? " " : "", marks, unit->sign);
        else
            (void)snprintf(to + len, size - len, "%s%s%.*s", i ? " " : "", marks, unit->len,
                           unit->word);
    }
}

TEST(text_is_cut_into_words_numbers_and_signs)
{
    static const char *const rows[][2] = {
        {"", ""},
        {" -·()", ""},
        {"Public Toilet", "|public _|toilet"},
        {"7-Eleven", "|7 _|eleven"},
        {"B2层", "|b |2 |5C42"},
        {"公厕", "|516C 5395"},
        {"公 厕", "|516C _|5395"},
        {"公(厕)所", "|516C _|5395 _|6240"},
        {"KFC肯德基", "|kfc |80AF 5FB7 57FA"},
        {"McDonald’s", "|mcdonalds"},
        {"Cafe\xcc\x81", "|cafe"},
        {"\xff公\xe5\x85", "|516C"},
        {"１２号", "|12 |53F7"},
        {"𠮷a", "|20BB7 |a"},
    };
    struct units units;
    char told[200];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        units_cut(rows[i][0], strlen(rows[i][0]), &units);
        tell(&units, told, sizeof told);
        assert_string_equal(told, rows[i][1]);
    }
}

TEST(what_is_too_long_is_cut_off)
{
    static char text[4000];
    struct units units;
    memset(text, 'a', sizeof text);
    units_cut(text, sizeof text, &units);
    assert_int_equal(units.count, 1);
    assert_int_equal(units.at[0].len, UNITS_WORD);
    for (size_t i = 0; i < sizeof text; i += 40)
        text[i] = ' ';
    units_cut(text, sizeof text, &units);
    assert_int_equal(units.count, UNITS_MAX);
    for (size_t i = 0; i < units.count; i++)
        assert_int_equal(units.at[i].len, UNITS_WORD);
}

RUN(cmocka_unit_test(text_is_cut_into_words_numbers_and_signs),
    cmocka_unit_test(what_is_too_long_is_cut_off))
