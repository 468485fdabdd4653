/* Turn restrictions and turning round, drawn. */
#include "tests/road_drawing.h"

#define FACTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* A crossing x whose way round is by far longer. */
static const char crossing[] = "     l-----m\n"
                               "     |     |\n"
                               "a----x----bn\n"
                               "     |     |\n"
                               "     r-----q\n";

static void check_limit(const char *limit, const char *profile, const char *points,
                        const char *nodes)
{
    struct drawing d = drawing_make(
        crossing, FACTS("way ax highway=residential", "way xbn highway=residential",
                        "way lx highway=residential", "way xr highway=residential",
                        "way lmn highway=residential", "way rqn highway=residential", limit));
    const char *shown = drawing_show(&d, profile, points);
    if (strcmp(shown, nodes) != 0) print_message("%s, %s %s\n", limit, profile, points);
    assert_string_equal(shown, nodes);
    drawing_free(&d);
}

TEST(restrictions_at_a_node_hold_for_those_they_bind)
{
    static const struct {
        const char *limit, *profile, *points, *nodes;
    } table[] = {
        {"node a note=none", "ebike", "al", "axl"},
        {"limit no_left_turn ax x lx", "ebike", "al", "axbnml"},
        {"limit no_left_turn ax x lx", "motorcycle", "al", "axbnml"},
        {"limit no_left_turn ax x lx", "foot", "al", "axl"},
        {"limit no_left_turn ax x lx", "ebike", "la", "lxa"},
        {"limit no_left_turn ax x lx except=bicycle", "ebike", "al", "axl"},
        {"limit no_left_turn ax x lx except=psv;bicycle", "bicycle", "al", "axl"},
        {"limit no_left_turn ax x lx except=bicycle", "motorcycle", "al", "axbnml"},
        {"limit - ax x lx restriction:motorcycle=no_left_turn", "motorcycle", "al", "axbnml"},
        {"limit - ax x lx restriction:motorcycle=no_left_turn", "ebike", "al", "axl"},
        {"limit only_straight_on ax x xbn", "ebike", "al", "axbnml"},
        {"limit only_straight_on ax x xbn", "ebike", "ar", "axbnqr"},
        {"limit only_straight_on ax x xbn", "ebike", "lr", "lxr"},
        {"limit no_exotic_turn ax x lx", "ebike", "al", "axbnml"},
        {"limit give_way ax x lx", "ebike", "al", "axl"},
        {"limit no_left_turn ax x zz", "ebike", "al", "axl"},
        {"limit no_left_turn ax m lx", "ebike", "al", "axl"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        check_limit(table[i].limit, table[i].profile, table[i].points, table[i].nodes);
}

TEST(restrictions_are_counted_as_kept_or_dropped)
{
    struct drawing d =
        drawing_make(crossing, FACTS("way ax highway=residential", "way xbn highway=residential",
                                     "way lx highway=residential", "limit no_left_turn ax x lx",
                                     "limit no_left_turn ax x zz", "limit nonsense ax x lx"));
    assert_int_equal(d.stats.restrictions_kept, 1);
    assert_int_equal(d.stats.restrictions_dropped, 2);
    drawing_free(&d);
}

/* Two carriageways, joined by the short way xy. */
static struct drawing draw_carriageways(const char *limit)
{
    return drawing_make(
        "a----y----b\n"
        "     |    |\n"
        "c----x----d\n"
        "     |     \n"
        "     s     \n",
        FACTS("way by highway=primary oneway=yes", "way ya highway=primary oneway=yes",
              "way cx highway=primary oneway=yes", "way xd highway=primary oneway=yes",
              "way xy highway=tertiary", "way sx highway=residential",
              "way db highway=primary oneway=yes", limit));
}

TEST(a_restriction_over_a_via_way_remembers_where_one_came_from)
{
    static const struct {
        const char *limit, *points, *nodes;
    } table[] = {
        {"node a note=none", "ca", "cxya"},
        {"limit no_u_turn cx xy ya", "ca", "cxdbya"}, /* the long way round */
        {"limit no_u_turn cx xy ya", "sa", "sxya"},   /* not from here */
        {"limit only_u_turn cx xy ya", "sd", "sxd"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct drawing d = draw_carriageways(table[i].limit);
        assert_route(&d, "motorcycle", table[i].points, table[i].nodes);
        drawing_free(&d);
    }
}

TEST(a_via_way_is_copied_only_where_it_must_be)
{
    struct drawing d = draw_carriageways("limit no_u_turn cx xy ya");
    const struct network *net = graph_network(d.graph);
    assert_int_equal(d.stats.restrictions_kept, 1);
    assert_int_equal(net->arc_count, net->base_arc_count + 1);
    assert_int_equal(net->arc_half[net->arc_count - 1] >> 1,
                     net->arc_half[net->half_arc[net->arc_half[net->arc_count - 1]]] >> 1);
    drawing_free(&d);
}

TEST(turning_round_is_for_dead_ends)
{
    struct drawing d = drawing_make("a----b----c----d\n", FACTS("way abcd highway=residential"));
    struct coord points[] = {d.at['b'], d.at['c'], d.at['b']};
    points[0].lon += 0.0001;
    points[2].lon += 0.0002;
    struct route route;
    size_t culprit;
    struct route_query q = {.profile = (unsigned)graph_profile_find(d.graph, "motorcycle"),
                            .points = points,
                            .point_count = 3,
                            .continue_straight = true};
    assert_ok(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit));
    /* Straight on past c to the end of the road, and back: 100 m and 200 m more. */
    assert_true(route.legs[1].distance_m > 250);
    q.continue_straight = false;
    assert_ok(route_find(d.roads, d.work, &q, &d.arena, &route, &culprit));
    assert_true(route.legs[1].distance_m < 120);
    drawing_free(&d);
}

RUN(cmocka_unit_test(restrictions_at_a_node_hold_for_those_they_bind),
    cmocka_unit_test(restrictions_are_counted_as_kept_or_dropped),
    cmocka_unit_test(a_restriction_over_a_via_way_remembers_where_one_came_from),
    cmocka_unit_test(a_via_way_is_copied_only_where_it_must_be),
    cmocka_unit_test(turning_round_is_for_dead_ends))
