#include "tests/check.h"

#include "data/rights.h"
#include "geo/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool may(struct people_grant grant, enum rights right, const char *kind)
{
    const int64_t here[] = {12, 3, 1};
    const struct people_actor actor = {.grants = &grant, .grant_count = 1};
    return rights_may(&actor, right, here, 3, kind);
}

TEST(a_grant_reaches_its_area_what_lies_below_and_its_kind)
{
    const int64_t here[] = {12, 3, 1}, there[] = {13, 4, 1};
    const struct people_grant grants[] = {{PEOPLE_area_staff, 3, "report"}};
    const struct people_actor actor = {.grants = grants, .grant_count = 1};
    assert_true(rights_may(&actor, RIGHTS_see, here, 3, "report"));
    assert_false(rights_may(&actor, RIGHTS_audit, here, 3, "report"));
    assert_false(rights_may(&actor, RIGHTS_see, there, 3, "report"));
    assert_false(rights_may(&actor, RIGHTS_see, here, 3, "opinion"));
    assert_false(rights_may(&actor, RIGHTS_see, NULL, 0, "report"));
    assert_false(rights_may(NULL, RIGHTS_see, here, 3, "report"));
    assert_true(may((struct people_grant){PEOPLE_city_admin, 0, ""}, RIGHTS_borders, "anything"));
}

TEST(who_keeps_places_works_on_what_is_said_of_them_too)
{
    const struct people_grant places = {PEOPLE_area_staff, 0, "place"};
    assert_true(may(places, RIGHTS_places, "place"));
    assert_true(may(places, RIGHTS_move, "place_feedback"));
    assert_false(may(places, RIGHTS_move, "report"));
    assert_false(
        may((struct people_grant){PEOPLE_area_staff, 0, "place_feedback"}, RIGHTS_places, "place"));
}

TEST(a_branch_works_on_its_own_kinds_and_a_difficulty_is_nobody_elses)
{
    const struct people_grant branch = {PEOPLE_branch_staff, 3, ""};
    const struct people_grant area = {PEOPLE_area_lead, 3, ""};
    const struct people_grant named = {PEOPLE_area_lead, 3, "difficulty"};
    static const char *const own[] = {"difficulty", "opinion", "proposal"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(may(branch, RIGHTS_see, own[i]));
        assert_int_equal(may(area, RIGHTS_see, own[i]), i > 0);
    }
    assert_false(may(branch, RIGHTS_see, "report"));
    assert_false(may(branch, RIGHTS_see, ""));
    assert_false(may(branch, RIGHTS_closures, "closure"));
    assert_true(may(branch, RIGHTS_points, "points"));
    assert_false(may(branch, RIGHTS_points, "report"));
    assert_true(may(named, RIGHTS_see, "difficulty"));
    assert_true(may((struct people_grant){PEOPLE_city_admin, 0, ""}, RIGHTS_see, "difficulty"));
}

TEST(a_key_has_what_its_grants_name)
{
    const struct people_grant all = {PEOPLE_integrator, 0, ""};
    const struct people_grant named = {PEOPLE_integrator, 0, "report"};
    const struct people_actor by_all = {.grants = &all, .grant_count = 1};
    const struct people_actor by_name = {.grants = &named, .grant_count = 1};
    assert_false(may(all, RIGHTS_see, "report"));
    assert_false(rights_anywhere(&by_all, RIGHTS_see));
    assert_true(may(named, RIGHTS_see, "report"));
    assert_true(rights_anywhere(&by_name, RIGHTS_see));
    assert_false(rights_anywhere(&by_name, RIGHTS_places));
    assert_false(rights_anywhere(NULL, RIGHTS_see));
}

TEST(roles_that_are_held_somewhere_are_told_as_bits)
{
    const int64_t here[] = {12, 3};
    const struct people_grant grants[] = {{PEOPLE_handler, 12, ""},
                                          {PEOPLE_area_lead, 3, "report"},
                                          {PEOPLE_area_staff, 4, ""},
                                          {PEOPLE_rider, 0, ""}};
    const struct people_actor actor = {.grants = grants, .grant_count = 4};
    assert_int_equal(rights_held(&actor, here, 2, "report"),
                     1u << PEOPLE_handler | 1u << PEOPLE_area_lead | 1u << PEOPLE_rider);
    assert_int_equal(rights_held(&actor, here, 2, "opinion"),
                     1u << PEOPLE_handler | 1u << PEOPLE_rider);
}

/* The page's table, as it has to be. */
static void write_table(char *text, size_t size)
{
    size_t used = 0;
#define ADD(...) used += (size_t)snprintf(text + used, size - used, __VA_ARGS__)
    ADD("| right | lets them |");
    for (int r = 0; r < PEOPLE_ROLE_COUNT; r++)
        ADD(" `%s` |", people_role_name((enum people_role)r));
    ADD("\n|---|---|");
    for (int r = 0; r < PEOPLE_ROLE_COUNT; r++)
        ADD(":-:|");
    for (int i = 0; i < RIGHTS_COUNT; i++) {
        ADD("\n| `%s` | %s |", rights_name((enum rights)i), rights_words((enum rights)i));
        for (int r = 0; r < PEOPLE_ROLE_COUNT; r++)
            ADD(" %s |", rights_roles((enum rights)i) & 1u << r ? "yes" : "");
    }
    ADD("\n");
#undef ADD
    assert_true(used < size);
}

TEST(the_page_of_roles_shows_the_table)
{
    static char wanted[8192];
    char *text = NULL;
    size_t len = 0;
    write_table(wanted, sizeof wanted);
    assert_ok(file_read(HOUSE_ROOT "/docs/roles.md", 1 << 20, &text, &len, NULL));
    if (!strstr(text, wanted)) fail_msg("docs/roles.md has to hold this table:\n%s", wanted);
    free(text);
}

RUN(cmocka_unit_test(a_grant_reaches_its_area_what_lies_below_and_its_kind),
    cmocka_unit_test(who_keeps_places_works_on_what_is_said_of_them_too),
    cmocka_unit_test(a_branch_works_on_its_own_kinds_and_a_difficulty_is_nobody_elses),
    cmocka_unit_test(a_key_has_what_its_grants_name),
    cmocka_unit_test(roles_that_are_held_somewhere_are_told_as_bits),
    cmocka_unit_test(the_page_of_roles_shows_the_table))
