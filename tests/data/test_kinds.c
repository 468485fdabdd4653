#include "tests/check.h"

#include "data/kinds.h"

#include <string.h>

TEST(the_kinds_that_ship_are_read_and_hold_the_domain)
{
    struct kinds *kinds = NULL;
    struct why why = {""};
    enum err e = kinds_load(HOUSE_ROOT "/data/kinds", NULL, &kinds, &why);
    assert_string_equal(why.text, "");
    assert_ok(e);
    const struct kinds_kind *report = kinds_find(kinds, "report");
    assert_non_null(report);
    assert_false(report->is_private);
    assert_string_equal(report->label.zh, "随手拍");
    assert_string_equal(report->states[report->first_state].code, "submitted");
    const struct kinds_category *lane = kinds_category(report, "blocked_fire_lane");
    assert_non_null(lane);
    assert_string_equal(report->groups[lane->group].code, "fire_risk");
    assert_int_equal(report->group_count, 8);
    assert_int_equal(report->category_count, 30);
    assert_null(kinds_category(report, "nothing"));
    assert_int_equal(kinds_category(report, "collapse")->deadline_min, 120);
    assert_int_equal(kinds_category(report, "bin")->deadline_min, 7 * 450); /* the kind's */
    assert_int_equal(report->near_min, 60);
    assert_int_equal(report->respond_min, 240);
    assert_true(kinds_state(report, "suspended")->paused);
    assert_false(kinds_state(report, "extended")->paused);
    assert_true(kinds_move(report, "handling", "extended")->deadline);
    assert_true(kinds_move(report, "verifying", "closed")->proof);
    assert_int_equal(kinds_move(report, "verifying", "closed")->by & KINDS_ROLE(handler), 0);
    assert_int_equal(report->staff, KINDS_STAFF);
    assert_int_equal(kinds_category(report, "ice")->radius_m, 100);
    assert_int_equal(kinds_category(report, "lamp")->radius_m, 30); /* the kind's */
    assert_string_equal(kinds_category(report, "gas_leak")->phone, "119");
    assert_null(kinds_category(report, "lamp")->phone);
    assert_int_equal(kinds_category(report, "collapse")->closure, KINDS_SHUT);
    const struct kinds_kind *difficulty = kinds_find(kinds, "difficulty");
    assert_true(difficulty->is_private);
    assert_int_equal(difficulty->staff, KINDS_ROLE(branch_staff));
    assert_false(kinds_find(kinds, "opinion")->anonymous);
    assert_int_equal(difficulty->keep_photo_days, 180);
    kinds_free(kinds);
}

/* What is said to answers. */
static const struct {
    struct kinds_said said[3];
    size_t count;
    const char *sentence; /* NULL: they are taken */
} answers[] = {
    {{{"employer", "某公司"}, {"owed", "1200.50"}}, 2, NULL},
    {{{"employer", "某公司"}}, 1, NULL},
    {{{"owed", "1200"}}, 1, "attribute[employer] is missing: Employer"},
    {{{"employer", ""}}, 1, "attribute[employer] is missing: Employer"},
    {{{"employer", "a"}, {"owed", "much"}}, 2, "attribute[owed] must be a number"},
    {{{"employer", "a"}, {"employer", "b"}}, 2, "attribute[employer] is given twice"},
    {{{"employer", "a\nb"}}, 1, "attribute[employer] must be one line of at most 300 characters"},
    {{{"colour", "red"}}, 1, "attribute[colour]: \"wages\" has no such question"},
};

TEST(answers_are_held_against_their_questions)
{
    struct kinds *kinds = NULL;
    assert_ok(kinds_load(HOUSE_ROOT "/data/kinds", NULL, &kinds, NULL));
    const struct kinds_kind *difficulty = kinds_find(kinds, "difficulty");
    const struct kinds_category *wages = kinds_category(difficulty, "wages");
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct why why = {""};
        enum err e = kinds_check(wages, answers[i].said, answers[i].count, &why);
        assert_string_equal(why.text, answers[i].sentence ? answers[i].sentence : "");
        assert_err(e, answers[i].sentence ? ERR_INVALID : ERR_OK);
    }
    const struct kinds_said dark = {"fault", "dark"}, red = {"fault", "red"};
    const struct kinds_category *lamp = kinds_category(kinds_find(kinds, "report"), "lamp");
    assert_ok(kinds_check(lamp, &dark, 1, NULL));
    assert_err(kinds_check(lamp, &red, 1, NULL), ERR_INVALID);
    const struct kinds_said when = {"when", "2026-11-28T08:30:00+08:00"}, then = {"when", "then"};
    assert_ok(kinds_check(kinds_category(difficulty, "injury"), &when, 1, NULL));
    assert_err(kinds_check(kinds_category(difficulty, "injury"), &then, 1, NULL), ERR_INVALID);
    kinds_free(kinds);
}

