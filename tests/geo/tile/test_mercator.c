#include "tests/check.h"

#include "geo/space/geodesic.h"
#include "geo/tile/mercator.h"

#include <math.h>

TEST(the_square_world_has_its_corners_where_the_standard_says)
{
    static const struct {
        struct coord c;
        struct mercator_point p;
    } cases[] = {
        {{-180, MERCATOR_MAX_LAT}, {0, 0}},
        {{180, -MERCATOR_MAX_LAT}, {1, 1}},
        {{0, 0}, {0.5, 0.5}},
        {{0, 90}, {0.5, 0}},
        {{0, -90}, {0.5, 1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mercator_point p = mercator_from_coord(cases[i].c);
        assert_true(fabs(p.x - cases[i].p.x) < 1e-12 && fabs(p.y - cases[i].p.y) < 1e-12);
        assert_true(p.y >= 0 && p.y <= 1);
    }
}

TEST(there_and_back_is_where_it_was)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 10000; i++) {
        struct coord c = {random_unit(&random) * 360 - 180, random_unit(&random) * 170 - 85};
        struct coord back = mercator_to_coord(mercator_from_coord(c));
        assert_true(fabs(back.lon - c.lon) < 1e-12 && fabs(back.lat - c.lat) < 1e-10);
    }
}

TEST(tiles_of_one_zoom_cover_the_world_without_gaps)
{
    for (uint32_t x = 0; x < 8; x++)
        for (uint32_t y = 0; y < 8; y++) {
            struct box box = mercator_tile_box(3, x, y, 0);
            assert_true(fabs(box.min_lon - (-180 + x * 45.0)) < 1e-9);
            struct box south = mercator_tile_box(3, x, y < 7 ? y + 1 : y, 0);
            if (y < 7) assert_true(fabs(box.min_lat - south.max_lat) < 1e-9);
            struct box wide = mercator_tile_box(3, x, y, 0.1);
            assert_true(wide.min_lon >= -180 && wide.max_lon <= 180);
            assert_true(wide.min_lat <= box.min_lat && wide.max_lat >= box.max_lat);
        }
    /* Tian'anmen lies in tile 15/26978/12416. */
    struct box box = mercator_tile_box(15, 26978, 12416, 0);
    assert_true(box_contains(box, (struct coord){116.4, 39.903}));
}

TEST(a_grid_unit_is_as_long_as_it_is_on_the_ground)
{
    for (int lat = -80; lat <= 80; lat += 10) {
        double unit_m = mercator_unit_m(14, lat, 4096);
        double lon = 360 / (16384.0 * 4096);
        double ground_m = geodesic_distance_m((struct coord){0, lat}, (struct coord){lon, lat});
        assert_true(fabs(unit_m / ground_m - 1) < 0.004); /* sphere against ellipsoid */
    }
}

RUN(cmocka_unit_test(the_square_world_has_its_corners_where_the_standard_says),
    cmocka_unit_test(there_and_back_is_where_it_was),
    cmocka_unit_test(tiles_of_one_zoom_cover_the_world_without_gaps),
    cmocka_unit_test(a_grid_unit_is_as_long_as_it_is_on_the_ground))
