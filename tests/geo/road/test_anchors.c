/* Anchors held against snapping each point when it is asked for. */
#include "tests/road_drawing.h"

#include "geo/road/anchors.h"

/* Parallel streets a column apart, a one-way stub from c that nobody comes back from, an islet. */
static const char picture[] = "a---b--------c-s\n"
                              "|  /|     d  |  \n"
                              "e--f---g  |  h  \n"
                              "|   |  |  i  |  \n"
                              "j---k--l-----m  \n"
                              "                \n"
                              "x-y             \n";
static const char *const facts[] = {"way abc highway=residential",
                                    "way aej highway=footway",
                                    "way ef highway=steps",
                                    "way bf highway=cycleway",
                                    "way fg highway=trunk",
                                    "way chm highway=service oneway=yes",
                                    "way cs highway=residential oneway=yes",
                                    "way di highway=track",
                                    "way gl highway=motorway",
                                    "way bkl highway=tertiary",
                                    "way jklm highway=primary",
                                    "way xy highway=residential",
                                    NULL};

enum { POINTS = 400, PROFILES = 4 };
static const struct anchors_group groups[] = {{0, 150}, {150, 0}, {150, 249}, {399, 1}};
enum { GROUPS = sizeof groups / sizeof *groups };

/* Views whose times a test may close. */
struct closing {
    struct network_view views[PROFILES];
    uint32_t *times[PROFILES];
};

static struct closing closing_make(const struct graph *graph)
{
    struct closing c;
    const struct network *net = graph_network(graph);
    assert_int_equal(graph_profile_count(graph), PROFILES);
    for (unsigned p = 0; p < PROFILES; p++) {
        c.views[p] = network_view_of(net, p);
        c.times[p] = malloc(net->arc_count * sizeof(uint32_t));
        assert_non_null(c.times[p]);
        memcpy(c.times[p], c.views[p].time_ms, net->arc_count * sizeof(uint32_t));
        c.views[p].time_ms = c.times[p];
    }
    return c;
}

/* Every edge is shut, or one direction of it, or neither, as chance will have it. */
static void closing_shuffle(struct closing *c, const struct network *net, uint64_t *seed)
{
    for (unsigned p = 0; p < PROFILES; p++)
        for (uint32_t half = 0; half < net->half_count; half++) {
            bool shut = random_below(seed, 4) == 0;
            for (uint32_t arc = 0; arc < net->arc_count; arc++)
                if (net->arc_half[arc] == half)
                    c->times[p][arc] = shut ? NETWORK_NONE : network_view_of(net, p).time_ms[arc];
        }
}

static void closing_free(struct closing *c)
{
    for (unsigned p = 0; p < PROFILES; p++)
        free(c->times[p]);
}

static void scatter(const struct drawing *d, uint64_t *seed, struct coord_e7 *points)
{
    for (int i = 0; i < POINTS; i++) {
        struct coord at = {d->at['a'].lon + (random_unit(seed) * 1.4 - 0.2) * 0.0035,
                           d->at['a'].lat - (random_unit(seed) * 1.4 - 0.2) * 0.0025};
        points[i] = coord_to_e7(at);
        if (i % 7 == 6) points[i] = points[i - 5]; /* some stand together */
    }
    points[3] = coord_to_e7((struct coord){100, 10});
}

static struct anchors_input input_of(const struct graph *graph, const struct closing *closing,
                                     const struct coord_e7 *points)
{
    return (struct anchors_input){.graph = graph,
                                  .views = closing->views,
                                  .radius_m = 120,
                                  .points = points,
                                  .count = POINTS,
                                  .groups = groups,
                                  .group_count = GROUPS};
}

/* Equally near ones come in any order. */
static bool is_among(const struct anchors_place *place, const struct snap_choice *choice)
{
    size_t found = 0;
    for (size_t k = 0; k < choice->main_count; k++) {
        struct coord_e7 at = coord_to_e7(choice->main[k].at);
        found += place->edge == choice->main[k].edge &&
                 place->fraction == choice->main[k].fraction &&
                 memcmp(&place->at, &at, sizeof at) == 0;
    }
    return found == 1;
}

