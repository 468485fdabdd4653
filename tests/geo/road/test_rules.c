/* The rules of the shipped profiles, drawn. */
#include "tests/road_drawing.h"

#define FACTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* One road from a to b, and whether each profile gets along it. */
static void check_road(const char *tags, const char *foot, const char *bicycle, const char *ebike,
                       const char *motorcycle)
{
    char fact[160];
    (void)snprintf(fact, sizeof fact, "way ab %s", tags);
    struct drawing d = drawing_make("a---b---c\n", FACTS(fact, "way bc highway=residential"));
    const struct {
        const char *profile, *expected;
    } cases[] = {
        {"foot", foot}, {"bicycle", bicycle}, {"ebike", ebike}, {"motorcycle", motorcycle}};
    const struct network *net = graph_network(d.graph);
    for (size_t i = 0; i < 4; i++) {
        struct network_view view =
            network_view_of(net, (unsigned)graph_profile_find(d.graph, cases[i].profile));
        char seen[16] = "";
        for (uint32_t edge = 0; edge < net->edge_count; edge++) {
            if (net->edges[edge].way_id != 1) continue;
            for (uint32_t direction = 0; direction < 2; direction++) {
                static const char letters[] = "rwpf"; /* of enum route_mode */
                uint32_t arc = net->half_arc[edge << 1 | direction];
                bool open = arc != NETWORK_NONE && view.time_ms[arc] != NETWORK_NONE;
                seen[direction] = open ? letters[view.arc_flags[arc] & NETWORK_MODE] : '-';
                seen[direction + 1] = '\0';
            }
        }
        if (!seen[0]) (void)snprintf(seen, sizeof seen, "--");
        if (strcmp(seen, cases[i].expected) != 0)
            print_message("%s, %s: %s instead of %s\n", tags, cases[i].profile, seen,
                          cases[i].expected);
        assert_string_equal(seen, cases[i].expected);
    }
    drawing_free(&d);
}

