/* What a route tells: waypoints, steps, maneuvers; and where points snap. */
#include "tests/road_drawing.h"

#define FACTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const type_names[] = {
    "depart",      "turn",       "new name",        "continue",     "merge", "fork",
    "end of road", "roundabout", "exit roundabout", "notification", "arrive"};
static const char *const modifier_names[] = {"uturn",    "sharp right", "right", "slight right",
                                             "straight", "slight left", "left",  "sharp left"};

/* "depart straight Main; turn left Side; arrive straight Side" */
static void assert_steps(struct drawing *d, const char *profile, const char *points,
                         const char *expected)
{
    char told[512];
    size_t len = 0;
    struct route route;
    assert_ok(drawing_find(d, profile, points, &route));
    for (size_t i = 0; i < route.legs[0].step_count; i++) {
        const struct route_step *step = &route.legs[0].steps[i];
        int wrote = snprintf(told + len, sizeof told - len, "%s%s %s %s", i ? "; " : "",
                             type_names[step->type], modifier_names[step->modifier], step->name);
        assert_true(wrote > 0 && (size_t)wrote < sizeof told - len);
        len += (size_t)wrote;
        if (step->exit) {
            wrote = snprintf(told + len, sizeof told - len, " #%d", step->exit);
            len += (size_t)wrote;
        }
    }
    assert_string_equal(told, expected);
}

static struct drawing draw_streets(void)
{
    return drawing_make(
        "     l-----m     \n"
        "     |     |     \n"
        "a----x-----y----b\n"
        "     |           \n"
        "     r           \n",
        FACTS("way axy highway=residential name=Main", "way yb highway=residential name=East",
              "way lx highway=residential name=Side", "way xr highway=residential name=Side",
              "way lm highway=residential name=Top", "way my highway=residential name=Down"));
}

TEST(a_step_is_told_where_the_rider_must_act)
{
    struct drawing d = draw_streets();
    assert_steps(&d, "ebike", "al", "depart straight Main; turn left Side; arrive straight Side");
    assert_steps(&d, "ebike", "ar", "depart straight Main; turn right Side; arrive straight Side");
    assert_steps(&d, "ebike", "ab",
                 "depart straight Main; new name straight East; arrive straight East");
    assert_steps(&d, "ebike", "lr", "depart straight Side; arrive straight Side");
    drawing_free(&d);
}

TEST(a_street_that_splits_into_carriageways_is_not_a_fork)
{
    struct drawing d = drawing_make("            c-------d\n"
                                    "a------b                 e--f\n"
                                    "            g-------h\n",
                                    FACTS("way ab highway=secondary name=Main",
                                          "way bghe highway=secondary oneway=yes name=Main",
                                          "way edcb highway=secondary oneway=yes name=Main",
                                          "way ef highway=secondary name=Main"));
    assert_steps(&d, "ebike", "af", "depart straight Main; arrive straight Main");
    assert_steps(&d, "foot", "af", "depart straight Main; arrive straight Main");
    assert_steps(&d, "foot", "fa", "depart straight Main; arrive straight Main");
    drawing_free(&d);
}

TEST(a_road_that_goes_straight_on_is_no_fork_and_one_that_bears_away_is)
{
    struct drawing d = drawing_make(
        "a------b-------c\n"
        "           d\n",
        FACTS("way ab highway=service", "way bc highway=service", "way bd highway=service"));
    assert_steps(&d, "ebike", "ac", "depart straight ; arrive straight ");
    assert_steps(&d, "ebike", "ad", "depart straight ; fork slight right ; arrive straight ");
    drawing_free(&d);
}

