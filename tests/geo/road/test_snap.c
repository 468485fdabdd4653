/* Snapping held against a look at every edge. */
#include "tests/road_drawing.h"

#include "geo/road/snap.h"
#include "geo/space/geodesic.h"

static const char picture[] = "a---b--------c\n"
                              "|  /      d  |\n"
                              "e--f---g  |  h\n"
                              "       |  i   \n"
                              "  k----l------m\n";
static const char *const facts[] = {"way abc highway=residential", "way ae highway=footway",
                                    "way ef highway=steps",        "way bf highway=cycleway",
                                    "way fg highway=trunk",        "way ch highway=service",
                                    "way di highway=track",        "way gl highway=motorway",
                                    "way klm highway=primary",     NULL};

struct visits {
    const struct graph *graph;
    double last_m;
    size_t count;
    uint32_t first;
};

static bool visit(void *user, const struct snap_place *place)
{
    struct visits *v = user;
    if (v->count++ == 0) v->first = place->edge;
    /* The plane of the walk and the geodesic of the place agree to a centimetre here. */
    assert_true(place->distance_m >= v->last_m - 0.01);
    assert_true(place->fraction >= 0 && place->fraction <= 1);
    v->last_m = place->distance_m;
    return true;
}

/* The least distance to an edge the profile travels, sampled densely along every segment. */
static double scan(const struct graph *graph, unsigned profile, struct coord at, size_t *usable)
{
    const struct network *net = graph_network(graph);
    struct network_view view = network_view_of(net, profile);
    double least = INFINITY;
    *usable = 0;
    for (uint32_t e = 0; e < net->edge_count; e++) {
        uint32_t there = net->half_arc[2 * e], back = net->half_arc[2 * e + 1];
        bool open = (there != NETWORK_NONE && view.time_ms[there] != NETWORK_NONE) ||
                    (back != NETWORK_NONE && view.time_ms[back] != NETWORK_NONE);
        if (!open) continue;
        ++*usable;
        struct graph_edge edge = graph_edge_at(graph, e);
        for (uint32_t i = 0; i + 1 < edge.point_count; i++) {
            struct coord a = coord_from_e7(edge.points[i]), b = coord_from_e7(edge.points[i + 1]);
            for (int k = 0; k <= 200; k++) {
                struct coord c = {a.lon + (b.lon - a.lon) * k / 200,
                                  a.lat + (b.lat - a.lat) * k / 200};
                double distance = geodesic_distance_m(at, c);
                if (distance < least) least = distance;
            }
        }
    }
    return least;
}

TEST(the_walk_meets_every_usable_edge_once_nearest_first)
{
    struct drawing d = drawing_make(picture, facts);
    struct heap heap = {0};
    uint64_t seed = random_seed();
    for (int i = 0; i < 60; i++) {
        struct coord at = {d.at['a'].lon + (random_unit(&seed) * 1.4 - 0.2) * 0.003,
                           d.at['a'].lat - (random_unit(&seed) * 1.4 - 0.2) * 0.0015};
        unsigned profile = (unsigned)(i % 4);
        struct network_view view = network_view_of(graph_network(d.graph), profile);
        struct snap_ground ground = {d.graph, view, NULL, &heap};
        struct visits v = {d.graph, 0, 0, 0};
        size_t usable;
        double least = scan(d.graph, profile, at, &usable);
        assert_ok(snap_walk(&ground, at, INFINITY, visit, &v));
        assert_int_equal(v.count, usable);
        const struct route_waypoint *nearest;
        size_t count;
        assert_ok(
            route_snap(d.roads, d.work, profile, at, INFINITY, 1, &d.arena, &nearest, &count));
        /* Samples stand 1.4 m apart at most; the street of another component may be nearer. */
        assert_true(nearest->distance_m >= least - 1);
        v = (struct visits){d.graph, 0, 0, 0};
        assert_ok(snap_walk(&ground, at, least + 1, visit, &v));
        assert_true(v.count >= 1 && v.count <= usable);
    }
    heap_fini(&heap);
    drawing_free(&d);
}

TEST(a_place_lies_where_its_fraction_says)
{
    struct drawing d =
        drawing_make("a---------b\n", (const char *const[]){"way ab highway=residential", NULL});
    const struct route_waypoint *w;
    size_t count;
    for (int i = 0; i <= 10; i++) {
        struct coord at = {d.at['a'].lon + (d.at['b'].lon - d.at['a'].lon) * i / 10,
                           d.at['a'].lat + 0.0001};
        assert_ok(route_snap(d.roads, d.work, 0, at, 100, 1, &d.arena, &w, &count));
        assert_true(fabs(w->fraction - i / 10.0) < 1e-4);
        assert_true(fabs(w->distance_m - 11.1) < 0.1);
    }
    drawing_free(&d);
}

