/* How each profile gets about: whole trips under each of its rules, drawn; and the profile that
 * docs/profiles.md has an operator write. */
#include "tests/road_drawing.h"

#include "geo/base/file.h"
#include "tests/scratch.h"

#define FACTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* From a to b straight on by p, over a stretch of 120 m that has some tags, or round by a road:
 * near, 80 m longer; far, 640 m. */
static const char near[] = "a--x--p--y--b\n"
                           "   |     |   \n"
                           "   c-----d   \n";
static const char far[] = "a--x--p--y--b\n"
                          "   |     |   \n"
                          "   |     |   \n"
                          "   |     |   \n"
                          "   |     |   \n"
                          "   |     |   \n"
                          "   |     |   \n"
                          "   |     |   \n"
                          "   c-----d   \n";
static const char around[] = "way axcdyb highway=residential";

static void check_nodes(const char *picture, const char *tags, const char *profile,
                        const char *points, const char *nodes)
{
    char fact[160];
    (void)snprintf(fact, sizeof fact, "way xpy %s", tags);
    struct drawing d = drawing_make(picture, FACTS(fact, around));
    const char *seen = drawing_show(&d, profile, points);
    if (strcmp(seen, nodes) != 0)
        print_message("%s, %s from %c to %c: %s\n", tags, profile, points[0], points[1], seen);
    assert_string_equal(seen, nodes);
    drawing_free(&d);
}

enum turnout { STRAIGHT, AROUND };

static void check_way(const char *picture, const char *tags, const char *profile,
                      const char *points, enum turnout expected)
{
    static const char *const ways[][2] = {{"axpyb", "axcdyb"}, {"bypxa", "bydcxa"}};
    check_nodes(picture, tags, profile, points, ways[points[0] == 'b'][expected]);
}

TEST(one_gets_off_and_pushes_where_that_is_quicker_than_riding_round)
{
    check_way(near, "highway=footway", "foot", "ab", STRAIGHT);
    check_way(near, "highway=footway", "ebike", "ab", AROUND);
    check_way(far, "highway=footway", "ebike", "ab", STRAIGHT);
    check_way(far, "highway=footway", "motorcycle", "ab", AROUND);
    check_way(far, "highway=footway foot=no", "ebike", "ab", AROUND);
    check_way(near, "highway=steps", "foot", "ab", STRAIGHT);
    check_way(near, "highway=steps", "bicycle", "ab", AROUND);
    check_way(far, "highway=steps", "motorcycle", "ab", AROUND);
    check_way(near, "highway=footway bicycle=yes", "ebike", "ab", STRAIGHT);
    check_way(far, "highway=cycleway bicycle=dismount", "ebike", "ab", AROUND);
}

TEST(a_one_way_street_binds_each_profile_by_its_own_keys)
{
    check_way(near, "highway=residential oneway=yes", "motorcycle", "ab", STRAIGHT);
    check_way(near, "highway=residential oneway=yes", "motorcycle", "ba", AROUND);
    check_way(near, "highway=residential oneway=yes", "ebike", "ba", AROUND);
    check_way(far, "highway=residential oneway=yes", "ebike", "ba", STRAIGHT); /* pushed */
    check_way(far, "highway=residential oneway=yes", "motorcycle", "ba", AROUND);
    check_way(near, "highway=residential oneway=yes", "foot", "ba", STRAIGHT);
    check_way(near, "highway=residential oneway=yes oneway:bicycle=no", "ebike", "ba", STRAIGHT);
    check_way(near, "highway=residential oneway=yes oneway:bicycle=no", "motorcycle", "ba", AROUND);
    check_way(near, "highway=residential oneway=yes cycleway=opposite", "bicycle", "ba", STRAIGHT);
    check_way(near, "highway=residential oneway=no oneway:motorcycle=yes", "motorcycle", "ba",
              AROUND);
    check_way(near, "highway=residential oneway=reversible", "motorcycle", "ab", AROUND);
}

TEST(a_road_for_motors_is_for_motors)
{
    check_way(near, "highway=trunk", "motorcycle", "ab", STRAIGHT);
    check_way(near, "highway=trunk", "ebike", "ab", AROUND);
    check_way(near, "highway=trunk", "foot", "ab", AROUND);
    check_way(near, "highway=trunk bicycle=yes", "ebike", "ab", STRAIGHT);
    check_way(near, "highway=primary motorroad=yes", "bicycle", "ab", AROUND);
    check_way(near, "highway=primary motorroad=yes", "motorcycle", "ab", STRAIGHT);
    check_way(near, "highway=motorway", "motorcycle", "ab", STRAIGHT);
    check_way(near, "highway=motorway", "motorcycle", "ba", AROUND);
}

