#include "tests/check.h"

#include "geo/space/geodesic.h"
#include "geo/space/polygon.h"
#include "geo/space/shape.h"

#include <math.h>
#include <string.h>

/* A square with a hole in its middle, one degree of margin; wound the wrong way round. */
static const struct coord frame[] = {{116, 39}, {116, 42}, {119, 42}, {119, 39}, {116, 39},
                                     {117, 40}, {118, 40}, {118, 41}, {117, 41}, {117, 40}};
static const size_t frame_starts[] = {0, 5, 10};

static struct polygon *frame_new(void)
{
    struct polygon *polygon;
    assert_ok(polygon_from_rings(frame, frame_starts, 2, &polygon, NULL));
    assert_ok(polygon_prepare(polygon));
    return polygon;
}

TEST(a_polygon_covers_its_inside_and_its_edges_and_not_its_holes)
{
    static const struct {
        struct coord c;
        bool covered;
    } cases[] = {
        {{116.5, 40.5}, true}, {{117.5, 40.5}, false}, {{115.9, 40}, false}, {{116, 40}, true},
        {{116, 39}, true},     {{117, 40.5}, true},    {{118, 41}, true},    {{120, 40}, false},
    };
    struct polygon *polygon = frame_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(polygon_covers(polygon, cases[i].c), cases[i].covered);
    assert_true(fabs(polygon_size(polygon) - 8) < 1e-9);
    assert_true(polygon_box(polygon).max_lat == 42);
    polygon_free(polygon);
}

TEST(distance_is_zero_inside_and_to_the_nearest_edge_outside)
{
    struct polygon *polygon = frame_new();
    struct coord outside = {115.99, 40}, in_hole = {117.01, 40.5};
    assert_true(polygon_distance_m(polygon, (struct coord){116.5, 40.5}) == 0);
    double west_m = geodesic_distance_m(outside, (struct coord){116, 40});
    double hole_m = geodesic_distance_m(in_hole, (struct coord){117, 40.5});
    assert_true(fabs(polygon_distance_m(polygon, outside) - west_m) < 0.01);
    assert_true(fabs(polygon_distance_m(polygon, in_hole) - hole_m) < 0.01);
    polygon_free(polygon);
}

TEST(a_box_meets_it_inside_across_an_edge_and_at_a_point_but_not_in_a_hole)
{
    static const struct {
        struct box box;
        bool met;
    } cases[] = {
        {{116.1, 39.1, 116.2, 39.2}, true},  /* inside of it */
        {{117.2, 40.2, 117.8, 40.8}, false}, /* inside of the hole */
        {{115, 38, 120, 43}, true},          /* around all of it */
        {{115, 40, 116.5, 40.1}, true},      /* over an edge, no corner of either in the other */
        {{114, 38, 115, 43}, false},         /* beside it */
        {{119, 42, 120, 43}, true},          /* a corner touches a corner */
        {{119, 40, 119, 41}, true},          /* a line on its edge */
        {{116.5, 39.5, 116.5, 39.5}, true},  /* a point inside */
        {{117.5, 40.5, 117.5, 40.5}, false}, /* a point in the hole */
        {{117, 40.5, 117, 40.5}, true},      /* a point on the edge of the hole */
    };
    struct polygon *polygon = frame_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(polygon_meets(polygon, cases[i].box), cases[i].met);
    polygon_free(polygon);
}

TEST(a_box_beside_a_slope_does_not_meet_it)
{
    static const struct coord corners[] = {{0, 0}, {4, 0}, {0, 4}, {0, 0}};
    static const size_t starts[] = {0, 4};
    struct polygon *polygon;
    uint64_t random = random_seed();
    assert_ok(polygon_from_rings(corners, starts, 1, &polygon, NULL));
    assert_ok(polygon_prepare(polygon));
    for (int i = 0; i < 5000; i++) {
        double x = random_unit(&random) * 6 - 1, y = random_unit(&random) * 6 - 1;
        double w = random_unit(&random) * 3, h = random_unit(&random) * 3;
        struct box box = {x, y, x + w, y + h};
        /* The corner of the box that is deepest inside decides. */
        bool met = x <= 4 && y <= 4 && x + w >= 0 && y + h >= 0 && fmax(x, 0) + fmax(y, 0) <= 4;
        assert_int_equal(polygon_meets(polygon, box), met);
    }
    polygon_free(polygon);
}

static void note_ring(void *user, const struct coord *points, size_t count, bool hole)
{
    int *rings = user;
    assert_int_equal(count, 5);
    assert_int_equal(hole, *rings == 1);
    assert_true((shape_ring_area(points, count) < 0) == hole);
    ++*rings;
}

TEST(rings_come_shell_first_and_wound_as_promised)
{
    struct polygon *polygon = frame_new();
    int rings = 0;
    polygon_rings(polygon, note_ring, &rings);
    assert_int_equal(rings, 2);
    polygon_free(polygon);
}