/* South of an eastward street, the street's direction 0, a one-way one beside it. */
TEST(a_wish_says_in_which_directions_a_street_may_be_travelled)
{
    struct drawing d = drawing_make(
        "a---------b\n"
        "           \n"
        "c---------e\n"
        "           \n"
        "f---------g\n",
        (const char *const[]){"way ab highway=residential", "way ce highway=residential oneway=yes",
                              "way acf highway=residential", "way beg highway=residential",
                              "way fg highway=residential", NULL});
    static const struct {
        struct snap_wish wish;
        const char *name;
        bool forward, backward;
    } rows[] = {
        {{90, 20, SNAP_ANY_SIDE}, "east", true, false},
        {{270, 90, SNAP_ANY_SIDE}, "west", false, true},
        {{0, 100, SNAP_ANY_SIDE}, "about north", true, true},
        {{0, 180, SNAP_CURB}, "the curb", true, false},
        {{0, 180, SNAP_OPPOSITE}, "the other side", false, true},
        {{270, 10, SNAP_CURB}, "both", false, false},
    };
    int profile = graph_profile_find(d.graph, "motorcycle");
    struct network_view view = network_view_of(graph_network(d.graph), (unsigned)profile);
    struct coord at = {(d.at['a'].lon + d.at['b'].lon) / 2, d.at['a'].lat - 0.00005};
    struct snap_choice choice;
    struct heap heap = {0};
    struct snap_ground ground = {d.graph, view, NULL, &heap};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct snap_wish *wish = &rows[i].wish;
        assert_ok(snap_choose(&ground, at, 50, SNAP_VIA, NULL, &choice));
        assert_int_equal(choice.main_count, 1);
        bool forward = snap_wished(&view, &choice.main[0], 0, at, wish);
        bool backward = snap_wished(&view, &choice.main[0], 1, at, wish);
        assert_true(forward == rows[i].forward && backward == rows[i].backward);
        assert_ok(snap_choose(&ground, at, 50, SNAP_VIA, wish, &choice));
        assert_int_equal(choice.main_count, forward || backward);
    }
    /* Beside a one-way street there is one side only. */
    struct coord south = {at.lon, d.at['c'].lat - 0.00005};
    const struct snap_wish curb = {0, 180, SNAP_CURB}, opposite = {0, 180, SNAP_OPPOSITE};
    assert_ok(snap_choose(&ground, south, 50, SNAP_VIA, NULL, &choice));
    assert_true(snap_wished(&view, &choice.main[0], 0, south, &curb));
    assert_true(snap_wished(&view, &choice.main[0], 0, south, &opposite));
    heap_fini(&heap);
    drawing_free(&d);
}

/* `count` streets of 2 m each, none joined to another, around a coordinate. */
static void add_lonely(struct build *build, uint32_t count)
{
    static const struct profile_tag tag = {"highway", "residential"};
    for (uint32_t i = 0; i < count; i++) {
        const int64_t refs[] = {1000 + 2 * (int64_t)i, 1001 + 2 * (int64_t)i};
        double lon = 116.3 + i % 150 * 1e-4, lat = 39.9 + i / 150 * 1e-4;
        const struct coord at[] = {{lon, lat}, {lon + 2e-5, lat}};
        assert_ok(build_way(build, 100 + i, refs, at, 2, &tag, 1));
    }
}

/* A street of three, the largest component, ten kilometres to the east of them. */
static struct drawing islands(uint32_t count)
{
    static const struct profile_tag tag = {"highway", "residential"};
    const int64_t refs[] = {1, 2, 3, 4};
    const struct coord at[] = {{116.42, 39.9}, {116.421, 39.9}, {116.422, 39.9}, {116.423, 39.9}};
    struct drawing d = {.path = "/tmp/yizhan-islands-XXXXXX"};
    struct build *build;
    struct why why = {""};
    size_t profile_count;
    int fd = mkstemp(d.path);
    assert_true(fd >= 0);
    close(fd);
    assert_ok(profiles_load_dir(HOUSE_ROOT "/data/profiles", &d.profiles, &why));
    const struct profile *const *list = profiles_list(d.profiles, &profile_count);
    assert_ok(build_new(list, profile_count, &build));
    assert_ok(build_way(build, 1, refs, at, 4, &tag, 1));
    assert_ok(build_way(build, 2, refs + 1, at + 1, 2, &tag, 1));
    add_lonely(build, count);
    assert_ok(build_finish(build, d.path, "islands", NULL, &d.stats, &why));
    build_free(build);
    assert_ok(roads_open(d.path, 1, NULL, &d.keeper, &why));
    assert_ok(roads_make(d.keeper, NULL, 0, &d.roads));
    d.graph = roads_graph(d.roads);
    assert_ok(route_work_new(&d.work));
    return d;
}

TEST(the_largest_component_is_looked_for_beyond_so_many_streets_and_no_further)
{
    for (uint32_t few = 0; few < 2; few++) {
        struct drawing d = islands(few ? SNAP_MAX_PASSED - 1 : SNAP_MAX_PASSED);
        struct heap heap = {0};
        struct snap_ground ground = {d.graph, network_view_of(graph_network(d.graph), 0), NULL,
                                     &heap};
        struct snap_choice choice;
        const struct coord west = {116.29, 39.9}, east = {116.422, 39.901};
        assert_ok(snap_choose(&ground, west, INFINITY, SNAP_VIA, NULL, &choice));
        assert_int_equal(choice.main_count > 0, few);
        assert_int_equal(choice.small_count, SNAP_MAX_SMALL);
        assert_ok(snap_choose(&ground, east, INFINITY, SNAP_VIA, NULL, &choice));
        assert_true(choice.main_count > 0 && choice.small_count == 0);
        heap_fini(&heap);
        drawing_free(&d);
    }
}

RUN(cmocka_unit_test(the_walk_meets_every_usable_edge_once_nearest_first),
    cmocka_unit_test(a_place_lies_where_its_fraction_says),
    cmocka_unit_test(a_wish_says_in_which_directions_a_street_may_be_travelled),
    cmocka_unit_test(the_largest_component_is_looked_for_beyond_so_many_streets_and_no_further))