TEST(building_sites_and_roads_to_come_are_gone_round)
{
    check_way(near, "highway=construction construction=residential", "motorcycle", "ab", AROUND);
    check_way(near, "highway=construction construction=residential", "foot", "ab", AROUND);
    check_way(near, "highway=residential construction=yes", "motorcycle", "ab", AROUND);
    check_way(near, "highway=residential construction=yes motorcycle=yes", "motorcycle", "ab",
              STRAIGHT);
    check_way(near, "highway=proposed", "ebike", "ab", AROUND);
}

TEST(a_bad_surface_is_worth_a_way_round)
{
    check_way(near, "highway=residential surface=asphalt", "ebike", "ab", STRAIGHT);
    check_way(near, "highway=residential surface=sand", "ebike", "ab", AROUND);
    check_way(far, "highway=residential surface=sand", "ebike", "ab", STRAIGHT);
    check_way(near, "highway=track tracktype=grade5", "motorcycle", "ab", AROUND);
    check_way(far, "highway=residential smoothness=impassable", "motorcycle", "ab", AROUND);
}

/* p stands within the stretch: through it one does not go, to it and from it one does. */
TEST(roads_for_some_are_no_short_cut_and_lead_to_their_houses_from_either_end)
{
    static const char *const values[] = {"destination", "customers", "delivery",
                                         "private",     "permit",    "agricultural"};
    static const char *const profiles[] = {"foot", "bicycle", "ebike", "motorcycle"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char tags[80];
        (void)snprintf(tags, sizeof tags, "highway=residential access=%s", values[i]);
        for (size_t k = 0; k < 4; k++) {
            bool short_of_patience = strcmp(profiles[k], "foot") != 0 || i >= 3;
            if (short_of_patience) check_way(near, tags, profiles[k], "ab", AROUND);
            check_nodes(near, tags, profiles[k], "ap", "axp");
            check_nodes(near, tags, profiles[k], "pb", "pyb");
        }
    }
    check_way(near, "highway=residential access=private bicycle=yes", "ebike", "ab", STRAIGHT);
    check_way(near, "highway=residential access=no", "ebike", "ab", AROUND);
}

TEST(from_one_private_stretch_to_another_one_leaves_by_the_road)
{
    struct drawing d =
        drawing_make("p--a-----b--q\n",
                     FACTS("way pa highway=service access=private", "way ab highway=residential",
                           "way bq highway=service access=private"));
    struct route route;
    assert_ok(drawing_find(&d, "ebike", "pq", &route));
    assert_string_equal(drawing_show(&d, "ebike", "pq"), "pabq");
    /* One is entered, and one is left, which costs nothing. */
    assert_true(route.legs[0].cost_ms > 600000 && route.legs[0].cost_ms < 700000);
    assert_true(route.duration_s < 100);
    drawing_free(&d);
}

/* Traffic keeps right and goes round against the clock; nobody pushes against it. */
TEST(a_roundabout_is_ridden_one_way_and_walked_either_way)
{
    struct drawing d =
        drawing_make("      n      \n"
                     "a--w     e--b\n"
                     "             \n"
                     "      s      \n",
                     FACTS("way wsenw highway=residential junction=roundabout",
                           "way aw highway=residential", "way eb highway=residential"));
    static const char *const riders[] = {"bicycle", "ebike", "motorcycle"};
    for (size_t i = 0; i < 3; i++) {
        assert_route(&d, riders[i], "ab", "awseb");
        assert_route(&d, riders[i], "ba", "benwa");
    }
    assert_route(&d, "foot", "ab", "awneb");
    assert_route(&d, "foot", "ba", "benwa");
    drawing_free(&d);
}

TEST(a_ferry_takes_whom_it_takes_and_goes_where_it_goes)
{
    struct drawing d = drawing_make(
        "a--b-----c--d\n", FACTS("way ab highway=residential", "way cd highway=residential",
                                 "way bc route=ferry motorcycle=no oneway=yes duration=00:02"));
    assert_route(&d, "foot", "ad", "abcd");
    assert_route(&d, "ebike", "ad", "abcd");
    assert_null(strstr(drawing_show(&d, "motorcycle", "ad"), "bc"));
    assert_null(strstr(drawing_show(&d, "ebike", "da"), "cb"));
    assert_route(&d, "foot", "da", "dcba"); /* `oneway` speaks of vehicles */
    /* 2 x 60 m at 18 km/h, 300 s waiting, 120 s sailing, 3 s getting on again */
    double seconds = drawing_seconds(&d, "ebike", "ad");
    assert_true(fabs(seconds - (24 + 300 + 120 + 3)) < 1);
    drawing_free(&d);
}