TEST(a_route_tells_as_much_as_is_asked_for)
{
    struct drawing d = draw_streets();
    struct coord points[] = {d.at['a'], d.at['l']};
    struct route all, line, sums;
    size_t culprit;
    struct route_query q = {.profile = 1, .points = points, .point_count = 2};
    assert_ok(route_find(d.roads, d.work, &q, &d.arena, &all, &culprit));
    q.detail = ROUTE_POINTS;
    assert_ok(route_find(d.roads, d.work, &q, &d.arena, &line, &culprit));
    q.detail = ROUTE_SUMS;
    assert_ok(route_find(d.roads, d.work, &q, &d.arena, &sums, &culprit));
    assert_true(all.legs[0].step_count > 0 && line.legs[0].step_count == 0);
    assert_int_equal(all.legs[0].point_count, line.legs[0].point_count);
    assert_int_equal(sums.legs[0].point_count, 0);
    assert_true(sums.distance_m == all.distance_m && sums.duration_s == line.duration_s);
    assert_true(sums.legs[0].cost_ms == all.legs[0].cost_ms);
    drawing_free(&d);
}

TEST(a_road_that_ends_and_a_street_that_bends_are_told_as_such)
{
    struct drawing d = drawing_make(
        "  c------d  \n"
        "  |         \n"
        "a-x---t     \n"
        "  |   |     \n"
        "  e   |     \n"
        "  u---v---w \n",
        FACTS("way cxe highway=residential name=Cross", "way cd highway=residential name=Top",
              "way ax highway=residential name=In", "way xt highway=residential name=Out",
              "way tv highway=residential name=Out", "way uvw highway=residential name=Bottom"));
    assert_steps(&d, "ebike", "tw",
                 "depart straight Out; end of road left Bottom; arrive straight Bottom");
    assert_steps(&d, "ebike", "xd",
                 "depart straight Cross; new name right Top; arrive straight Top");
    drawing_free(&d);
}

TEST(a_roundabout_is_one_step_with_the_number_of_its_exit)
{
    struct drawing d = drawing_make(
        "      n      \n"
        "      p      \n"
        "             \n"
        "w---s   q---e\n"
        "             \n"
        "      o      \n"
        "      z      \n",
        FACTS("way soqps highway=residential junction=roundabout",
              "way ws highway=residential name=West", "way oz highway=residential name=South",
              "way qe highway=residential name=East", "way pn highway=residential name=North"));
    struct route route;
    assert_ok(drawing_find(&d, "ebike", "we", &route));
    const struct route_step *steps = route.legs[0].steps;
    assert_int_equal(route.legs[0].step_count, 4);
    assert_int_equal(steps[1].type, ROUTE_ROUNDABOUT);
    assert_int_equal(steps[1].exit, 2);
    assert_int_equal(steps[2].type, ROUTE_EXIT_ROUNDABOUT);
    assert_string_equal(steps[2].name, "East");
    assert_ok(drawing_find(&d, "ebike", "wn", &route));
    assert_int_equal(route.legs[0].steps[1].exit, 3);
    assert_ok(drawing_find(&d, "ebike", "wz", &route));
    assert_int_equal(route.legs[0].steps[1].exit, 1);
    drawing_free(&d);
}

TEST(getting_off_is_told)
{
    struct drawing d = drawing_make("a----b----c\n", FACTS("way ab highway=residential name=Main",
                                                           "way bc highway=footway name=Main"));
    struct route route;
    assert_ok(drawing_find(&d, "ebike", "ac", &route));
    assert_int_equal(route.legs[0].step_count, 3);
    assert_int_equal(route.legs[0].steps[1].type, ROUTE_NOTIFICATION);
    assert_int_equal(route.legs[0].steps[1].mode, ROUTE_PUSHING);
    drawing_free(&d);
}

