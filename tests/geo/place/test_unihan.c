#include "tests/check.h"

#include "geo/place/unihan.h"

#include <stdbool.h>
#include <string.h>

TEST(characters_are_folded_to_what_they_are_looked_for_as)
{
    static const struct {
        uint32_t from, to[3];
    } rows[] = {
        {'a', {'a'}},
        {'A', {'a'}},
        {'7', {'7'}},
        {' ', {' '}},
        {'-', {' '}},
        {0xe9 /* é */, {'e'}},
        {0xdf /* ß */, {'s', 's'}},
        {0xff21 /* Ａ */, {'a'}},
        {0xff11 /* １ */, {'1'}},
        {0x3000, {' '}},
        {0x5ec1 /* 廁 */, {0x5395}},
        {0x5395 /* 厕 */, {0x5395}},
        {0x4e7e /* 乾 */, {0x4e7e}},
        {0x5f8c /* 後 */, {0x540e}},
        {0x2461 /* ② */, {'2'}},
        {0x33a1 /* ㎡ */, {'m', '2'}},
        {0xfb01 /* ﬁ */, {'f', 'i'}},
        {0xff76 /* ｶ */, {0x30ab}},
        {0x416 /* Ж */, {0x436}},
        {0xd558 /* 하 */, {0xd558}},
        {0xb7, {' '}},
        {0x1f6bb /* 🚻 */, {' '}},
        {0x10ffff, {' '}},
        {0xe000, {' '}},
    };
    static const uint32_t dropped[] = {'\'', 0x2019, 0x301, 0x200b, 0xfeff, 0xad};
    uint32_t folded[UNIHAN_FOLDED];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t count = unihan_fold(rows[i].from, folded), expected = rows[i].to[1] ? 2 : 1;
        assert_int_equal(count, expected);
        for (size_t k = 0; k < count; k++)
            assert_int_equal(folded[k], rows[i].to[k]);
    }
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        assert_int_equal(unihan_fold(dropped[i], folded), 0);
    assert_int_equal(unihan_fold(UINT32_MAX, folded), 1);
    assert_int_equal(folded[0], ' ');
}

TEST(what_was_folded_is_not_folded_again)
{
    uint32_t folded[UNIHAN_FOLDED], again[UNIHAN_FOLDED];
    for (uint32_t c = 0; c <= UNIHAN_LAST; c++)
        for (size_t n = unihan_fold(c, folded); n > 0; n--) {
            assert_int_equal(unihan_fold(folded[n - 1], again), 1);
            assert_int_equal(again[0], folded[n - 1]);
            bool is_private = folded[n - 1] >= 0xd800 && folded[n - 1] < 0xf900;
            assert_false(is_private);
        }
}

static bool is_read(uint32_t c, const char *as)
{
    const uint16_t *syllables;
    size_t count = unihan_readings(c, &syllables);
    for (size_t i = 0; i < count; i++)
        if (strcmp(unihan_syllable(syllables[i]), as) == 0) return true;
    return false;
}

TEST(characters_have_all_readings_that_are_in_use)
{
    static const struct {
        uint32_t c;
        const char *readings;
    } rows[] = {
        {0x5395, "ce"},          {0x884c, "xing hang"}, {0x4e50, "le yue"}, {0x91cd, "zhong chong"},
        {0x957f, "chang zhang"}, {0x5973, "nv nu"},     {0x7eff, "lv lu"},  {0x8f66, "che ju"},
        {0x671d, "chao zhao"},   {0x90fd, "du dou"},    {0x3007, "ling"},   {0x20000, "he"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (const char *at = rows[i].readings; *at;) {
            char reading[8] = "";
            size_t len = strcspn(at, " ");
            memcpy(reading, at, len);
            if (!is_read(rows[i].c, reading)) print_error("%x is not %s\n", rows[i].c, reading);
            assert_true(is_read(rows[i].c, reading));
            at += len + (at[len] == ' ');
        }
    assert_false(is_read('a', "a"));
    assert_false(is_read(0x436, "zh"));
    assert_false(is_read(UINT32_MAX, "a"));
}

TEST(syllables_are_small_letters_in_order)
{
    assert_in_range(unihan_tables.syllable_count, 400, 511);
    for (uint16_t s = 0; s < unihan_tables.syllable_count; s++) {
        const char *text = unihan_syllable(s);
        assert_int_equal(strspn(text, "abcdefghijklmnopqrstuvwxyz"), strlen(text));
        assert_in_range(strlen(text), 1, UNIHAN_SYLLABLE);
        if (s) assert_true(strcmp(unihan_syllable((uint16_t)(s - 1)), text) < 0);
    }
}

RUN(cmocka_unit_test(characters_are_folded_to_what_they_are_looked_for_as),
    cmocka_unit_test(what_was_folded_is_not_folded_again),
    cmocka_unit_test(characters_have_all_readings_that_are_in_use),
    cmocka_unit_test(syllables_are_small_letters_in_order))
