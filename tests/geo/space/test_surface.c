#include "tests/check.h"

#include "geo/space/surface.h"

#include <math.h>

/* Even-odd rule over all rings (a ray to the east). */
static bool inside(const struct coord *points, const size_t *starts, size_t rings, struct coord c)
{
    bool odd = false;
    for (size_t r = 0; r < rings; r++)
        for (size_t i = starts[r] + 1; i < starts[r + 1]; i++) {
            struct coord a = points[i - 1], b = points[i];
            if ((a.lat > c.lat) == (b.lat > c.lat)) continue;
            if (c.lon < a.lon + (b.lon - a.lon) * (c.lat - a.lat) / (b.lat - a.lat)) odd = !odd;
        }
    return odd;
}

TEST(the_point_of_a_square_is_its_middle)
{
    static const struct coord square[] = {{0, 0}, {2, 0}, {2, 2}, {0, 2}, {0, 0}};
    static const size_t starts[] = {0, 5};
    struct coord at = surface_point(square, starts, 1);
    assert_true(fabs(at.lon - 1) < 1e-12 && fabs(at.lat - 1) < 1e-12);
}

TEST(the_point_keeps_out_of_holes_and_bays_and_off_the_corners)
{
    static const struct coord ring[] = {{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}, {1, 1},
                                        {3, 1}, {3, 2}, {3, 3}, {1, 3}, {1, 1}};
    static const size_t ring_starts[] = {0, 5, 11};
    static const struct coord comb[] = {{0, 0}, {9, 0}, {9, 4}, {8, 4}, {8, 1},
                                        {1, 1}, {1, 4}, {0, 4}, {0, 0}};
    static const size_t comb_starts[] = {0, 9};
    assert_true(inside(ring, ring_starts, 2, surface_point(ring, ring_starts, 2)));
    assert_true(inside(comb, comb_starts, 1, surface_point(comb, comb_starts, 1)));
}

TEST(the_point_of_any_star_shaped_polygon_is_inside)
{
    uint64_t seed = random_seed();
    for (int round = 0; round < 2000; round++) {
        struct coord points[41];
        size_t n = 3 + random_below(&seed, 37), starts[] = {0, n + 1};
        for (size_t i = 0; i < n; i++) {
            double angle = 6.283185307179586 * (double)i / (double)n;
            double radius = 0.1 + random_unit(&seed);
            points[i] = (struct coord){116 + radius * cos(angle), 40 + radius * sin(angle)};
        }
        points[n] = points[0];
        if (!inside(points, starts, 1, surface_point(points, starts, 1)))
            fail_msg("round %d, %zu corners", round, n);
    }
}

TEST(what_has_no_surface_still_gives_a_point)
{
    static const struct coord line[] = {{3, 4}, {5, 4}, {3, 4}};
    static const size_t starts[] = {0, 3};
    struct coord at = surface_point(line, starts, 1);
    assert_true(fabs(at.lon - 3) < 1e-12 && fabs(at.lat - 4) < 1e-12);
    at = surface_point(NULL, starts, 0);
    assert_true(fabs(at.lon) < 1e-12 && fabs(at.lat) < 1e-12);
}

RUN(cmocka_unit_test(the_point_of_a_square_is_its_middle),
    cmocka_unit_test(the_point_keeps_out_of_holes_and_bays_and_off_the_corners),
    cmocka_unit_test(the_point_of_any_star_shaped_polygon_is_inside),
    cmocka_unit_test(what_has_no_surface_still_gives_a_point))