/* Two letters a profile, forward and backward: ridden, walked, pushed, ferry, - not at all. */
TEST(each_road_is_open_to_whom_the_profiles_say)
{
    static const struct {
        const char *tags, *foot, *bicycle, *ebike, *motorcycle;
    } table[] = {
        /* by highway */
        {"highway=residential", "ww", "rr", "rr", "rr"},
        {"highway=motorway", "--", "--", "--", "r-"},
        {"highway=trunk", "--", "--", "--", "rr"},
        {"highway=primary motorroad=yes", "--", "pp", "pp", "rr"},
        {"highway=footway", "ww", "pp", "pp", "--"},
        {"highway=steps", "ww", "pp", "pp", "--"},
        {"highway=cycleway", "ww", "rr", "rr", "--"},
        {"highway=construction", "--", "--", "--", "--"},
        {"highway=residential construction=yes", "--", "pp", "pp", "--"},
        {"highway=proposed", "--", "--", "--", "--"},
        {"route=ferry", "ff", "ff", "ff", "ff"},
        {"route=ferry foot=no", "--", "ff", "ff", "ff"},
        /* the most specific key wins */
        {"highway=residential access=no", "--", "--", "--", "--"},
        {"highway=residential access=no bicycle=yes", "--", "rr", "rr", "--"},
        {"highway=residential vehicle=no", "ww", "pp", "pp", "--"},
        {"highway=residential vehicle=no motorcycle=yes", "ww", "pp", "pp", "rr"},
        {"highway=residential bicycle=no electric_bicycle=yes", "ww", "pp", "rr", "rr"},
        {"highway=residential bicycle=no", "ww", "pp", "pp", "rr"},
        {"highway=residential bicycle=no foot=no", "--", "--", "--", "rr"},
        {"highway=trunk bicycle=yes foot=yes", "ww", "rr", "rr", "rr"},
        {"highway=primary motorroad=yes bicycle=designated", "--", "rr", "rr", "rr"},
        {"highway=footway bicycle=designated", "ww", "rr", "rr", "--"},
        {"highway=footway bicycle=dismount", "ww", "pp", "pp", "--"},
        {"highway=residential access=private", "ww", "rr", "rr", "rr"},
        {"highway=residential access=destination", "ww", "rr", "rr", "rr"},
        {"highway=residential access=delivery", "ww", "rr", "rr", "rr"},
        {"highway=residential bicycle:backward=no", "ww", "rp", "rp", "rr"},
        {"highway=residential access=sometimes", "ww", "rr", "rr", "rr"},
        /* oneway */
        {"highway=residential oneway=yes", "ww", "rp", "rp", "r-"},
        {"highway=residential oneway=-1", "ww", "pr", "pr", "-r"},
        {"highway=residential oneway=yes oneway:bicycle=no", "ww", "rr", "rr", "r-"},
        {"highway=residential oneway=yes cycleway=opposite_lane", "ww", "rr", "rr", "r-"},
        {"highway=residential oneway=yes cycleway:left=opposite_track", "ww", "rr", "rr", "r-"},
        {"highway=residential oneway=yes cycleway:left:oneway=-1", "ww", "rr", "rr", "r-"},
        {"highway=residential junction=roundabout", "ww", "r-", "r-", "r-"},
        {"highway=residential junction=roundabout oneway=no", "ww", "rr", "rr", "rr"},
        {"highway=residential oneway=reversible", "ww", "pp", "pp", "--"},
        {"highway=steps conveying=forward", "w-", "pp", "pp", "--"},
        {"highway=footway oneway:foot=yes", "w-", "pp", "pp", "--"},
        /* surface */
        {"highway=track smoothness=impassable", "--", "pp", "pp", "--"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        check_road(table[i].tags, table[i].foot, table[i].bicycle, table[i].ebike,
                   table[i].motorcycle);
}

/* 32 columns of 20 m: 640 m. */
static double seconds_along(const char *profile, const char *tags, const char *from_to)
{
    char fact[160];
    (void)snprintf(fact, sizeof fact, "way ab %s", tags);
    struct drawing d = drawing_make("a-------------------------------b\n", FACTS(fact));
    double seconds = drawing_seconds(&d, profile, from_to);
    drawing_free(&d);
    return seconds;
}

static void assert_kmh(double seconds, double kmh)
{
    double seen = 639.7 / seconds * 3.6; /* 640 m of the plane this was laid out on */
    if (fabs(seen - kmh) > kmh * 0.01) print_message("%g km/h instead of %g\n", seen, kmh);
    assert_true(fabs(seen - kmh) <= kmh * 0.01);
}

TEST(speed_goes_by_highway_and_the_worst_of_surface_tracktype_and_smoothness)
{
    assert_kmh(seconds_along("ebike", "highway=primary", "ab"), 22);
    assert_kmh(seconds_along("ebike", "highway=residential", "ab"), 18);
    assert_kmh(seconds_along("bicycle", "highway=residential surface=sand", "ab"), 5);
    assert_kmh(seconds_along("bicycle", "highway=track tracktype=grade5 surface=gravel", "ab"), 6);
    assert_kmh(seconds_along("bicycle", "highway=residential surface=sand;gravel", "ab"), 5);
    assert_kmh(seconds_along("bicycle", "highway=residential smoothness=horrible", "ab"), 5);
    assert_kmh(seconds_along("foot", "highway=residential", "ab"), 5);
    assert_kmh(seconds_along("motorcycle", "highway=primary maxspeed=20", "ab"), 20);
    assert_kmh(seconds_along("motorcycle", "highway=primary maxspeed=20mph", "ab"), 32.19);
    assert_kmh(seconds_along("ebike", "highway=primary maxspeed=10", "ab"), 22);
}

TEST(one_pushes_at_walking_pace_where_one_may_not_ride)
{
    assert_kmh(seconds_along("ebike", "highway=footway", "ab"), 4);
    assert_kmh(seconds_along("ebike", "highway=steps", "ab"), 1.5);
    assert_kmh(seconds_along("ebike", "highway=residential oneway=yes", "ba"), 4);
}

TEST(a_ferry_takes_the_time_it_is_tagged_with)
{
    assert_true(fabs(seconds_along("ebike", "route=ferry duration=00:10", "ab") - 600) < 1);
    assert_true(fabs(seconds_along("ebike", "route=ferry duration=PT5M30S", "ab") - 330) < 1);
    assert_true(fabs(seconds_along("foot", "route=ferry duration=00:05:30", "ab") - 330) < 1);
    assert_true(fabs(seconds_along("foot", "route=ferry duration=8", "ab") - 480) < 1);
    assert_kmh(seconds_along("ebike", "route=ferry", "ab"), 10);
    assert_kmh(seconds_along("ebike", "route=ferry duration=soon", "ab"), 10);
}

TEST(boarding_a_ferry_and_dismounting_take_time)
{
    struct drawing d =
        drawing_make("a----b----c----d\n", FACTS("way ab highway=residential", "way bc route=ferry",
                                                 "way cd highway=footway"));
    /* 100 m each: 20 s at 18 km/h, 300 s waiting, 36 s sailing, 4 s getting off, 90 s pushing */
    double seconds = drawing_seconds(&d, "ebike", "ad");
    assert_true(fabs(seconds - (20 + 300 + 36 + 4 + 90)) < 2);
    drawing_free(&d);
}

/* A straight road through p, and a way round by q. */
static void check_barrier(const char *tags, const char *profile, bool through)
{
    char fact[160];
    (void)snprintf(fact, sizeof fact, "node p %s", tags);
    struct drawing d =
        drawing_make("a--------p--------b\n"
                     "|                 |\n"
                     "c-----------------d\n",
                     FACTS("way apb highway=residential", "way acdb highway=residential", fact));
    const char *way = drawing_show(&d, profile, "ab");
    if (strcmp(way, through ? "apb" : "acdb") != 0) print_message("%s %s\n", tags, profile);
    assert_string_equal(way, through ? "apb" : "acdb");
    drawing_free(&d);
}

TEST(barriers_stop_by_kind_and_by_their_own_access_tags)
{
    check_barrier("barrier=bollard", "ebike", true);
    check_barrier("barrier=bollard", "motorcycle", false);
    check_barrier("barrier=bollard motorcycle=yes", "motorcycle", true);
    check_barrier("barrier=gate", "motorcycle", true);
    check_barrier("barrier=gate access=no", "motorcycle", false);
    check_barrier("barrier=gate access=no", "foot", false);
    check_barrier("barrier=gate access=no foot=yes", "foot", true);
    check_barrier("barrier=gate access=private", "motorcycle", false); /* possible, but dear */
    check_barrier("barrier=wall", "foot", false);
    check_barrier("barrier=turnstile", "ebike", false);
    check_barrier("barrier=turnstile", "foot", true);
    check_barrier("barrier=something_new", "ebike", true);
    check_barrier("highway=crossing access=no", "ebike", true); /* speaks of those who cross */
}

TEST(a_dead_end_at_a_barrier_can_be_left_by_turning_round)
{
    struct drawing d = drawing_make("a----b----p----e\n"
                                    "     |          \n"
                                    "     c          \n",
                                    FACTS("way abpe highway=residential oneway=no",
                                          "way bc highway=residential", "node p barrier=wall"));
    assert_route(&d, "motorcycle", "ac", "abc");
    struct coord at = d.at['p'];
    at.lon -= 0.0002; /* beyond b, before the wall */
    struct coord points[] = {at, d.at['c']};
    struct route route;
    size_t culprit;
    struct route_query q = {.profile = (unsigned)graph_profile_find(d.graph, "motorcycle"),
                            .points = points,
                            .point_count = 2};
    assert_ok(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit));
    /* What lies behind the wall is reached as far as the wall. */
    assert_route(&d, "motorcycle", "ae", "abp");
    drawing_free(&d);
}

TEST(signals_delay_only_those_they_face)
{
    struct drawing plain = drawing_make("a----s----b\n", FACTS("way asb highway=residential"));
    struct drawing d = drawing_make("a----s----b\n", FACTS("way asb highway=residential",
                                                           "node s highway=traffic_signals "
                                                           "traffic_signals:direction=forward"));
    double base = drawing_seconds(&plain, "ebike", "ab");
    assert_true(fabs(drawing_seconds(&d, "ebike", "ab") - base - 12) < 0.1);
    assert_true(fabs(drawing_seconds(&d, "ebike", "ba") - base) < 0.1);
    drawing_free(&d);
    drawing_free(&plain);
}

TEST(turning_left_across_traffic_costs_more_than_turning_right)
{
    struct drawing d =
        drawing_make("     l     \n"
                     "     |     \n"
                     "a----x----b\n"
                     "     |     \n"
                     "     r     \n",
                     FACTS("way axb highway=residential", "way lxr highway=residential"));
    double straight = drawing_seconds(&d, "ebike", "ab");
    double left = drawing_seconds(&d, "ebike", "al"), right = drawing_seconds(&d, "ebike", "ar");
    assert_true(fabs(left - right - 3) < 0.1);
    assert_true(right < straight); /* 40 m shorter, and a second for the turn */
    drawing_free(&d);
}

TEST(a_private_or_destination_road_is_no_short_cut_but_leads_to_its_houses)
{
    struct drawing d = drawing_make(
        "s--a----p----b--e\n"
        "   |         |   \n"
        "   c---------d   \n",
        FACTS("way apb highway=residential access=destination", "way sacdbe highway=residential"));
    assert_route(&d, "ebike", "se", "sacdbe");
    assert_route(&d, "ebike", "ps", "pas");
    struct route route;
    assert_ok(drawing_find(&d, "ebike", "sp", &route));
    /* Reluctance steers; it is no time by the clock. */
    assert_true(route.duration_s < 40);
    assert_true(route.legs[0].cost_ms > 120000);
    drawing_free(&d);
}

TEST(conditional_tags_are_counted_and_not_guessed)
{
    struct drawing d = drawing_make("a----b\n", FACTS("way ab highway=residential "
                                                      "access:conditional=no@(08:00-10:00) "
                                                      "oneway:conditional=yes@(Mo-Fr)",
                                                      "limit - ab b ab "
                                                      "restriction:conditional=no_u_turn@(Sa)"));
    assert_int_equal(d.stats.conditional_ignored, 3);
    assert_int_equal(d.stats.restrictions_dropped, 1);
    assert_route(&d, "ebike", "ab", "ab");
    drawing_free(&d);
}

RUN(cmocka_unit_test(each_road_is_open_to_whom_the_profiles_say),
    cmocka_unit_test(speed_goes_by_highway_and_the_worst_of_surface_tracktype_and_smoothness),
    cmocka_unit_test(one_pushes_at_walking_pace_where_one_may_not_ride),
    cmocka_unit_test(a_ferry_takes_the_time_it_is_tagged_with),
    cmocka_unit_test(boarding_a_ferry_and_dismounting_take_time),
    cmocka_unit_test(barriers_stop_by_kind_and_by_their_own_access_tags),
    cmocka_unit_test(a_dead_end_at_a_barrier_can_be_left_by_turning_round),
    cmocka_unit_test(signals_delay_only_those_they_face),
    cmocka_unit_test(turning_left_across_traffic_costs_more_than_turning_right),
    cmocka_unit_test(a_private_or_destination_road_is_no_short_cut_but_leads_to_its_houses),
    cmocka_unit_test(conditional_tags_are_counted_and_not_guessed))
