#include "tests/check.h"

#include "geo/space/geodesic.h"

#include <math.h>

TEST(distances_agree_with_published_ones)
{
    /* Quarter meridian and one degree of the equator of WGS 84; JFK to LHR as GeographicLib's
     * GeodSolve gives it. */
    static const struct {
        struct coord a, b;
        double distance_m;
    } cases[] = {
        {{0, 0}, {0, 90}, 10001965.729312723},
        {{0, 0}, {1, 0}, 111319.490793274},
        {{0, 0}, {180, 0}, 20003931.458625447},
        {{116.39, 39.9}, {116.39, 39.9}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double d = geodesic_distance_m(cases[i].a, cases[i].b);
        assert_true(fabs(d - cases[i].distance_m) < 1e-6);
    }
}

TEST(moving_and_measuring_agree)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 10000; i++) {
        struct coord a = {random_unit(&random) * 360 - 180, random_unit(&random) * 180 - 90};
        double distance_m = pow(10, random_unit(&random) * 7 - 1);
        struct coord b = geodesic_move(a, random_unit(&random) * 360, distance_m);
        assert_true(coord_valid(b));
        assert_true(fabs(geodesic_distance_m(a, b) - distance_m) < 1e-7);
        assert_true(geodesic_distance_m(a, b) == geodesic_distance_m(b, a));
    }
}

/* Moving is done by the series alone, so this holds the fast formulas against them. (10 nm of the
 * slack are the rounding of the coordinates.) */
TEST(short_distances_are_those_of_the_series)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 200000; i++) {
        double lat = random_unit(&random) * 150 - 75;
        struct coord a = {random_unit(&random) * 360 - 180, i % 3 ? lat : lat / 1000 + 74.9};
        double distance_m = random_unit(&random) * 25000;
        struct coord b = geodesic_move(a, random_unit(&random) * 360, distance_m);
        assert_true(fabs(geodesic_distance_m(a, b) - distance_m) < 2e-8);
    }
}

TEST(measuring_from_one_point_to_many_is_the_same)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 100000; i++) {
        double reach = i % 3 ? 0.2 : 40; /* where both ways of measuring meet, and anywhere */
        struct coord a = {random_unit(&random) * 360 - 180, random_unit(&random) * 180 - 90};
        struct coord b = {a.lon + (random_unit(&random) - 0.5) * reach,
                          a.lat + (random_unit(&random) - 0.5) * reach};
        b.lat = fmax(-90, fmin(90, b.lat));
        struct geodesic_from from = geodesic_from(a);
        assert_true(fabs(geodesic_from_distance_m(&from, b) - geodesic_distance_m(a, b)) < 2e-9);
        assert_true(geodesic_from_distance_m(&from, a) == 0);
    }
}

TEST(the_antimeridian_separates_nobody)
{
    struct coord west = {179.9999, 10}, east = {-179.9999, 10};
    struct geodesic_plane plane = geodesic_plane_at(10);
    assert_true(geodesic_distance_m(west, east) < 25);
    assert_true(fabs(geodesic_plane_distance_m(&plane, west, east) -
                     geodesic_distance_m(west, east)) < 1e-3);
    assert_true(fabs(geodesic_bearing_deg(west, east) - 90) < 1e-9);
    assert_true(geodesic_distance_m((struct coord){180, 5}, (struct coord){-180, 5}) < 1e-6);
}

TEST(the_plane_keeps_to_the_error_its_header_states)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 10000; i++) {
        struct coord a = {random_unit(&random) * 360 - 180, random_unit(&random) * 140 - 70};
        struct coord b = geodesic_move(a, random_unit(&random) * 360, random_unit(&random) * 1e4);
        struct geodesic_plane middle = geodesic_plane_at((a.lat + b.lat) / 2);
        struct geodesic_plane end = geodesic_plane_at(a.lat);
        double exact = geodesic_distance_m(a, b);
        double steep = 1 + tan(fabs(a.lat) * 0.017453292519943295);
        assert_true(fabs(geodesic_plane_distance_m(&middle, a, b) - exact) <=
                    exact * 1e-6 * steep * steep + 1e-6);
        assert_true(fabs(geodesic_plane_distance_m(&end, a, b) - exact) <=
                    exact * steep * exact / 6.3e6 + 1e-6);
    }
}

TEST(the_plane_for_bounds_makes_nothing_longer_and_little_much_shorter)
{
    uint64_t random = random_seed();
    struct geodesic_plane plane;
    const double rounding_m = 1e-8; /* a degree near 180 is kept to 3e-14 of itself, 3 nm */
    for (int i = 0; i < 20000; i++) {
        struct coord a = {random_unit(&random) * 360 - 180, random_unit(&random) * 170 - 85};
        double radius_m = pow(10, 1 + random_unit(&random) * 4.3);
        struct coord b = geodesic_move(a, random_unit(&random) * 360, radius_m);
        assert_true(geodesic_plane_within(a.lat, radius_m, &plane));
        double bound_m = geodesic_plane_distance_m(&plane, a, b);
        assert_true(bound_m <= radius_m * (1 + 1e-12) + rounding_m);
        if (fabs(a.lat) < 45 && radius_m < 10e3) assert_true(bound_m >= radius_m * 0.995);
    }
    assert_false(geodesic_plane_within(10, 200001, &plane));
    assert_false(geodesic_plane_within(10, INFINITY, &plane));
    assert_false(geodesic_plane_within(-88.9, 20e3, &plane));
}

TEST(bearings_point_where_the_compass_does)
{
    static const struct {
        struct coord b;
        double bearing;
    } cases[] = {{{0, 0.01}, 0}, {{0.01, 0}, 90}, {{0, -0.01}, 180}, {{-0.01, 0}, 270}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(
            fabs(geodesic_bearing_deg((struct coord){0, 0}, cases[i].b) - cases[i].bearing) < 1e-9);
    double almost_north = geodesic_bearing_deg((struct coord){0, 0}, (struct coord){-1e-300, 10});
    assert_true(almost_north >= 0 && almost_north < 360);
}

RUN(cmocka_unit_test(short_distances_are_those_of_the_series),
    cmocka_unit_test(measuring_from_one_point_to_many_is_the_same),
    cmocka_unit_test(distances_agree_with_published_ones),
    cmocka_unit_test(moving_and_measuring_agree),
    cmocka_unit_test(the_antimeridian_separates_nobody),
    cmocka_unit_test(the_plane_keeps_to_the_error_its_header_states),
    cmocka_unit_test(the_plane_for_bounds_makes_nothing_longer_and_little_much_shorter),
    cmocka_unit_test(bearings_point_where_the_compass_does))
