#include "tests/check.h"

#include "geo/tile/clip.h"

#include <math.h>

static const struct clip_rect rect = {0, 0, 100, 100};

struct pieces {
    struct clip_point points[100];
    size_t starts[20], count, point_count;
};

static enum err keep(void *user, const struct clip_point *points, size_t count)
{
    struct pieces *pieces = user;
    assert_true(pieces->count < 19 && count > 1);
    pieces->starts[pieces->count++] = pieces->point_count;
    for (size_t i = 0; i < count; i++)
        pieces->points[pieces->point_count++] = points[i];
    pieces->starts[pieces->count] = pieces->point_count;
    return ERR_OK;
}

TEST(a_line_is_cut_into_the_pieces_that_lie_inside)
{
    static const struct {
        struct clip_point line[6];
        size_t count, pieces, points;
        struct clip_point first, last;
    } cases[] = {
        {{{10, 10}, {90, 90}}, 2, 1, 2, {10, 10}, {90, 90}},
        {{{-50, 50}, {150, 50}}, 2, 1, 2, {0, 50}, {100, 50}},
        {{{-50, -50}, {-10, 150}}, 2, 0, 0, {0, 0}, {0, 0}},
        {{{50, 50}, {150, 50}, {150, 60}, {50, 60}}, 4, 2, 4, {50, 50}, {50, 60}},
        {{{50, 50}, {100, 50}, {120, 50}}, 3, 1, 2, {50, 50}, {100, 50}},
        {{{50, 50}, {100, 50}, {120, 50}, {100, 60}, {50, 60}}, 5, 2, 4, {50, 50}, {50, 60}},
        {{{100, 0}, {100, 100}}, 2, 1, 2, {100, 0}, {100, 100}},
        {{{-10, 10}, {10, -10}}, 2, 0, 0, {0, 0}, {0, 0}},   /* touches the corner */
        {{{5, 5}, {5, 5}, {5, 5}}, 3, 0, 0, {0, 0}, {0, 0}}, /* a point three times */
        {{{5, 5}, {5, 5}, {9, 9}}, 3, 1, 2, {5, 5}, {9, 9}},
        {{{-1073741824, 50}, {1073741824, 50}}, 2, 1, 2, {0, 50}, {100, 50}},
        {{{7, 7}}, 1, 0, 0, {0, 0}, {0, 0}},
    };
    struct clip_points work = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pieces pieces = {.count = 0};
        assert_ok(clip_line(cases[i].line, cases[i].count, rect, &work, keep, &pieces));
        assert_int_equal(pieces.count, cases[i].pieces);
        assert_int_equal(pieces.point_count, cases[i].points);
        if (!pieces.count) continue;
        struct clip_point last = pieces.points[pieces.point_count - 1];
        assert_true(pieces.points[0].x == cases[i].first.x && last.x == cases[i].last.x);
        assert_true(pieces.points[0].y == cases[i].first.y && last.y == cases[i].last.y);
    }
    clip_points_fini(&work);
}

static enum err measure(void *user, const struct clip_point *points, size_t count)
{
    double *length = user;
    for (size_t i = 0; i < count; i++) {
        assert_true(points[i].x >= 0 && points[i].x <= 100);
        assert_true(points[i].y >= 0 && points[i].y <= 100);
        if (i) *length += hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
    }
    return ERR_OK;
}

TEST(what_is_left_of_random_lines_is_as_long_as_sampling_says)
{
    struct clip_points work = {0};
    uint64_t random = random_seed();
    for (int round = 0; round < 200; round++) {
        struct clip_point line[10];
        double length = 0, expected = 0;
        for (int i = 0; i < 10; i++)
            line[i] = (struct clip_point){(int32_t)random_below(&random, 300) - 100,
                                          (int32_t)random_below(&random, 300) - 100};
        assert_ok(clip_line(line, 10, rect, &work, measure, &length));
        for (int i = 1; i < 10; i++) {
            double dx = line[i].x - line[i - 1].x, dy = line[i].y - line[i - 1].y;
            for (int s = 0; s < 1000; s++) {
                double x = line[i - 1].x + dx * (s + 0.5) / 1000;
                double y = line[i - 1].y + dy * (s + 0.5) / 1000;
                if (x >= 0 && x <= 100 && y >= 0 && y <= 100) expected += hypot(dx, dy) / 1000;
            }
        }
        assert_true(fabs(length - expected) < 20);
    }
    clip_points_fini(&work);
}

static void load(struct clip_points *ring, const struct clip_point *points, size_t count)
{
    ring->count = 0;
    for (size_t i = 0; i < count; i++)
        assert_ok(clip_points_add(ring, points[i]));
}

TEST(a_ring_is_cut_to_what_lies_inside)
{
    static const struct {
        struct clip_point ring[8];
        size_t count;
        int64_t area2;
    } cases[] = {
        {{{10, 10}, {20, 10}, {20, 20}, {10, 20}}, 4, 200},
        {{{10, 10}, {10, 20}, {20, 20}, {20, 10}}, 4, -200},
        {{{-50, -50}, {150, -50}, {150, 150}, {-50, 150}}, 4, 20000},
        {{{-50, 10}, {50, 10}, {50, 20}, {-50, 20}}, 4, 1000},
        {{{-50, 10}, {-20, 10}, {-20, 20}, {-50, 20}}, 4, 0},
        {{{-50, 0}, {0, 0}, {0, 50}, {-50, 50}}, 4, 0}, /* touches an edge only */
        {{{0, 0}, {100, 0}, {100, 100}}, 3, 10000},
        {{{-1073741824, -1073741824},
          {1073741823, -1073741824},
          {1073741823, 1073741823},
          {-1073741824, 1073741823}},
         4,
         20000},
        /* A U whose arms reach in from below: two rectangles, joined along the edge. */
        {{{10, 50}, {20, 50}, {20, 150}, {80, 150}, {80, 50}, {90, 50}, {90, 200}, {10, 200}},
         8,
         2000},
        {{{5, 5}, {9, 9}}, 2, 0},
        {{{5, 5}}, 1, 0},
    };
    struct clip_points ring = {0}, work = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        load(&ring, cases[i].ring, cases[i].count);
        assert_ok(clip_ring(&ring, rect, &work));
        assert_int_equal(clip_ring_area2(ring.items, ring.count), cases[i].area2);
        assert_true(cases[i].area2 ? ring.count > 2 : ring.count == 0);
        for (size_t p = 0; p < ring.count; p++) {
            assert_true(ring.items[p].x >= 0 && ring.items[p].x <= 100);
            assert_true(ring.items[p].y >= 0 && ring.items[p].y <= 100);
        }
    }
    load(&ring, cases[0].ring, 4);
    clip_ring_reverse(ring.items, ring.count);
    assert_int_equal(clip_ring_area2(ring.items, ring.count), -200);
    clip_points_fini(&ring);
    clip_points_fini(&work);
}

RUN(cmocka_unit_test(a_line_is_cut_into_the_pieces_that_lie_inside),
    cmocka_unit_test(what_is_left_of_random_lines_is_as_long_as_sampling_says),
    cmocka_unit_test(a_ring_is_cut_to_what_lies_inside))
