/* Which streets a shape covers: drawn, and against a plain look at every edge. */
#include "geo/road/cover.h"
#include "geo/space/geodesic.h"
#include "tests/road_drawing.h"

/* Columns are 20 m wide, rows 40 m high. */
static const char town[] = "a---b---c---d\n"
                           "|   |   |   |\n"
                           "e---f---g---h\n"
                           "|   |   |   |\n"
                           "i---j---k---l\n";
static const char *const streets[] = {
    "way abcd highway=residential", "way efgh highway=residential",
    "way ijkl highway=residential", "way aei highway=residential",
    "way bfj highway=residential",  "way cgk highway=residential",
    "way dhl highway=residential",  NULL};

static char name_at(const struct drawing *d, struct coord_e7 at)
{
    for (int c = 0; c < 128; c++)
        if (d->there[c] && fabs(d->at[c].lon - at.lon_e7 * 1e-7) < 1e-8 &&
            fabs(d->at[c].lat - at.lat_e7 * 1e-7) < 1e-8)
            return (char)c;
    return '?';
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The edges covered by the nodes at their ends, as "ab bc". */
static const char *covered(struct drawing *d, const struct cover_shape *shape)
{
    static char shown[1024], pairs[128][4];
    const uint32_t *edges;
    size_t count, used = 0;
    struct why why = {""};
    assert_ok(cover_edges(d->graph, shape, &d->arena, &edges, &count, &why));
    assert_true(count < 128);
    for (size_t i = 0; i < count; i++) {
        struct graph_edge e = graph_edge_at(d->graph, edges[i]);
        char from = name_at(d, e.points[0]), to = name_at(d, e.points[e.point_count - 1]);
        assert_true(i == 0 || edges[i - 1] < edges[i]);
        (void)snprintf(pairs[i], sizeof pairs[i], "%c%c", from < to ? from : to,
                       from < to ? to : from);
    }
    qsort(pairs, count, sizeof *pairs, by_text);
    shown[0] = '\0';
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(shown + used, sizeof shown - used, "%s%s", i ? " " : "", pairs[i]);
    return shown;
}

/* A point so many metres east and north of a node. */
static struct coord near(const struct drawing *d, char node, double east_m, double north_m)
{
    struct coord at = d->at[(int)node];
    struct geodesic_plane plane = geodesic_plane_at(at.lat);
    return (struct coord){at.lon + east_m / plane.m_per_lon_deg,
                          at.lat + north_m / plane.m_per_lat_deg};
}

static struct cover_shape line_of(const struct coord *points, size_t count)
{
    return (struct cover_shape){.kind = COVER_LINE, .points = points, .point_count = count};
}

static struct cover_shape ring_of(const struct coord *points, const size_t starts[2])
{
    return (struct cover_shape){.kind = COVER_POLYGON,
                                .points = points,
                                .point_count = starts[1],
                                .ring_starts = starts,
                                .ring_count = 1};
}

TEST(a_disc_takes_what_comes_near_its_middle)
{
    struct drawing d = drawing_make(town, streets);
    struct coord at = near(&d, 'f', 40, 3);
    struct cover_shape disc = {.kind = COVER_DISC, .points = &at, .point_count = 1, .radius_m = 10};
    assert_string_equal(covered(&d, &disc), "fg");
    disc.radius_m = 2;
    assert_string_equal(covered(&d, &disc), "");
    at = d.at['f'];
    assert_string_equal(covered(&d, &disc), "bf ef fg fj");
    disc.radius_m = 82; /* as far as the next junctions each way */
    assert_string_equal(covered(&d, &disc), "ab ae bc bf cg ef ei fg fj gh gk ij jk");
    drawing_free(&d);
}

TEST(a_line_takes_the_streets_it_is_drawn_along)
{
    struct drawing d = drawing_make(town, streets);
    struct coord row[] = {near(&d, 'e', 0, 4), near(&d, 'h', 0, -4)};
    struct cover_shape line = line_of(row, 2);
    assert_string_equal(covered(&d, &line), "ef fg gh"); /* and none of those it crosses */
    struct coord back[] = {row[1], row[0]};
    line = line_of(back, 2);
    assert_string_equal(covered(&d, &line), "ef fg gh");
    struct coord corner[] = {near(&d, 'f', 5, 0), near(&d, 'g', 2, 3), near(&d, 'k', -3, 5)};
    line = line_of(corner, 3);
    assert_string_equal(covered(&d, &line), "fg gk");
    struct coord aside[] = {near(&d, 'e', 0, 14), near(&d, 'h', 0, 14)};
    line = line_of(aside, 2);
    assert_string_equal(covered(&d, &line), "");
    struct coord across[] = {near(&d, 'e', 40, 30), near(&d, 'e', 40, -30)};
    line = line_of(across, 2);
    assert_string_equal(covered(&d, &line), "");
    drawing_free(&d);
}

TEST(a_line_that_only_touches_a_street_leaves_it_open)
{
    struct drawing d = drawing_make(town, streets);
    struct coord exact[] = {d.at['f'], d.at['g']};
    struct cover_shape line = line_of(exact, 2);
    assert_string_equal(covered(&d, &line), "fg");
    struct coord beyond[] = {near(&d, 'f', -10, 0), near(&d, 'g', 10, 0)};
    line = line_of(beyond, 2);
    assert_string_equal(covered(&d, &line), "fg"); /* ten metres are not half of 80, nor 30 m */
    struct coord stretch[] = {near(&d, 'f', 20, 2), near(&d, 'f', 55, 2)};
    line = line_of(stretch, 2);
    assert_string_equal(covered(&d, &line), "fg"); /* a part of it is enough */
    struct coord dot[] = {near(&d, 'f', 30, 2), near(&d, 'f', 36, 2)};
    line = line_of(dot, 2);
    assert_string_equal(covered(&d, &line), "fg"); /* however short */
    drawing_free(&d);
}

TEST(a_line_takes_the_roadway_it_is_drawn_on_and_both_from_between)
{
    /* Two roadways 40 m apart would be another street: so these are drawn 20 m apart, upright. */
    static const char divided[] = "ac\n"
                                  "  \n"
                                  "  \n"
                                  "bd\n";
    struct drawing d = drawing_make(
        divided, (const char *const[]){"way ab highway=primary", "way cd highway=primary", NULL});
    struct coord on[] = {d.at['a'], d.at['b']};
    struct cover_shape line = line_of(on, 2);
    assert_string_equal(covered(&d, &line), "ab");
    struct coord between[] = {near(&d, 'a', 10, 0), near(&d, 'b', 10, 0)};
    line = line_of(between, 2);
    assert_string_equal(covered(&d, &line), "ab cd");
    drawing_free(&d);
}

TEST(a_polygon_takes_what_it_holds_or_touches)
{
    struct drawing d = drawing_make(town, streets);
    const size_t starts[] = {0, 5};
    struct coord block[] = {near(&d, 'f', 5, -5), near(&d, 'g', -5, -5), near(&d, 'k', -5, 5),
                            near(&d, 'j', 5, 5), near(&d, 'f', 5, -5)};
    struct cover_shape shape = ring_of(block, starts);
    assert_string_equal(covered(&d, &shape), ""); /* the inside of a block */
    struct coord wider[] = {near(&d, 'f', -5, 5), near(&d, 'g', 5, 5), near(&d, 'k', 5, -5),
                            near(&d, 'j', -5, -5), near(&d, 'f', -5, 5)};
    shape = ring_of(wider, starts);
    assert_string_equal(covered(&d, &shape), "bf cg ef fg fj gh gk ij jk kl");
    struct coord border[] = {d.at['f'], near(&d, 'f', 20, -20), near(&d, 'f', 40, -20),
                             near(&d, 'f', 40, -10), d.at['f']};
    shape = ring_of(border, starts);
    assert_string_equal(covered(&d, &shape), "bf ef fg fj"); /* a corner on the junction */
    drawing_free(&d);
}

TEST(a_hole_of_a_polygon_is_outside)
{
    struct drawing d = drawing_make(town, streets);
    const size_t starts[] = {0, 5, 10};
    struct coord rings[] = {near(&d, 'a', -9, 9),  near(&d, 'd', 9, 9),  near(&d, 'l', 9, -9),
                            near(&d, 'i', -9, -9), near(&d, 'a', -9, 9), near(&d, 'f', -5, 5),
                            near(&d, 'g', 5, 5),   near(&d, 'g', 5, -5), near(&d, 'f', -5, -5),
                            near(&d, 'f', -5, 5)};
    struct cover_shape shape = {.kind = COVER_POLYGON,
                                .points = rings,
                                .point_count = 10,
                                .ring_starts = starts,
                                .ring_count = 2};
    assert_string_equal(covered(&d, &shape),
                        "ab ae bc bf cd cg dh ef ei fj gh gk hl ij jk kl"); /* all but fg */
    drawing_free(&d);
}

TEST(what_is_no_shape_is_refused_with_a_sentence)
{
    struct drawing d = drawing_make(town, streets);
    const uint32_t *edges;
    size_t count = 7;
    struct coord p[] = {d.at['a'], d.at['b'], d.at['f'], d.at['a']};
    struct coord flat[] = {d.at['a'], d.at['b'], d.at['c'], d.at['a']};
    struct coord far[] = {{200, 10}};
    const size_t whole[] = {0, 4}, open[] = {0, 3};
    const struct {
        struct cover_shape shape;
        const char *says;
    } bad[] = {
        {{.kind = COVER_DISC, .points = p, .point_count = 1}, "radius"},
        {{.kind = COVER_DISC, .points = p, .point_count = 1, .radius_m = NAN}, "radius"},
        {{.kind = COVER_DISC, .points = far, .point_count = 1, .radius_m = 5}, "outside"},
        {{.kind = COVER_LINE, .points = p, .point_count = 1}, "two points"},
        {{.kind = COVER_POLYGON,
          .points = p,
          .point_count = 3,
          .ring_starts = open,
          .ring_count = 1},
         "four"},
        {{.kind = COVER_POLYGON,
          .points = flat,
          .point_count = 4,
          .ring_starts = whole,
          .ring_count = 1},
         "surrounds nothing"},
        {{.kind = COVER_POLYGON}, "empty"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct why why = {""};
        assert_err(cover_edges(d.graph, &bad[i].shape, &d.arena, &edges, &count, &why),
                   ERR_INVALID);
        assert_non_null(strstr(why.text, bad[i].says));
        assert_int_equal(count, 7);
    }
    drawing_free(&d);
}

/* --- against a plain look at every edge --- */

struct flags {
    unsigned char *of_edge;
};

static void flag(void *user, uint32_t edge)
{
    struct flags *f = user;
    assert_int_equal(f->of_edge[edge], 0); /* once */
    f->of_edge[edge] = 1;
}

/* Even-odd by a ray east, on the given coordinates. */
static bool in_ring(const struct coord *p, size_t n, struct coord c)
{
    bool in = false;
    for (size_t i = 0; i + 1 < n; i++)
        if ((p[i].lat > c.lat) != (p[i + 1].lat > c.lat) &&
            c.lon < p[i].lon +
                        (c.lat - p[i].lat) / (p[i + 1].lat - p[i].lat) * (p[i + 1].lon - p[i].lon))
            in = !in;
    return in;
}

/* Points every half metre or so: whether any is inside; and how near the closest comes. */
static bool plain_in(const struct graph_edge *e, const struct coord *ring, size_t n)
{
    for (uint32_t i = 0; i + 1 < e->point_count; i++) {
        struct coord a = coord_from_e7(e->points[i]), b = coord_from_e7(e->points[i + 1]);
        for (int k = 0; k <= 200; k++)
            if (in_ring(ring, n,
                        (struct coord){a.lon + (b.lon - a.lon) * k / 200,
                                       a.lat + (b.lat - a.lat) * k / 200}))
                return true;
    }
    return false;
}

static double plain_distance_m(const struct graph_edge *e, struct coord c)
{
    double least = INFINITY;
    for (uint32_t i = 0; i + 1 < e->point_count; i++) {
        struct coord a = coord_from_e7(e->points[i]), b = coord_from_e7(e->points[i + 1]);
        for (int k = 0; k <= 200; k++)
            least = fmin(least,
                         geodesic_distance_m(c, (struct coord){a.lon + (b.lon - a.lon) * k / 200,
                                                               a.lat + (b.lat - a.lat) * k / 200}));
    }
    return least;
}

static struct coord anywhere(const struct drawing *d, uint64_t *seed)
{
    return near(d, 'i', random_unit(seed) * 300 - 30, random_unit(seed) * 220 - 30);
}

/* A sample every 0.4 m misses only what the shape cuts off a corner of that size; so what the plain
 * look finds must be there, and what it does not find may be there only if it nearly is. */
TEST(random_polygons_agree_with_samples_of_every_edge)
{
    struct drawing d = drawing_make(town, streets);
    size_t edges = graph_edge_count(d.graph), differences = 0;
    struct flags flags = {calloc(edges, 1)};
    uint64_t seed = random_seed();
    for (int round = 0; round < 300; round++) {
        struct coord ring[9];
        size_t n = 3 + random_below(&seed, 6);
        const size_t starts[] = {0, n + 1};
        struct why why = {""};
        for (size_t i = 0; i < n; i++)
            ring[i] = anywhere(&d, &seed); /* also rings that cross themselves */
        ring[n] = ring[0];
        struct cover_shape shape = ring_of(ring, starts);
        memset(flags.of_edge, 0, edges);
        assert_ok(cover_walk(d.graph, &shape, flag, &flags, &why));
        for (uint32_t i = 0; i < edges; i++) {
            struct graph_edge e = graph_edge_at(d.graph, i);
            bool plain = plain_in(&e, ring, n + 1);
            assert_true(flags.of_edge[i] || !plain);
            differences += flags.of_edge[i] && !plain;
        }
    }
    assert_true(differences < 60); /* of 300 * 17 */
    free(flags.of_edge);
    drawing_free(&d);
}

TEST(random_discs_agree_with_samples_of_every_edge)
{
    struct drawing d = drawing_make(town, streets);
    size_t edges = graph_edge_count(d.graph);
    struct flags flags = {calloc(edges, 1)};
    uint64_t seed = random_seed();
    for (int round = 0; round < 300; round++) {
        struct coord at = anywhere(&d, &seed);
        struct cover_shape shape = {.kind = COVER_DISC,
                                    .points = &at,
                                    .point_count = 1,
                                    .radius_m = 1 + random_unit(&seed) * 120};
        struct why why = {""};
        memset(flags.of_edge, 0, edges);
        assert_ok(cover_walk(d.graph, &shape, flag, &flags, &why));
        for (uint32_t i = 0; i < edges; i++) {
            struct graph_edge e = graph_edge_at(d.graph, i);
            double m = plain_distance_m(&e, at);
            if (fabs(m - shape.radius_m) > 0.3)
                assert_int_equal(flags.of_edge[i], m < shape.radius_m);
        }
    }
    free(flags.of_edge);
    drawing_free(&d);
}

/* Every line along a chain of streets, anywhere within reach, takes exactly that chain. */
TEST(random_lines_along_streets_take_those_streets)
{
    static const char *const chains[][2] = {
        {"abcd", "ab bc cd"},         {"efg", "ef fg"},
        {"abfg", "ab bf fg"},         {"aeijk", "ae ei ij jk"},
        {"dcgfji", "cd cg fg fj ij"}, {"lk", "kl"},
    };
    struct drawing d = drawing_make(town, streets);
    uint64_t seed = random_seed();
    for (int round = 0; round < 300; round++) {
        const char *const *chain = chains[random_below(&seed, 6)];
        struct coord points[8];
        size_t n = strlen(chain[0]);
        for (size_t i = 0; i < n; i++)
            points[i] =
                near(&d, chain[0][i], random_unit(&seed) * 8 - 4, random_unit(&seed) * 8 - 4);
        struct cover_shape line = line_of(points, n);
        assert_string_equal(covered(&d, &line), chain[1]);
    }
    drawing_free(&d);
}

RUN(cmocka_unit_test(a_disc_takes_what_comes_near_its_middle),
    cmocka_unit_test(a_line_takes_the_streets_it_is_drawn_along),
    cmocka_unit_test(a_line_that_only_touches_a_street_leaves_it_open),
    cmocka_unit_test(a_line_takes_the_roadway_it_is_drawn_on_and_both_from_between),
    cmocka_unit_test(a_polygon_takes_what_it_holds_or_touches),
    cmocka_unit_test(a_hole_of_a_polygon_is_outside),
    cmocka_unit_test(what_is_no_shape_is_refused_with_a_sentence),
    cmocka_unit_test(random_polygons_agree_with_samples_of_every_edge),
    cmocka_unit_test(random_discs_agree_with_samples_of_every_edge),
    cmocka_unit_test(random_lines_along_streets_take_those_streets))
