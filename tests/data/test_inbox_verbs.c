#include "tests/check.h"

#include "data/inbox_verbs.h"
#include "geo/base/text.h"
#include "geo/base/zone.h"

#include <string.h>

/* 28 November 2026, 14:05 in Shanghai. */
static const int64_t noon_ms = 1795845900000;

static const char *said(enum inbox_verb verb, bool english, const struct inbox_verbs_values *values)
{
    static char text[512];
    struct buf buf;
    buf_init(&buf, sizeof text - 1);
    inbox_verbs_say(verb, english, values, &buf);
    assert_ok(buf.err);
    if (buf.len) memcpy(text, buf.bytes, buf.len);
    text[buf.len] = '\0';
    buf_fini(&buf);
    return text;
}

TEST(a_sentence_has_its_values_in_both_languages)
{
    const struct inbox_verbs_values values = {"冬季慰问", "+10", noon_ms};
    assert_string_equal(said(INBOX_activity_seated, false, &values),
                        "候补成功：「冬季慰问」，11月28日 14:05");
    assert_string_equal(said(INBOX_activity_seated, true, &values),
                        "There is a seat for you now: “冬季慰问”, 28 Nov 14:05");
    assert_string_equal(said(INBOX_points_settled, false, &values), "积分已入账：冬季慰问 +10");
}

TEST(a_part_whose_value_is_missing_is_left_out)
{
    const struct inbox_verbs_values none = {NULL, "", 0};
    assert_string_equal(said(INBOX_activity_seated, false, &none), "候补成功");
    assert_string_equal(said(INBOX_points_settled, true, &none), "Points have come in");
}

TEST(a_value_is_never_taken_for_a_part_of_the_sentence)
{
    const struct inbox_verbs_values values = {"{note}[x]", "N", 0};
    assert_string_equal(said(INBOX_reward_spent, false, &values), "兑换码已使用：「{note}[x]」");
}

/* With every value each sentence says what it says without braces or brackets, and every part that
 * could be missing is in brackets, so that nothing is left hanging. */
TEST(every_verb_has_a_code_of_its_group_and_sentences_that_are_whole)
{
    const struct inbox_verbs_values all = {"T", "N", noon_ms}, none = {NULL, NULL, 0};
    for (int v = 0; v < INBOX_VERB_COUNT; v++) {
        enum inbox_verb verb = (enum inbox_verb)v, found;
        assert_true(inbox_verbs_find(inbox_verbs_code(verb), &found));
        assert_int_equal(found, verb);
        for (int english = 0; english < 2; english++) {
            const char *text = said(verb, english, &all);
            assert_null(strpbrk(text, "{}[]"));
            assert_true(text_utf8_valid(text, strlen(text)));
            text = said(verb, english, &none);
            assert_true(strlen(text) > 5);
            assert_null(strpbrk(text, "{}[]"));
            assert_null(strstr(text, "「」"));
            assert_null(strstr(text, "“”"));
            assert_false(text[strlen(text) - 1] == ' ');
        }
    }
}

TEST(a_group_is_found_by_its_name_and_one_alone_cannot_be_turned_off)
{
    enum inbox_group group;
    for (int g = 0; g < INBOX_GROUP_COUNT; g++) {
        assert_true(inbox_verbs_group_find(inbox_verbs_group_name((enum inbox_group)g), &group));
        assert_int_equal(group, g);
        assert_int_equal(inbox_verbs_group_may_be_off(group), group != INBOX_account);
    }
    assert_false(inbox_verbs_group_find("", &group));
    assert_false(inbox_verbs_group_find("Reports", &group));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_has_its_values_in_both_languages),
        cmocka_unit_test(a_part_whose_value_is_missing_is_left_out),
        cmocka_unit_test(a_value_is_never_taken_for_a_part_of_the_sentence),
        cmocka_unit_test(every_verb_has_a_code_of_its_group_and_sentences_that_are_whole),
        cmocka_unit_test(a_group_is_found_by_its_name_and_one_alone_cannot_be_turned_off),
    };
    struct why why = {""};
    assert_ok(zone_use("Asia/Shanghai", &why));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