TEST(wkb_written_and_read_again_is_the_same_polygon)
{
    struct polygon *polygon = frame_new(), *again;
    unsigned char *wkb, *twice;
    size_t len, len_twice;
    bool mended = true;
    assert_ok(polygon_to_wkb(polygon, &wkb, &len));
    assert_ok(polygon_from_wkb(wkb, len, &again, &mended, NULL));
    assert_false(mended);
    assert_ok(polygon_to_wkb(again, &twice, &len_twice));
    assert_int_equal(len, len_twice);
    assert_memory_equal(wkb, twice, len);
    for (size_t cut = 0; cut < len; cut++) {
        struct polygon *none = NULL;
        struct why why = {""};
        unsigned char *exact = malloc(cut ? cut : 1);
        assert_non_null(exact);
        memcpy(exact, wkb, cut);
        assert_err(polygon_from_wkb(exact, cut, &none, NULL, &why), ERR_TRUNCATED);
        assert_null(none);
        assert_true(why.text[0]);
        free(exact);
    }
    free(wkb);
    free(twice);
    polygon_free(polygon);
    polygon_free(again);
}

TEST(a_bow_tie_is_mended_and_said_to_be)
{
    /* Big endian EWKB with SRID 4326 and a Z that is dropped. */
    static const double ring[] = {0, 0, 5, 2, 2, 5, 2, 0, 5, 0, 2, 5, 0, 0, 5};
    unsigned char wkb[13 + 4 + sizeof ring] = {0, 0xA0, 0, 0, 3, 0, 0, 0x10, 0xE6,
                                               0, 0,    0, 1, 0, 0, 0, 5};
    for (size_t i = 0; i < 15; i++) {
        uint64_t bits;
        memcpy(&bits, &ring[i], 8);
        for (size_t b = 0; b < 8; b++)
            wkb[17 + i * 8 + b] = (unsigned char)(bits >> (56 - 8 * b));
    }
    struct polygon *polygon;
    bool mended = false;
    assert_ok(polygon_from_wkb(wkb, sizeof wkb, &polygon, &mended, NULL));
    assert_true(mended);
    assert_ok(polygon_prepare(polygon));
    assert_true(fabs(polygon_size(polygon) - 2) < 1e-9);
    assert_true(polygon_covers(polygon, (struct coord){1.7, 1}));
    assert_false(polygon_covers(polygon, (struct coord){1, 1.5}));
    polygon_free(polygon);
}