TEST(an_intersection_lists_its_arms_by_bearing_and_which_one_may_take)
{
    struct drawing d = drawing_make("     l     \n"
                                    "     |     \n"
                                    "a----x----b\n"
                                    "     |     \n"
                                    "     r     \n",
                                    FACTS("way ax highway=residential name=Main",
                                          "way xb highway=residential name=Main",
                                          "way lx highway=residential oneway=yes name=Side",
                                          "way xr highway=residential name=Side"));
    struct route route;
    assert_ok(drawing_find(&d, "motorcycle", "ar", &route));
    const struct route_step *turn = &route.legs[0].steps[1];
    const struct route_intersection *at = turn->intersections;
    assert_int_equal(at->bearing_count, 4);
    const uint16_t bearings[] = {0, 90, 180, 270};
    const bool entry[] = {false, true, true, false}; /* oneway towards us; back is no way on */
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(at->bearings[i], bearings[i]);
        assert_int_equal(at->entry[i], entry[i]);
    }
    assert_int_equal(at->in, 3);
    assert_int_equal(at->out, 2);
    assert_int_equal(turn->bearing_before, 90);
    assert_int_equal(turn->bearing_after, 180);
    assert_int_equal(route.legs[0].steps[0].intersections[0].in, -1);
    drawing_free(&d);
}

static enum err find_between(struct drawing *d, struct coord from, struct coord to,
                             struct route *route, size_t *culprit)
{
    struct coord points[] = {from, to};
    struct route_query q = {.profile = (unsigned)graph_profile_find(d->graph, "ebike"),
                            .points = points,
                            .point_count = 2};
    return route_find(d->roads, d->work, &q, &d->arena, route, culprit);
}

TEST(a_trip_within_one_edge_works_in_either_order)
{
    struct drawing d = drawing_make("a--------b\n", FACTS("way ab highway=residential name=Main"));
    struct coord a = d.at['a'], b = d.at['b'];
    struct coord first = {a.lon + (b.lon - a.lon) * 0.25, a.lat};
    struct coord second = {a.lon + (b.lon - a.lon) * 0.75, a.lat};
    struct route there, back;
    size_t culprit;
    assert_ok(find_between(&d, first, second, &there, &culprit));
    assert_ok(find_between(&d, second, first, &back, &culprit));
    assert_true(fabs(there.distance_m - 90) < 1 && fabs(back.distance_m - 90) < 1);
    assert_int_equal(there.legs[0].arc_count, 1);
    assert_int_equal(there.legs[0].steps[0].bearing_after, 90);
    assert_int_equal(back.legs[0].steps[0].bearing_after, 270);
    assert_ok(find_between(&d, first, first, &there, &culprit));
    assert_true(there.distance_m < 0.01);
    assert_int_equal(there.legs[0].point_count, 2);
    drawing_free(&d);
}

TEST(arriving_tells_the_side)
{
    struct drawing d = drawing_make("a--------b\n", FACTS("way ab highway=residential name=Main"));
    struct coord beside = d.at['b'];
    struct route route;
    size_t culprit;
    beside.lon -= 0.0005;
    beside.lat -= 0.0001;
    assert_ok(find_between(&d, d.at['a'], beside, &route, &culprit));
    assert_int_equal(route.legs[0].steps[1].modifier, ROUTE_RIGHT);
    assert_true(fabs(route.waypoints[1].distance_m - 11.1) < 0.1);
    beside.lat += 0.0002;
    assert_ok(find_between(&d, d.at['a'], beside, &route, &culprit));
    assert_int_equal(route.legs[0].steps[1].modifier, ROUTE_LEFT);
    drawing_free(&d);
}

TEST(an_isolated_courtyard_never_swallows_a_query)
{
    struct drawing d =
        drawing_make("g a-------------b\n"
                     "  |   c----d    |\n"
                     "  |             |\n"
                     "  e-------------f\n",
                     FACTS("way gab highway=residential", "way bf highway=residential",
                           "way fe highway=residential", "way ea highway=residential",
                           "way cd highway=service name=Yard"));
    struct route route;
    size_t culprit;
    /* From the yard to the street: the street is taken at both ends. */
    assert_ok(find_between(&d, d.at['c'], d.at['f'], &route, &culprit));
    assert_true(route.waypoints[0].distance_m > 30);
    /* Within the yard: the yard. */
    assert_ok(find_between(&d, d.at['c'], d.at['d'], &route, &culprit));
    assert_string_equal(route.waypoints[0].name, "Yard");
    assert_true(fabs(route.distance_m - 100) < 1);
    drawing_free(&d);
}

