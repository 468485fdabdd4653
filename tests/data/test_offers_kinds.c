#include "tests/check.h"

#include "data/offers_kinds.h"

#include <string.h>

TEST(the_kinds_that_come_along_are_the_four)
{
    static const char *const codes[] = {"meals", "shopping", "services", "leisure_health"};
    struct offers_kinds *kinds = NULL;
    struct why why = {""};
    assert_ok(offers_kinds_load(HOUSE_ROOT "/data/offers", &kinds, &why));
    assert_int_equal(offers_kinds_count(kinds), 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(offers_kinds_at(kinds, i)->code, codes[i]);
    assert_string_equal(offers_kinds_find(kinds, "meals")->label.zh, "餐饮");
    assert_null(offers_kinds_find(kinds, "cars"));
    offers_kinds_free(kinds);
    assert_err(offers_kinds_load(HOUSE_ROOT "/data/nothing", &kinds, &why), ERR_NOTFOUND);
    assert_int_equal(offers_kinds_count(NULL), 0);
}

TEST(a_mistake_is_told_with_its_line)
{
    static const struct {
        const char *text, *said;
    } wrong[] = {{"", "empty"},
                 {"other: 1\n", "other"},
                 {"kinds: 3\n", "f:1: "},
                 {"kinds: []\n", "list of 1"},
                 {"kinds:\n  - meals\n", "f:2: "},
                 {"kinds:\n  - {code: meals}\n", "label"},
                 {"kinds:\n  - {code: Meals, label: {zh: 餐, en: M}}\n", "a-z"},
                 {"kinds:\n  - {code: meals, label: {zh: 餐}}\n", "en is missing"},
                 {"kinds:\n  - {code: meals, label: {zh: 餐, en: M}, colour: red}\n", "colour"},
                 {"kinds:\n  - {code: a, label: {zh: 餐, en: M}}\n  - {code: a, label: {zh: 餐, "
                  "en: M}}\n",
                  "f:3: "}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct offers_kinds *kinds = NULL;
        struct why why = {""};
        assert_err(offers_kinds_parse("f", wrong[i].text, strlen(wrong[i].text), &kinds, &why),
                   ERR_FORMAT);
        if (!strstr(why.text, wrong[i].said)) fail_msg("%zu: %s", i, why.text);
    }
}

RUN(cmocka_unit_test(the_kinds_that_come_along_are_the_four),
    cmocka_unit_test(a_mistake_is_told_with_its_line))