TEST(an_area_is_passed_along_its_outline)
{
    struct drawing d =
        drawing_make("      a-----b\n"
                     "s-----d-----c-----t\n",
                     FACTS("way abcda highway=pedestrian area=yes", "way sd highway=residential",
                           "way ct highway=residential"));
    assert_route(&d, "foot", "st", "sdct");
    assert_route(&d, "foot", "sb", "sdab");
    assert_route(&d, "ebike", "st", "sdct"); /* pushed: 120 m at 4 km/h */
    assert_true(drawing_seconds(&d, "ebike", "st") > 48 + 108);
    assert_null(strstr(drawing_show(&d, "motorcycle", "st"), "dc"));
    drawing_free(&d);
}

/* Seconds that tags at the middle of a road add to it. */
static void check_delay(const char *tags, const char *profile, double seconds)
{
    char fact[160];
    (void)snprintf(fact, sizeof fact, "node m %s", tags);
    struct drawing plain = drawing_make("a----m----b\n", FACTS("way amb highway=residential"));
    struct drawing d = drawing_make("a----m----b\n", FACTS("way amb highway=residential", fact));
    double more = drawing_seconds(&d, profile, "ab") - drawing_seconds(&plain, profile, "ab");
    if (fabs(more - seconds) > 0.1) print_message("%s, %s: %g s\n", tags, profile, more);
    assert_true(fabs(more - seconds) < 0.1);
    drawing_free(&d);
    drawing_free(&plain);
}

TEST(the_largest_delay_of_a_node_counts_and_counts_once)
{
    check_delay("highway=traffic_signals", "ebike", 12);
    check_delay("highway=traffic_signals", "foot", 15);
    check_delay("highway=crossing crossing=traffic_signals", "ebike", 6);
    check_delay("highway=traffic_signals crossing=traffic_signals", "ebike", 12);
    check_delay("highway=crossing crossing=zebra", "ebike", 0);
    check_delay("highway=stop", "ebike", 3);
    check_delay("highway=stop", "foot", 0);
    check_delay("highway=give_way", "motorcycle", 2);
    check_delay("railway=level_crossing", "bicycle", 8);
    check_delay("barrier=gate", "ebike", 8);
    check_delay("barrier=gate", "foot", 5);
    check_delay("barrier=kissing_gate", "bicycle", 15);
    check_delay("barrier=toll_booth", "motorcycle", 20);
    check_delay("barrier=unheard_of", "bicycle", 4);
}

/* A bend is no turn: there is no choice. Where a road branches off, it is one. */
TEST(a_turn_costs_where_there_is_a_choice)
{
    static const char picture[] = "a----x----e\n"
                                  "     |     \n"
                                  "     |     \n"
                                  "     b     \n";
    struct drawing bend =
        drawing_make(picture, FACTS("way ax highway=residential", "way xb highway=residential"));
    struct drawing fork =
        drawing_make(picture, FACTS("way axe highway=residential", "way xb highway=residential"));
    static const struct {
        const char *profile;
        double right, left;
    } table[] = {{"foot", 0, 0}, {"bicycle", 1, 4}, {"ebike", 1, 4}, {"motorcycle", 2, 6}};
    for (size_t i = 0; i < 4; i++) {
        const char *profile = table[i].profile;
        double right =
            drawing_seconds(&fork, profile, "ab") - drawing_seconds(&bend, profile, "ab");
        double left = drawing_seconds(&fork, profile, "ba") - drawing_seconds(&bend, profile, "ba");
        assert_true(fabs(right - table[i].right) < 0.1 && fabs(left - table[i].left) < 0.1);
    }
    drawing_free(&bend);
    drawing_free(&fork);
}