TEST(the_table_of_moves_is_the_domains)
{
    struct kinds *kinds = NULL;
    assert_ok(kinds_load(HOUSE_ROOT "/data/kinds", NULL, &kinds, NULL));
    const struct kinds_kind *report = kinds_find(kinds, "report");
    static const char *const path[] = {"submitted", "accepted",  "filed",  "dispatched", "handling",
                                       "handled",   "verifying", "closed", "rated"};
    for (size_t i = 1; i < sizeof path / sizeof path[0]; i++) {
        const struct kinds_move *move = kinds_move(report, path[i - 1], path[i]);
        assert_non_null(move);
        assert_false(move->reason);
    }
    assert_true(kinds_move(report, "submitted", "rejected")->reason);
    assert_true(kinds_move(report, "submitted", "duplicate")->link);
    assert_int_equal(kinds_move(report, "submitted", "withdrawn")->by, KINDS_REPORTER);
    assert_int_equal(kinds_move(report, "closed", "reopened")->by, KINDS_REPORTER);
    assert_null(kinds_move(report, "submitted", "closed"));
    assert_null(kinds_move(report, "closed", "accepted"));
    assert_true(kinds_state(report, "suspended")->open);
    assert_false(kinds_state(report, "closed")->open);
    kinds_free(kinds);
}

static const char good[] = "kind: a\n"
                           "label: {zh: 甲, en: A}\n"
                           "states:\n"
                           "  - {code: s, zh: 一, en: S}\n"
                           "  - {code: t, zh: 二, en: T, open: false}\n"
                           "moves:\n"
                           "  - {from: s, to: t, by: [staff], needs: [reason], zh: 去, en: Go}\n"
                           "groups:\n"
                           "  - code: g\n"
                           "    zh: 组\n"
                           "    en: G\n"
                           "    categories:\n"
                           "      - {code: c, zh: 丙, en: C}\n";