TEST(a_point_without_a_road_in_its_radius_is_named)
{
    struct drawing d = drawing_make("a----b\n", FACTS("way ab highway=residential"));
    struct coord far = {116.5, 39.9}, points[] = {d.at['a'], far};
    const double radius[] = {50, 50};
    struct route route;
    size_t culprit = 99;
    struct route_query q = {.points = points, .point_count = 2, .radius_m = radius};
    assert_err(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit), ERR_NOSEGMENT);
    assert_int_equal(culprit, 1);
    q.radius_m = NULL;
    assert_ok(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit));
    drawing_free(&d);
}

TEST(a_barred_search_ends_when_its_states_are_used_up)
{
    struct drawing d = draw_streets();
    struct coord points[] = {d.at['l'], d.at['r'], d.at['l']};
    struct route route;
    size_t culprit;
    const struct network_bar bar = {.no_steps = true};
    struct route_query q = {.points = points, .point_count = 3, .bar = &bar};
    assert_ok(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit));
    q.states_max = 1;
    assert_err(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit), ERR_LIMIT);
    q.states_max = 1000; /* of each trip, not of the workspace's life */
    for (int i = 0; i < 1000; i++)
        assert_ok(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit));
    drawing_free(&d);
}

TEST(a_query_that_breaks_its_contract_is_refused)
{
    struct drawing d = drawing_make("a----b\n", FACTS("way ab highway=residential"));
    struct coord points[] = {d.at['a'], {NAN, 0}};
    struct route route;
    size_t culprit;
    struct route_query q = {.points = points, .point_count = 2};
    assert_err(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit), ERR_INVALID);
    q.point_count = 1;
    assert_err(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit), ERR_INVALID);
    q.profile = 99;
    assert_err(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit), ERR_INVALID);
    drawing_free(&d);
}

TEST(the_nearest_places_are_distinct_edges_in_order)
{
    struct drawing d = draw_streets();
    const struct route_waypoint *waypoints;
    size_t count;
    assert_ok(route_snap(d.roads, d.work, 0, d.at['l'], INFINITY, 4, &d.arena, &waypoints, &count));
    assert_int_equal(count, 4);
    for (size_t i = 1; i < count; i++) {
        assert_true(waypoints[i].distance_m >= waypoints[i - 1].distance_m - 0.01);
        assert_true(waypoints[i].edge != waypoints[i - 1].edge);
    }
    assert_err(
        route_snap(d.roads, d.work, 0, (struct coord){0, 0}, 10, 4, &d.arena, &waypoints, &count),
        ERR_NOSEGMENT);
    drawing_free(&d);
}

RUN(cmocka_unit_test(a_step_is_told_where_the_rider_must_act),
    cmocka_unit_test(a_street_that_splits_into_carriageways_is_not_a_fork),
    cmocka_unit_test(a_road_that_goes_straight_on_is_no_fork_and_one_that_bears_away_is),
    cmocka_unit_test(a_route_tells_as_much_as_is_asked_for),
    cmocka_unit_test(a_road_that_ends_and_a_street_that_bends_are_told_as_such),
    cmocka_unit_test(a_roundabout_is_one_step_with_the_number_of_its_exit),
    cmocka_unit_test(getting_off_is_told),
    cmocka_unit_test(an_intersection_lists_its_arms_by_bearing_and_which_one_may_take),
    cmocka_unit_test(a_trip_within_one_edge_works_in_either_order),
    cmocka_unit_test(arriving_tells_the_side),
    cmocka_unit_test(an_isolated_courtyard_never_swallows_a_query),
    cmocka_unit_test(a_point_without_a_road_in_its_radius_is_named),
    cmocka_unit_test(a_barred_search_ends_when_its_states_are_used_up),
    cmocka_unit_test(a_query_that_breaks_its_contract_is_refused),
    cmocka_unit_test(the_nearest_places_are_distinct_edges_in_order))