/* Where one may not turn left at b, one comes back to it: from the end of a street, or at once. */
static void check_turning_round(const char *anywhere, const char *nodes)
{
    char text[256], path[128];
    const char *folder = scratch_make();
    int len = snprintf(text, sizeof text,
                       "name: cart\nspeeds: {max: 10, ride: {residential: 10}}\n"
                       "junctions: {uturn_anywhere: %s}\nrestrictions: {keys: [restriction]}\n",
                       anywhere);
    (void)scratch_in(path, sizeof path, "cart.yaml");
    assert_ok(file_replace(path, text, (size_t)len, NULL));
    struct drawing d =
        drawing_make_for(folder,
                         "     e          \n"
                         "     |          \n"
                         "a----b----c----f\n"
                         "          |     \n"
                         "          g     \n",
                         FACTS("way ab highway=residential", "way bcf highway=residential",
                               "way cg highway=residential", "way be highway=residential",
                               "limit no_left_turn ab b be"));
    assert_route(&d, "cart", "ae", nodes);
    drawing_free(&d);
    scratch_remove();
}

TEST(turning_round_at_any_junction_is_for_profiles_that_say_so)
{
    check_turning_round("no", "abcgcbe");
    check_turning_round("yes", "abcbe");
}

/* Writes the YAML of docs/profiles.md into the scratch folder. */
static const char *write_example(void)
{
    char *text = NULL, path[128];
    size_t len;
    assert_ok(file_read(HOUSE_ROOT "/docs/profiles.md", 1 << 20, &text, &len, NULL));
    const char *begin = strstr(text, "```yaml\n");
    assert_non_null(begin);
    begin += strlen("```yaml\n");
    const char *end = strstr(begin, "```");
    assert_non_null(end);
    const char *folder = scratch_make();
    (void)scratch_in(path, sizeof path, "tricycle.yaml");
    assert_ok(file_replace(path, begin, (size_t)(end - begin), NULL));
    free(text);
    return folder;
}

TEST(the_profile_that_the_manual_writes_rides_as_the_manual_says)
{
    const char *folder = write_example();
    static const struct {
        const char *through;
        enum turnout expected;
    } table[] = {
        {"highway=residential", STRAIGHT},
        {"highway=residential access=delivery", STRAIGHT},
        {"highway=residential access=private", AROUND},
        {"highway=footway", AROUND},
        {"highway=footway bicycle=yes", AROUND},
        {"highway=steps", AROUND},
        {"highway=trunk", AROUND},
        {"highway=cycleway", STRAIGHT},
        {"highway=residential bicycle=no", AROUND},
        {"highway=residential bicycle=no cargo_bike=yes", STRAIGHT},
        {"highway=residential surface=sand", AROUND},
        {"highway=residential surface=gravel", STRAIGHT},
        {"highway=residential oneway=-1 cycleway=opposite_lane", AROUND},
        {"highway=residential oneway=-1 oneway:bicycle=no", STRAIGHT},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char fact[160];
        (void)snprintf(fact, sizeof fact, "way xpy %s", table[i].through);
        struct drawing d = drawing_make_for(folder, far, FACTS(fact, around));
        const char *seen = drawing_show(&d, "tricycle", "ab");
        const char *expected = table[i].expected == STRAIGHT ? "axpyb" : "axcdyb";
        if (strcmp(seen, expected) != 0) print_message("%s: %s\n", fact, seen);
        assert_string_equal(seen, expected);
        assert_true(graph_profile_count(d.graph) == 1);
        drawing_free(&d);
    }
    struct drawing d = drawing_make_for(
        folder, far, FACTS("way xpy highway=residential", around, "node p barrier=bollard"));
    assert_route(&d, "tricycle", "ab", "axcdyb");
    drawing_free(&d);
    scratch_remove();
}

RUN(cmocka_unit_test(one_gets_off_and_pushes_where_that_is_quicker_than_riding_round),
    cmocka_unit_test(a_one_way_street_binds_each_profile_by_its_own_keys),
    cmocka_unit_test(a_road_for_motors_is_for_motors),
    cmocka_unit_test(building_sites_and_roads_to_come_are_gone_round),
    cmocka_unit_test(a_bad_surface_is_worth_a_way_round),
    cmocka_unit_test(roads_for_some_are_no_short_cut_and_lead_to_their_houses_from_either_end),
    cmocka_unit_test(from_one_private_stretch_to_another_one_leaves_by_the_road),
    cmocka_unit_test(a_roundabout_is_ridden_one_way_and_walked_either_way),
    cmocka_unit_test(a_ferry_takes_whom_it_takes_and_goes_where_it_goes),
    cmocka_unit_test(an_area_is_passed_along_its_outline),
    cmocka_unit_test(the_largest_delay_of_a_node_counts_and_counts_once),
    cmocka_unit_test(a_turn_costs_where_there_is_a_choice),
    cmocka_unit_test(turning_round_at_any_junction_is_for_profiles_that_say_so),
    cmocka_unit_test(the_profile_that_the_manual_writes_rides_as_the_manual_says))
