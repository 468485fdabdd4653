#include "tests/check.h"

#include "data/activity_kinds.h"

#include <string.h>

static const char rules_text[] = "points: service\nlabel: {zh: a, en: b}\nactivities: {most: 50}\n";
static const char poor_text[] = "points: service\nlabel: {zh: a, en: b}\n";

static struct points_rules *rules_of(const char *text)
{
    struct points_rules *rules = NULL;
    struct why why = {""};
    if (points_rules_parse("p.yaml", text, strlen(text), NULL, &rules, &why))
        fail_msg("%s", why.text);
    return rules;
}

TEST(the_kinds_that_come_with_the_program_fit_its_points)
{
    struct kinds *cases = NULL;
    struct points_rules *rules = NULL;
    struct activity_kinds *kinds = NULL;
    struct why why = {""};
    assert_ok(kinds_load(HOUSE_ROOT "/data/kinds", NULL, &cases, &why));
    assert_ok(points_rules_load(HOUSE_ROOT "/data/points", cases, &rules, &why));
    if (activity_kinds_load(HOUSE_ROOT "/data/activities", rules, &kinds, &why))
        fail_msg("%s", why.text);
    assert_int_equal(activity_kinds_count(kinds), 6);
    const struct activity_kinds_kind *duty = activity_kinds_find(kinds, "duty");
    assert_false(duty->is_event);
    assert_int_equal(duty->amount, 30);
    assert_int_equal(activity_kinds_number(duty, "moved")->most, 500);
    assert_null(activity_kinds_number(duty, "visits"));
    assert_null(activity_kinds_find(kinds, "party"));
    assert_int_equal(activity_kinds_find(kinds, "clinic")->code_min, 0);
    activity_kinds_free(kinds);
    points_rules_free(rules);
    kinds_free(cases);
}

#define HEAD "activity: help\nlabel: {zh: a, en: b}\nis: task\n"
#define GOOD HEAD "check_in: [staff]\n"

TEST(mistakes_are_told_with_file_and_line)
{
    static const struct {
        const char *text, *sentence;
    } all[] = {
        {"[]", "describes no kind of activity"},
        {"label: {zh: a, en: b}\n", "activity is missing"},
        {"activity: Help\nlabel: {zh: a, en: b}\n", "f.yaml:1: a code has at most"},
        {"activity: help\n", "label is missing"},
        {"activity: help\nlabel: {zh: a}\n", "en is missing"},
        {"activity: help\nlabel: {zh: a, en: b}\nis: party\n", "f.yaml:3: is: must be task or"},
        {HEAD, "check_in must be a list"},
        {HEAD "check_in: [wave]\n", "f.yaml:4: \"wave\" is not known here"},
        {GOOD "within_m: 5\n", "f.yaml:5: "},
        {GOOD "confirm: perhaps\n", "f.yaml:5: "},
        {GOOD "points: 7\n", "points must be a mapping"},
        {GOOD "points: {kind: gold}\n", "f.yaml:5: there are no points \"gold\""},
        {GOOD "points: {kind: service, amount: 51}\n", "brings at most 50"},
        {GOOD "tally: 7\n", "tally must be a list"},
        {GOOD "tally:\n  - {code: a, zh: a, en: b}\n  - {code: a, zh: a, en: b}\n",
         "f.yaml:7: \"a\" is given twice"},
        {GOOD "colour: red\n", "colour"},
    };
    struct points_rules *rules = rules_of(rules_text);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct activity_kinds *kinds = NULL;
        struct why why = {""};
        enum err e =
            activity_kinds_parse("f.yaml", all[i].text, strlen(all[i].text), rules, &kinds, &why);
        if (!e || !strstr(why.text, all[i].sentence)) fail_msg("%s\n%s", all[i].text, why.text);
    }
    points_rules_free(rules);
}

TEST(points_that_activities_do_not_bring_are_refused_and_without_rules_nothing_is_held_against_them)
{
    static const char text[] = GOOD "points: {kind: service, amount: 3}\n";
    struct points_rules *rules = rules_of(poor_text);
    struct activity_kinds *kinds = NULL;
    struct why why = {""};
    assert_err(activity_kinds_parse("f.yaml", text, strlen(text), rules, &kinds, &why), ERR_FORMAT);
    assert_non_null(strstr(why.text, "activities bring none"));
    assert_ok(activity_kinds_parse("f.yaml", text, strlen(text), NULL, &kinds, &why));
    activity_kinds_free(kinds);
    points_rules_free(rules);
}

TEST(a_folder_that_is_missing_is_told_apart_from_one_that_is_wrong)
{
    struct activity_kinds *kinds = NULL;
    struct why why = {""};
    assert_err(activity_kinds_load(HOUSE_ROOT "/nowhere", NULL, &kinds, &why), ERR_NOTFOUND);
    assert_err(activity_kinds_load(HOUSE_ROOT "/data/kinds", NULL, &kinds, &why), ERR_FORMAT);
}

RUN(cmocka_unit_test(the_kinds_that_come_with_the_program_fit_its_points),
    cmocka_unit_test(mistakes_are_told_with_file_and_line),
    cmocka_unit_test(
        points_that_activities_do_not_bring_are_refused_and_without_rules_nothing_is_held_against_them),
    cmocka_unit_test(a_folder_that_is_missing_is_told_apart_from_one_that_is_wrong))