/* Every point, every profile: the places are those that snapping finds now, and the trees have
 * them. */
static void hold(const struct anchors *anchors, const struct anchors_input *input, size_t *without)
{
    struct heap heap = {0};
    *without = 0;
    assert_int_equal(anchors_count(anchors), input->count);
    assert_ptr_equal(anchors_graph(anchors), input->graph);
    for (unsigned p = 0; p < PROFILES; p++)
        for (uint32_t i = 0; i < input->count; i++) {
            struct snap_choice choice;
            size_t count;
            struct snap_ground ground = {input->graph, input->views[p], NULL, &heap};
            assert_ok(snap_choose(&ground, coord_from_e7(input->points[i]), input->radius_m,
                                  SNAP_END, NULL, &choice));
            const struct anchors_place *places = anchors_at(anchors, p, i, &count);
            assert_int_equal(count, choice.main_count);
            *without += count == 0;
            for (size_t k = 0; k < count; k++)
                assert_true(is_among(&places[k], &choice));
        }
    heap_fini(&heap);
}

static void hold_trees(const struct anchors *anchors, const struct anchors_input *input)
{
    for (unsigned p = 0; p < PROFILES; p++)
        for (size_t g = 0; g < GROUPS; g++) {
            const struct rtree *tree = anchors_tree(anchors, p, g);
            assert_int_equal(tree->item_count, groups[g].count);
            assert_int_equal(anchors_group(anchors, g).first, groups[g].first);
            for (uint32_t leaf = 0; leaf < tree->item_count; leaf++) {
                const struct box_e7 *box = &tree->boxes[leaf];
                uint32_t point = groups[g].first + tree->items[leaf];
                size_t count;
                const struct anchors_place *places = anchors_at(anchors, p, point, &count);
                struct coord_e7 at = input->points[point];
                for (size_t k = 0; k < (count ? count : 1); k++) {
                    if (count) at = places[k].at;
                    assert_true(box->min_lon <= at.lon_e7 && at.lon_e7 <= box->max_lon);
                    assert_true(box->min_lat <= at.lat_e7 && at.lat_e7 <= box->max_lat);
                }
                if (count <= 1) assert_true(box->min_lon == box->max_lon);
            }
        }
}

TEST(every_point_has_the_places_that_snapping_would_find)
{
    struct drawing d = drawing_make(picture, facts);
    struct closing open = closing_make(d.graph);
    struct coord_e7 points[POINTS];
    uint64_t seed = random_seed();
    scatter(&d, &seed, points);
    struct anchors_input input = input_of(d.graph, &open, points);
    struct anchors *anchors;
    size_t without;
    assert_ok(anchors_build(&input, NULL, NULL, &anchors));
    hold(anchors, &input, &without);
    hold_trees(anchors, &input);
    assert_in_range(without, PROFILES, PROFILES * POINTS / 2);
    anchors_free(anchors);
    closing_free(&open);
    drawing_free(&d);
}

TEST(what_closures_shut_is_snapped_past_them_and_comes_back_with_the_street)
{
    struct drawing d = drawing_make(picture, facts);
    struct closing closing = closing_make(d.graph);
    struct coord_e7 points[POINTS];
    uint64_t seed = random_seed();
    scatter(&d, &seed, points);
    struct anchors_input input = input_of(d.graph, &closing, points);
    struct anchors *anchors, *next;
    size_t without;
    assert_ok(anchors_build(&input, NULL, NULL, &anchors));
    for (int round = 0; round < 12; round++) {
        closing_shuffle(&closing, graph_network(d.graph), &seed);
        for (uint32_t i = round % 3 ? 0 : POINTS; i < POINTS; i++) /* some come, go and move up */
            points[i] = points[random_below(&seed, 8) ? (i + 1) % POINTS : i];
        assert_ok(anchors_build(&input, anchors, NULL, &next));
        anchors_free(anchors);
        anchors = next;
        hold(anchors, &input, &without);
        hold_trees(anchors, &input);
    }
    anchors_free(anchors);
    closing_free(&closing);
    drawing_free(&d);
}

