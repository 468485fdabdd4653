#include "tests/check.h"

#include "data/import_columns.h"

#include <string.h>

static void guess(const char *const *names, size_t count, int field, int expected)
{
    int columns[IMPORT_COLUMNS_COUNT];
    import_columns_guess(names, count, columns);
    if (columns[field] != expected)
        fail_msg("%s is column %d, not %d", import_columns_name((enum import_column)field),
                 columns[field], expected);
}

TEST(columns_are_known_by_english_and_chinese_names_in_any_dress)
{
    static const char *const names[] = {"\xef\xbb\xbf编 号", "NAME",          "类别（必填）",
                                        "经度(WGS84)",       "Latitude ",     "Hours_Self",
                                        "营业时间",          "opening-hours", "name:en"};
    const size_t count = sizeof names / sizeof *names;
    guess(names, count, IMPORT_COLUMNS_id, 0);
    guess(names, count, IMPORT_COLUMNS_name, 1);
    guess(names, count, IMPORT_COLUMNS_category, 2);
    guess(names, count, IMPORT_COLUMNS_lon, 3);
    guess(names, count, IMPORT_COLUMNS_lat, 4);
    guess(names, count, IMPORT_COLUMNS_hours_self, 5);
    guess(names, count, IMPORT_COLUMNS_hours, 7); /* the better word, not the earlier column */
    guess(names, count, IMPORT_COLUMNS_name_en, 8);
    guess(names, count, IMPORT_COLUMNS_wkt, -1);
    guess(names, 0, IMPORT_COLUMNS_name, -1);
}

TEST(a_column_serves_one_field_and_the_first_of_two_alike_is_taken)
{
    static const char *const names[] = {"编码", "名称", "名称", "代码"};
    guess(names, 4, IMPORT_COLUMNS_name, 1);
    guess(names, 4, IMPORT_COLUMNS_code, 3);
    guess(names, 3, IMPORT_COLUMNS_code, 0);
}

TEST(a_pair_of_numbers_is_a_position)
{
    struct coord at;
    static const char *const good[] = {"116.5,39.25", " 116.5 , 39.25 ", "116.5 39.25",
                                       "116.5;39.25"};
    static const char *const bad[] = {
        "", "116.5", "116.5,", "116.5,x", "116.5,39.25,4", "a,b", "116.5,,39.25,", "116.5，39.25"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!import_columns_pair(good[i], &at)) fail_msg("\"%s\" was not read", good[i]);
        assert_true(at.lon > 116.49 && at.lon < 116.51 && at.lat > 39.24 && at.lat < 39.26);
    }
    for (size_t i = 0; i + 1 < sizeof bad / sizeof *bad; i++)
        if (import_columns_pair(bad[i], &at)) fail_msg("\"%s\" was read", bad[i]);
    assert_true(import_columns_pair(bad[7], &at)); /* the comma of a Chinese keyboard */
}

TEST(levels_are_numbers_or_words_of_official_maps)
{
    assert_int_equal(import_columns_level("8"), 8);
    assert_int_equal(import_columns_level(" 街道 "), 8);
    assert_int_equal(import_columns_level("District"), 6);
    assert_int_equal(import_columns_level("1"), 0);
    assert_int_equal(import_columns_level("12"), 0);
    assert_int_equal(import_columns_level("somewhere"), 0);
    assert_int_equal(import_columns_level(""), 0);
}

RUN(cmocka_unit_test(columns_are_known_by_english_and_chinese_names_in_any_dress),
    cmocka_unit_test(a_column_serves_one_field_and_the_first_of_two_alike_is_taken),
    cmocka_unit_test(a_pair_of_numbers_is_a_position),
    cmocka_unit_test(levels_are_numbers_or_words_of_official_maps))