/* The good text with one line replaced (or left out, for NULL), and what is then said. */
static const struct {
    int line;
    const char *text, *sentence;
} mistakes[] = {
    {1, "kind: A B", "a.yaml:1: a code has at most 40 characters of a-z 0-9 _"},
    {2, NULL, "a.yaml:1: label is missing"},
    {2, "label: {zh: 甲}", "a.yaml:2: en is missing"},
    {2, "colour: red", "a.yaml:2: \"colour\" is not known here"},
    {4, "  - {code: t, zh: 一, en: S}", "a.yaml:5: the state \"t\" is given twice"},
    {5, "  - {code: t, zh: 二, en: T, open: perhaps}", "a.yaml:5: open must be true or false"},
    {7, "  - {from: s, to: u, by: [staff], zh: 去, en: Go}", "a.yaml:7: there is no state \"u\""},
    {7, "  - {from: s, to: t, by: [god], zh: 去, en: Go}", "a.yaml:7: \"god\" is not known here"},
    {7, "  - {from: s, to: t, zh: 去, en: Go}", "a.yaml:7: by: who may make this move is missing"},
    {7, "  - {from: s, to: s, by: [staff], zh: 去, en: Go}",
     "a.yaml:5: no move leads to the state \"t\""},
    {13, "      - {code: c, zh: 丙, en: C}\n      - {code: c, zh: 丁, en: D}",
     "a.yaml:14: the category \"c\" is given twice"},
    {13, "      - c", "a.yaml:13: an entry of categories is no mapping"},
    {13, NULL, "a.yaml:12: categories must be a list"},
    {3, "work: sometimes\nstates:",
     "a.yaml:3: work: opening hours: a rule is expected at \"sometimes\""},
    {3, "work: \"closed\"\nstates:", "a.yaml:3: work: \"closed\" leaves no time of a week to work"},
    {3, "work: \"Mo-Fr 09:00-sunset\"\nstates:",
     "a.yaml:3: work: \"Mo-Fr 09:00-sunset\" does not always say whether people work"},
    {3, "deadline: soon\nstates:",
     "a.yaml:3: deadline: \"soon\" is no time to work: give minutes, hours or working days, like "
     "30min, 2h or 7d"},
    {13, "      - {code: c, zh: 丙, en: C, deadline: 0h}",
     "a.yaml:13: deadline: \"0h\" is no time to work: give minutes, hours or working days, like "
     "30min, 2h or 7d"},
    {5, "  - {code: t, zh: 二, en: T, open: false, step: 8}",
     "a.yaml:5: step must be a whole number between 1 and 7"},
    {13, "      - {code: c, zh: 丙, en: C, radius: 9000}",
     "a.yaml:13: radius must be a whole number between 0 and 2000"},
    {13, "      - {code: c, zh: 丙, en: C, closure: maybe}",
     "a.yaml:13: closure: \"maybe\" is not known here"},
    {13, "      - {code: c, zh: 丙, en: C, redirect: {phone: \"119\"}}",
     "a.yaml:13: zh is missing"},
    {13,
     "      - {code: c, zh: 丙, en: C, questions: [{code: q, zh: 问, en: Q, type: "
     "singlevaluelist}]}",
     "a.yaml:13: values is missing"},
    {13,
     "      - {code: c, zh: 丙, en: C, questions: [{code: q, zh: 问, en: Q}, {code: q, zh: 问, en: "
     "Q}]}",
     "a.yaml:13: the question \"q\" is given twice"},
    {3, "retention: {closed: 0}\nstates:",
     "a.yaml:3: closed must be a whole number between 1 and 36500"},
    {5, "  - {code: t, zh: 二, en: T, open: false, paused: true}",
     "a.yaml:5: the state \"t\" is paused, but not open"},
    {5, "  - {code: t, zh: 二, en: T, open: false, edit: true}",
     "a.yaml:5: the state \"t\" lets edit, but is not open"},
    {7, "  - {from: s, to: t, by: [staff, reporter], needs: [owner], zh: 去, en: Go}",
     "a.yaml:7: a move that owes an owner is for offices alone"},
    {3, "public: perhaps\nstates:", "a.yaml:3: public must be none, taken_up or at_once"},
    {3, "private: true\npublic: at_once\nstates:", "a.yaml:4: what is private cannot be public"},
    {3, "comments: true\nstates:",
     "a.yaml:1: support and comments are of others, who must find a case: say public"},
    {3, "answer: soon\nstates:",
     "a.yaml:3: answer: \"soon\" is no time to work: give minutes, hours or working days, like "
     "30min, "
     "2h or 7d"},
};

TEST(mistakes_are_told_with_file_and_line)
{
    for (size_t m = 0; m < sizeof mistakes / sizeof mistakes[0]; m++) {
        struct kinds *kinds = NULL;
        struct why why = {""};
        char text[2000] = "";
        size_t used = 0;
        int line = 1;
        for (const char *from = good; *from; line++) {
            size_t n = strcspn(from, "\n") + 1;
            int put = line != mistakes[m].line
                          ? snprintf(text + used, sizeof text - used, "%.*s", (int)n, from)
                      : mistakes[m].text
                          ? snprintf(text + used, sizeof text - used, "%s\n", mistakes[m].text)
                          : 0;
            used += (size_t)put;
            from += n;
        }
        assert_int_not_equal(kinds_parse("a.yaml", text, used, NULL, &kinds, &why), ERR_OK);
        assert_string_equal(why.text, mistakes[m].sentence);
        assert_null(kinds);
    }
}

TEST(a_small_kind_is_read)
{
    struct kinds *kinds = NULL;
    assert_ok(kinds_parse("a.yaml", good, strlen(good), NULL, &kinds, NULL));
    assert_int_equal(kinds_count(kinds), 1);
    assert_true(kinds_move(kinds_at(kinds, 0), "s", "t")->reason);
    kinds_free(kinds);
}

TEST(a_folder_without_kinds_is_told)
{
    struct kinds *kinds = NULL;
    struct why why = {""};
    assert_err(kinds_load(HOUSE_ROOT "/data/sql", NULL, &kinds, &why), ERR_NOTFOUND);
    assert_err(kinds_load(HOUSE_ROOT "/nowhere", NULL, &kinds, &why), ERR_NOTFOUND);
    assert_non_null(strstr(why.text, "/nowhere"));
}

RUN(cmocka_unit_test(the_kinds_that_ship_are_read_and_hold_the_domain),
    cmocka_unit_test(the_table_of_moves_is_the_domains),
    cmocka_unit_test(mistakes_are_told_with_file_and_line), cmocka_unit_test(a_small_kind_is_read),
    cmocka_unit_test(answers_are_held_against_their_questions),
    cmocka_unit_test(a_folder_without_kinds_is_told))
