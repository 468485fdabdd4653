#include "tests/check.h"

#include "data/posts_kinds.h"

#include <string.h>

static struct kinds *cases;
static struct points_rules *rules;

static int open_rules(void **state)
{
    struct why why = {""};
    (void)state;
    if (kinds_load(HOUSE_ROOT "/data/kinds", NULL, &cases, &why)) return 1;
    return points_rules_load(HOUSE_ROOT "/data/points", cases, &rules, &why) ? 1 : 0;
}

static int close_rules(void **state)
{
    (void)state;
    points_rules_free(rules);
    kinds_free(cases);
    return 0;
}

TEST(the_kinds_that_come_with_the_program_fit_its_points)
{
    struct posts_kinds *kinds = NULL;
    struct why why = {""};
    if (posts_kinds_load(HOUSE_ROOT "/data/posts", rules, &kinds, &why)) fail_msg("%s", why.text);
    assert_int_equal(posts_kinds_count(kinds), 4);
    const struct posts_kind *lesson = posts_kinds_find(kinds, "lesson");
    assert_non_null(lesson);
    assert_true(lesson->quiz);
    assert_string_equal(lesson->points, "learning");
    assert_int_equal(lesson->most, 20);
    assert_int_equal(posts_kinds_find(kinds, "series")->pictures, 1);
    assert_null(posts_kinds_find(kinds, "nothing"));
    assert_null(posts_kinds_find(NULL, "news"));
    posts_kinds_free(kinds);
}

TEST(without_rules_of_points_a_lesson_brings_none)
{
    struct posts_kinds *kinds = NULL;
    struct why why = {""};
    if (posts_kinds_load(HOUSE_ROOT "/data/posts", NULL, &kinds, &why)) fail_msg("%s", why.text);
    assert_null(posts_kinds_find(kinds, "lesson")->points);
    assert_int_equal(posts_kinds_find(kinds, "lesson")->amount, 0);
    posts_kinds_free(kinds);
    assert_err(posts_kinds_load("/nowhere", NULL, &kinds, &why), ERR_NOTFOUND);
}

TEST(mistakes_are_told_with_their_line)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"[]", "no kinds"},
        {"kinds: 1", "x:1: kinds must be a list"},
        {"kinds:\n  - {code: a, zh: b}", "x:2: en is missing"},
        {"kinds:\n  - {code: A, zh: b, en: c}", "x:2: a code has"},
        {"kinds:\n  - {code: a, zh: b, en: c}\n  - {code: a, zh: b, en: c}", "x:3: the kind \"a\""},
        {"kinds:\n  - {code: a, zh: b, en: c, tries: 2}", "x:2: tries is for kinds with a quiz"},
        {"kinds:\n  - {code: a, zh: b, en: c, quiz: true, tries: 0}", "x:2:"},
        {"kinds:\n  - {code: a, zh: b, en: c, quiz: true, points: gold}",
         "x:2: there are no points \"gold\""},
        {"kinds:\n  - {code: a, zh: b, en: c, quiz: true, points: learning, amount: 21}",
         "x:2: the points \"learning\" allow a lesson 20"},
        {"kinds:\n  - {code: a, zh: b, en: c, colour: red}", "x:2:"},
        {"videos:\n  - https://v.qq.com", "x:2: videos"},
        {"videos:\n  - qq", "x:2: videos"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct posts_kinds *kinds;
        struct why why = {""};
        assert_true(posts_kinds_parse("x", rows[i].text, strlen(rows[i].text), rules, &kinds,
                                      &why) != ERR_OK);
        if (!strstr(why.text, rows[i].said)) fail_msg("%s: %s", rows[i].said, why.text);
    }
}

TEST(a_video_is_linked_to_where_the_operator_says_and_nowhere_else)
{
    static const char text[] = "videos: [v.qq.com, bilibili.com]";
    static const char *const good[] = {"https://v.qq.com/x/page/a.html", "https://bilibili.com",
                                       "https://www.bilibili.com/video/BV1?p=2#t",
                                       "HTTPS://V.QQ.COM/a"};
    static const char *const bad[] = {"http://v.qq.com/a",
                                      "https://qq.com/a",
                                      "https://xv.qq.com/a",
                                      "https://v.qq.com.example.org/a",
                                      "https://v.qq.com@example.org/",
                                      "https://example.org\\@v.qq.com/",
                                      "https://example.org#v.qq.com",
                                      "https://example.org?v.qq.com",
                                      "https://v.qq.com:8443/",
                                      "javascript:v.qq.com",
                                      "//v.qq.com/",
                                      ""};
    struct posts_kinds *kinds;
    struct why why = {""};
    assert_ok(posts_kinds_parse("x", text, sizeof text - 1, rules, &kinds, &why));
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!posts_kinds_video(kinds, good[i])) fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (posts_kinds_video(kinds, bad[i])) fail_msg("%s", bad[i]);
    posts_kinds_free(kinds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kinds_that_come_with_the_program_fit_its_points),
        cmocka_unit_test(without_rules_of_points_a_lesson_brings_none),
        cmocka_unit_test(mistakes_are_told_with_their_line),
        cmocka_unit_test(a_video_is_linked_to_where_the_operator_says_and_nowhere_else)};
    return cmocka_run_group_tests(tests, open_rules, close_rules);
}
