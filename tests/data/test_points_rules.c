#include "tests/check.h"

#include "data/points_rules.h"

#include <string.h>

static struct kinds *kinds;

static int open_kinds(void **state)
{
    struct why why = {""};
    (void)state;
    return kinds_load(HOUSE_ROOT "/data/kinds", NULL, &kinds, &why) ? 1 : 0;
}

static int close_kinds(void **state)
{
    (void)state;
    kinds_free(kinds);
    return 0;
}

TEST(the_rules_that_come_with_the_program_fit_its_kinds)
{
    struct points_rules *rules = NULL;
    struct why why = {""};
    if (points_rules_load(HOUSE_ROOT "/data/points", kinds, &rules, &why)) fail_msg("%s", why.text);
    assert_int_equal(points_rules_count(rules), 2);
    const struct points_rule *rule = points_rules_of(rules, "report");
    assert_non_null(rule);
    assert_string_equal(rule->points, "service");
    assert_int_equal(points_rules_amount(rule, "lamp", POINTS_REPORTER), 10);
    assert_int_equal(points_rules_amount(rule, "collapse", POINTS_REPORTER), 20);
    assert_int_equal(points_rules_amount(rule, "collapse", POINTS_JOINER), 1);
    assert_null(points_rules_of(rules, "difficulty"));
    assert_int_equal(points_rules_find(rules, "service")->bounds[POINTS_ACTIVITY].most, 50);
    assert_int_equal(points_rules_find(rules, "service")->bounds[POINTS_LESSON].most, 0);
    assert_int_equal(points_rules_find(rules, "learning")->bounds[POINTS_LESSON].most, 20);
    points_rules_free(rules);
}

#define HEAD "points: service\nlabel: {zh: a, en: b}\n"
#define RULE                                                                                       \
    HEAD "cases:\n  - {kind: report, pending: [filed], settled: [closed], void: [rejected], "

TEST(mistakes_are_told_with_file_and_line)
{
    static const struct {
        const char *text, *sentence;
    } all[] = {
        {"[]", "describes no points"},
        {"label: {zh: a, en: b}\n", "points is missing"},
        {"points: Service\nlabel: {zh: a, en: b}\n", "f.yaml:1: a code has at most"},
        {"points: service\n", "label is missing"},
        {HEAD "hand: -1\n", "f.yaml:3: "},
        {HEAD "hand: 20\nhand_day: 19\n", "f.yaml:4: hand_day"},
        {HEAD "caps: 7\n", "caps must be a mapping"},
        {HEAD "caps: {month: 7}\n", "f.yaml:3: "},
        {HEAD "cases: 7\n", "cases must be a list"},
        {HEAD "lessons: 7\n", "lessons must be a mapping"},
        {HEAD "activities: {day: 7}\n", "f.yaml:3: activities: most is missing"},
        {HEAD "activities: {most: -7}\n", "f.yaml:3: "},
        {HEAD "activities: {most: 7, month: 7}\n", "month"},
        {HEAD "cases:\n  - 7\n", "is no mapping"},
        {HEAD "cases:\n  - {kind: nonsense}\n", "f.yaml:4: there is no kind of case \"nonsense\""},
        {HEAD "cases:\n  - {kind: difficulty}\n", "is private"},
        {HEAD "cases:\n  - {kind: report, pending: filed}\n", "pending must be a list of states"},
        {HEAD "cases:\n  - {kind: report, pending: [nowhere]}\n", "has no state \"nowhere\""},
        {HEAD "cases:\n  - {kind: report, pending: [filed], settled: [filed], void: [rejected]}\n",
         "\"filed\" stands in two of"},
        {RULE "reporter: many}\n", "f.yaml:4: "},
        {RULE "reporter: 1, categories: {nothing: 3}}\n", "has no category \"nothing\""},
        {RULE "reporter: 1}\n  - {kind: report, pending: [filed], settled: [closed], void: "
              "[rejected]}\n",
         "brings points already"},
        {RULE "bonus: 1}\n", "bonus"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct points_rules *rules = NULL;
        struct why why = {""};
        enum err e =
            points_rules_parse("f.yaml", all[i].text, strlen(all[i].text), kinds, &rules, &why);
        if (!e || !strstr(why.text, all[i].sentence)) fail_msg("%s\n%s", all[i].text, why.text);
    }
}

TEST(a_folder_that_is_missing_is_told_apart_from_one_that_is_wrong)
{
    struct points_rules *rules = NULL;
    struct why why = {""};
    assert_err(points_rules_load(HOUSE_ROOT "/nowhere", kinds, &rules, &why), ERR_NOTFOUND);
    assert_err(points_rules_load(HOUSE_ROOT "/data/kinds", kinds, &rules, &why), ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rules_that_come_with_the_program_fit_its_kinds),
        cmocka_unit_test(mistakes_are_told_with_file_and_line),
        cmocka_unit_test(a_folder_that_is_missing_is_told_apart_from_one_that_is_wrong)};
    return cmocka_run_group_tests(tests, open_kinds, close_kinds);
}
