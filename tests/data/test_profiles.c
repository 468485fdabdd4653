#include "tests/check.h"

#include "data/profiles.h"

#include <string.h>

static void refused(const char *text, const char *sentence)
{
    struct profile profile;
    struct why why = {""};
    assert_int_not_equal(profiles_parse("p.yaml", text, strlen(text), &profile, &why), ERR_OK);
    assert_string_equal(why.text, sentence);
}

TEST(the_shipped_profiles_load_in_the_order_of_their_names)
{
    static const char *const names[] = {"bicycle", "ebike", "foot", "motorcycle"};
    struct profiles *profiles;
    struct why why = {""};
    size_t count;
    enum err e = profiles_load_dir(HOUSE_ROOT "/data/profiles", &profiles, &why);
    if (e) print_message("%s\n", why.text);
    assert_ok(e);
    const struct profile *const *list = profiles_list(profiles, &count);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(list[i]->name, names[i]);
    assert_true(list[1]->max_kmh <= 25);
    assert_int_equal(list[2]->mode, ROUTE_WALKING);
    profiles_free(profiles);
}

TEST(tables_are_read_into_a_profile)
{
    static const char text[] =
        "name: cart\n"
        "access:\n  own: [cart]\n  values: {\"no\": deny, private: private, dismount: push}\n"
        "speeds:\n  max: 12\n  ride: {residential: 8, \"*\": 3}\n"
        "  limits: {surface: {mud: no, sand: 2}}\n"
        "junctions:\n  nodes: {barrier: {wall: no, gate: 7}}\n  turns: {left: 2.5}\n"
        "  enter: {ferry: 60}\n";
    struct profile p;
    struct why why = {""};
    assert_ok(profiles_parse("p.yaml", text, sizeof text - 1, &p, &why));
    assert_string_equal(p.name, "cart");
    assert_true(profile_table_get(&p.ride, "residential", 0) > 7.9);
    assert_true(profile_table_get(&p.ride, "primary", 0) < 3.1);
    assert_int_equal(profile_table_get(&p.access, "private", -1), PROFILE_PRIVATE);
    assert_int_equal(profile_table_get(&p.access, "unknown", -1), -1);
    assert_true(profile_table_get(&p.nodes[0].table, "wall", 0) < 0);
    assert_true(p.turn_s[PROFILE_TURN_LEFT] > 2.4 && p.enter_s[ROUTE_FERRY] > 59);
    profile_fini(&p);
}

TEST(a_mistake_is_told_with_file_and_line)
{
    refused("", "p.yaml: not a profile: no keys");
    refused("name: x\n", "profile x has no speeds");
    refused("name: a b\n", "p.yaml:1: name must be 1 to 31 letters, digits, '-' and '_': it is "
                           "part of URLs");
    refused("name: x\nmode: flying\n", "p.yaml:2: mode must be riding or walking");
    refused("name: x\nspeeds:\n  max: 10\n  ride: {residential: 11}\n",
            "p.yaml:4: residential must be between 0 and 10");
    refused("name: x\naccess:\n  values: {private: maybe}\n",
            "p.yaml:3: expected allow, destination, private, push or deny");
    refused("name: x\naccess: {own: bicycle}\n", "p.yaml:2: expected a list of keys, [a, b]");
    refused("name: x\nspeeds: {max: 10}\n", "p.yaml:2: speeds.ride has no road");
}

TEST(a_folder_without_profiles_is_told)
{
    struct profiles *profiles;
    struct why why = {""};
    assert_err(profiles_load_dir(HOUSE_ROOT "/data/sql", &profiles, &why), ERR_NOTFOUND);
    assert_err(profiles_load_dir(HOUSE_ROOT "/no/such/folder", &profiles, &why), ERR_NOTFOUND);
    assert_true(strstr(why.text, "/no/such/folder") != NULL);
}

RUN(cmocka_unit_test(the_shipped_profiles_load_in_the_order_of_their_names),
    cmocka_unit_test(tables_are_read_into_a_profile),
    cmocka_unit_test(a_mistake_is_told_with_file_and_line),
    cmocka_unit_test(a_folder_without_profiles_is_told))