static size_t ends_of(const struct anchors *anchors, const struct network_view *view,
                      enum snap_role role, struct network_end ends[NETWORK_MAX_ENDS])
{
    return anchors_ends(anchors, view, 0, role, ends);
}

TEST(ends_are_the_open_directions_and_for_a_stop_on_the_way_those_that_lead_on)
{
    struct drawing d = drawing_make(picture, facts);
    struct closing closing = closing_make(d.graph);
    const struct network *net = graph_network(d.graph);
    unsigned motorcycle = (unsigned)graph_profile_find(d.graph, "motorcycle");
    unsigned foot = (unsigned)graph_profile_find(d.graph, "foot");
    struct network_end ends[NETWORK_MAX_ENDS];
    struct anchors *anchors;
    /* On the stub, two thirds of the way from c to s. */
    struct coord_e7 point = coord_to_e7(
        (struct coord){d.at['c'].lon + (d.at['s'].lon - d.at['c'].lon) * 2 / 3, d.at['c'].lat});
    struct anchors_input input = {.graph = d.graph,
                                  .views = closing.views,
                                  .radius_m = INFINITY,
                                  .points = &point,
                                  .count = 1};
    assert_ok(anchors_build(&input, NULL, NULL, &anchors));
    assert_int_equal(ends_of(anchors, &closing.views[motorcycle], SNAP_END, ends), 1);
    uint32_t arc = ends[0].arc;
    assert_true(fabs(ends[0].fraction - (net->arc_half[arc] & 1 ? 1 - 2. / 3 : 2. / 3)) < 1e-3);
    assert_int_equal(ends_of(anchors, &closing.views[motorcycle], SNAP_VIA, ends), 0);
    assert_int_equal(ends_of(anchors, &closing.views[foot], SNAP_VIA, ends), 2);
    assert_int_equal(ends[0].arc, net->half_arc[net->arc_half[ends[0].arc]]);
    assert_int_equal(net->arc_half[ends[0].arc] ^ net->arc_half[ends[1].arc], 1);
    assert_true(fabs(ends[0].fraction + ends[1].fraction - 1) < 1e-12);
    closing.times[foot][ends[0].arc] = NETWORK_NONE;
    uint32_t other = ends[1].arc;
    assert_int_equal(ends_of(anchors, &closing.views[foot], SNAP_END, ends), 1);
    assert_int_equal(ends[0].arc, other);
    anchors_free(anchors);
    closing_free(&closing);
    drawing_free(&d);
}

static bool refuse(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user, (void)stage, (void)done, (void)total;
    return false;
}

TEST(building_stops_when_asked_to_and_takes_no_points_for_an_answer)
{
    struct drawing d = drawing_make(picture, facts);
    struct closing open = closing_make(d.graph);
    struct coord_e7 points[POINTS];
    uint64_t seed = 1;
    scatter(&d, &seed, points);
    struct anchors_input input = input_of(d.graph, &open, points);
    struct anchors *anchors = NULL, *next = NULL;
    assert_err(anchors_build(&input, NULL, &(struct progress){refuse, NULL}, &anchors),
               ERR_CANCELLED);
    assert_null(anchors);
    input.count = 0;
    input.group_count = 0;
    assert_ok(anchors_build(&input, NULL, NULL, &anchors));
    assert_int_equal(anchors_count(anchors), 0);
    input = input_of(d.graph, &open, points);
    assert_ok(anchors_build(&input, anchors, NULL, &next));
    size_t without;
    hold(next, &input, &without);
    anchors_free(next);
    anchors_free(anchors);
    anchors_free(NULL);
    closing_free(&open);
    drawing_free(&d);
}

RUN(cmocka_unit_test(every_point_has_the_places_that_snapping_would_find),
    cmocka_unit_test(what_closures_shut_is_snapped_past_them_and_comes_back_with_the_street),
    cmocka_unit_test(ends_are_the_open_directions_and_for_a_stop_on_the_way_those_that_lead_on),
    cmocka_unit_test(building_stops_when_asked_to_and_takes_no_points_for_an_answer))