static size_t hex(const char *text, unsigned char *bytes)
{
    size_t len = strlen(text) / 2;
    for (size_t i = 0; i < len; i++) {
        const char pair[] = {text[2 * i], text[2 * i + 1], '\0'};
        bytes[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return len;
}

TEST(what_is_no_polygon_is_refused_with_a_sentence)
{
    static const struct {
        const char *wkb;
        enum err err;
    } cases[] = {
        {"", ERR_TRUNCATED},
        {"01", ERR_TRUNCATED},
        {"0203000000", ERR_FORMAT},                                 /* byte order */
        {"010100000000000000000000000000000000000000", ERR_FORMAT}, /* a point */
        {"010300000000000000", ERR_FORMAT},                         /* no rings */
        {"010600000000000000", ERR_FORMAT},                         /* no polygons */
        {"0103000000FFFFFFFF", ERR_TRUNCATED},                      /* counts that lie */
        {"010300000001000000FFFFFFFF", ERR_TRUNCATED},
        {"01030000000100000000000000", ERR_FORMAT},                     /* a ring of nothing */
        {"010600000001000000010600000000000000", ERR_FORMAT},           /* nested */
        {"0103000020110F00000000000000", ERR_RANGE},                    /* SRID 3857 */
        {"0107000000010000000107000000010000000107000000", ERR_FORMAT}, /* collections */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char wkb[64];
        struct polygon *polygon = NULL;
        struct why why = {""};
        size_t len = hex(cases[i].wkb, wkb);
        assert_err(polygon_from_wkb(wkb, len, &polygon, NULL, &why), cases[i].err);
        assert_null(polygon);
        assert_true(strlen(why.text) > 10);
    }
}

TEST(rings_that_enclose_nothing_are_refused)
{
    static const struct coord open_ring[] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    static const struct coord flat[] = {{0, 0}, {1, 0}, {2, 0}, {0, 0}};
    static const struct coord outside[] = {{0, 0}, {200, 0}, {1, 1}, {0, 0}};
    static const size_t starts[] = {0, 4};
    static const struct {
        const struct coord *points;
        enum err err;
    } cases[] = {{open_ring, ERR_FORMAT}, {flat, ERR_FORMAT}, {outside, ERR_RANGE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct polygon *polygon = NULL;
        struct why why = {""};
        assert_err(polygon_from_rings(cases[i].points, starts, 1, &polygon, &why), cases[i].err);
        assert_null(polygon);
        assert_true(strlen(why.text) > 10);
    }
    struct polygon *polygon = NULL;
    assert_err(polygon_from_rings(flat, starts, 0, &polygon, NULL), ERR_FORMAT);
}

/* A star of random reach around a point: valid, often far from convex. */
static struct polygon *star_new(uint64_t *seed, struct coord middle, double reach)
{
    enum { POINTS = 40 };
    struct coord ring[POINTS + 1];
    const size_t starts[] = {0, POINTS + 1};
    struct polygon *polygon;
    for (int i = 0; i < POINTS; i++) {
        double angle = 2 * 3.14159265358979 * i / POINTS, r = reach * (0.2 + random_unit(seed));
        ring[i] = (struct coord){middle.lon + r * cos(angle), middle.lat + r * sin(angle)};
    }
    ring[POINTS] = ring[0];
    assert_ok(polygon_from_rings(ring, starts, 1, &polygon, NULL));
    assert_ok(polygon_prepare(polygon));
    return polygon;
}

static void check_units(void *user, const struct coord *points, size_t count, bool hole)
{
    (void)user, (void)hole;
    for (size_t i = 0; i < count; i++) {
        struct coord c = coord_from_e7(coord_to_e7(points[i]));
        assert_true(fabs(c.lon - points[i].lon) < 1e-12 && fabs(c.lat - points[i].lat) < 1e-12);
    }
}

/* A part is valid as it is (reading it back mends nothing). */
static double part_area_m2(struct polygon *part)
{
    unsigned char *wkb;
    size_t len;
    bool mended = true;
    struct polygon *again;
    if (!part) return 0;
    polygon_rings(part, check_units, NULL);
    assert_ok(polygon_to_wkb(part, &wkb, &len));
    assert_ok(polygon_from_wkb(wkb, len, &again, &mended, NULL));
    assert_false(mended);
    polygon_free(again);
    free(wkb);
    return polygon_area_m2(part);
}

TEST(what_is_outside_and_what_is_inside_of_another_make_up_the_whole)
{
    uint64_t seed = random_seed();
    size_t moved = 0;
    for (int i = 0; i < 200; i++) {
        struct coord middle = {116.4, 39.9}, beside = {116.4 + 0.02 * random_unit(&seed), 39.9};
        struct polygon *a = star_new(&seed, middle, 0.01), *b = star_new(&seed, beside, 0.01);
        struct polygon *out = NULL, *in = NULL;
        assert_ok(polygon_outside(a, b, &out));
        assert_ok(polygon_inside(a, b, &in));
        double whole = polygon_area_m2(a), parts = part_area_m2(out) + part_area_m2(in);
        assert_true(fabs(whole - parts) < 1e-4 * whole); /* corners move by half a centimetre */
        for (int k = 0; k < 50; k++) {
            struct coord c = {middle.lon + 0.03 * (random_unit(&seed) - 0.5),
                              middle.lat + 0.03 * (random_unit(&seed) - 0.5)};
            bool of_a = polygon_covers(a, c), of_b = polygon_covers(b, c);
            if (out) assert_ok(polygon_prepare(out));
            if (in) assert_ok(polygon_prepare(in));
            moved += (out && polygon_covers(out, c)) != (of_a && !of_b);
            moved += (in && polygon_covers(in, c)) != (of_a && of_b);
        }
        polygon_free(a);
        polygon_free(b);
        polygon_free(out);
        polygon_free(in);
    }
    assert_true(moved < 10); /* of twenty thousand: those on the very border */
}

TEST(nothing_may_be_left_and_nothing_may_be_taken_away)
{
    struct polygon *frame_polygon = frame_new(), *left = NULL;
    assert_ok(polygon_outside(frame_polygon, frame_polygon, &left));
    assert_null(left);
    assert_ok(polygon_inside(frame_polygon, NULL, &left));
    assert_null(left);
    assert_ok(polygon_outside(frame_polygon, NULL, &left));
    double whole = polygon_area_m2(frame_polygon);
    assert_true(fabs(polygon_area_m2(left) - whole) < 1);
    /* Eight square degrees at 40.5 degrees north. */
    assert_true(whole > 7.4e10 && whole < 7.7e10);
    polygon_free(left);
    polygon_free(frame_polygon);
}

RUN(cmocka_unit_test(a_polygon_covers_its_inside_and_its_edges_and_not_its_holes),
    cmocka_unit_test(distance_is_zero_inside_and_to_the_nearest_edge_outside),
    cmocka_unit_test(a_box_meets_it_inside_across_an_edge_and_at_a_point_but_not_in_a_hole),
    cmocka_unit_test(a_box_beside_a_slope_does_not_meet_it),
    cmocka_unit_test(rings_come_shell_first_and_wound_as_promised),
    cmocka_unit_test(wkb_written_and_read_again_is_the_same_polygon),
    cmocka_unit_test(a_bow_tie_is_mended_and_said_to_be),
    cmocka_unit_test(what_is_no_polygon_is_refused_with_a_sentence),
    cmocka_unit_test(rings_that_enclose_nothing_are_refused),
    cmocka_unit_test(what_is_outside_and_what_is_inside_of_another_make_up_the_whole),
    cmocka_unit_test(nothing_may_be_left_and_nothing_may_be_taken_away))
