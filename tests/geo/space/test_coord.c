#include "tests/check.h"

#include "geo/space/coord.h"

#include <math.h>

TEST(a_coordinate_is_valid_up_to_the_edges_of_the_world_and_no_further)
{
    static const struct {
        struct coord c;
        bool valid;
    } cases[] = {
        {{116.39, 39.9}, true},          {{180, 90}, true},         {{-180, -90}, true},
        {{180.0000001, 0}, false},       {{0, -90.0000001}, false}, {{200, 0}, false},
        {{(double)NAN, 0}, false},       {{0, (double)NAN}, false}, {{(double)INFINITY, 0}, false},
        {{0, -(double)INFINITY}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(coord_valid(cases[i].c), cases[i].valid);
}

TEST(rounding_to_e7_and_back_is_exact)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 100000; i++) {
        struct coord_e7 given = {(int32_t)(random_below(&random, 3600000001u) - 1800000000u),
                                 (int32_t)(random_below(&random, 1800000001u) - 900000000u)};
        struct coord_e7 back = coord_to_e7(coord_from_e7(given));
        assert_int_equal(back.lon_e7, given.lon_e7);
        assert_int_equal(back.lat_e7, given.lat_e7);
    }
}

TEST(an_e7_box_contains_the_box_it_was_made_from)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 100000; i++) {
        struct box box = box_empty();
        for (int corner = 0; corner < 2; corner++)
            box = box_extend(box, (struct coord){random_unit(&random) * 360 - 180,
                                                 random_unit(&random) * 180 - 90});
        struct box_e7 e7 = box_to_e7(box);
        assert_true(e7.min_lon <= box.min_lon * 1e7 && e7.max_lon >= box.max_lon * 1e7);
        assert_true(e7.min_lat <= box.min_lat * 1e7 && e7.max_lat >= box.max_lat * 1e7);
        assert_true(e7.max_lon - box.max_lon * 1e7 < 1 && box.min_lat * 1e7 - e7.min_lat < 1);
    }
}

TEST(a_box_beyond_the_world_is_cut_off_at_its_edge)
{
    struct box_e7 e7 = box_to_e7((struct box){-1e300, -91, (double)INFINITY, 1000});
    assert_int_equal(e7.min_lon, -1800000000);
    assert_int_equal(e7.max_lon, 1800000000);
    assert_int_equal(e7.min_lat, -900000000);
    assert_int_equal(e7.max_lat, 900000000);
}

TEST(an_empty_box_contains_nothing_and_grows_to_what_it_is_given)
{
    struct box box = box_empty();
    assert_false(box_contains(box, (struct coord){0, 0}));
    box = box_extend(box, (struct coord){116, 40});
    assert_true(box_contains(box, (struct coord){116, 40}));
    box = box_extend(box, (struct coord){117, 39});
    assert_true(box_contains(box, (struct coord){116.5, 39.5}));
    assert_false(box_contains(box, (struct coord){116.5, 40.1}));
}

RUN(cmocka_unit_test(a_coordinate_is_valid_up_to_the_edges_of_the_world_and_no_further),
    cmocka_unit_test(rounding_to_e7_and_back_is_exact),
    cmocka_unit_test(an_e7_box_contains_the_box_it_was_made_from),
    cmocka_unit_test(a_box_beyond_the_world_is_cut_off_at_its_edge),
    cmocka_unit_test(an_empty_box_contains_nothing_and_grows_to_what_it_is_given))
