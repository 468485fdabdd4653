#include "tests/check.h"

#include "geo/space/china.h"
#include "geo/space/geodesic.h"

#include <math.h>

/* As gcoord 1.0.7 (npm) computes them forward. */
static const struct {
    struct coord wgs84, gcj02, bd09;
} known[] = {
    {{116.397128, 39.916527},
     {116.40337249402477, 39.91793074924595},
     {116.40973933698186, 39.92426929401509}},
    {{121.473701, 31.230416},
     {121.47822405739267, 31.22847374224698},
     {121.48478247238995, 31.23432658138832}},
    {{113.264385, 23.129112},
     {113.26971458288735, 23.126435336538538},
     {113.27613576798366, 23.132723116471208}},
    {{87.616848, 43.825592},
     {87.61969799823531, 43.826797436147594},
     {87.62614810195592, 43.83294127029601}},
    {{126.642464, 45.756967},
     {126.64843401023796, 45.758918130663396},
     {126.65506367010121, 45.76461182162859}},
    {{91.132212, 29.660361},
     {91.13375530683676, 29.657640565917127},
     {91.14035473858229, 29.66338658720037}},
    {{110.349228, 20.017377},
     {110.35363728916846, 20.015375215747255},
     {110.36016376214259, 20.02112159827146}},
    {{75.98951, 39.470239},
     {75.99246402789603, 39.47046510548738},
     {75.99897076510115, 39.476431360677495}},
    {{134.2, 48.3},
     {134.20771205761832, 48.30241093302071},
     {134.21432562298133, 48.308087956075155}},
    {{112.3333, 3.85},
     {112.33768449999805, 3.8491810332301317},
     {112.34418680183445, 3.855383918053002}},
    {{105, 35}, {105.00328624145706, 34.99909863223526}, {105.00966682831948, 35.005403668456964}},
    {{119.8, 49.2},
     {119.80724600209003, 49.201902742200325},
     {119.81386374001266, 49.20762128436219}},
};

static bool same(struct coord a, struct coord b, double deg)
{
    return fabs(a.lon - b.lon) <= deg && fabs(a.lat - b.lat) <= deg;
}

TEST(the_shifts_are_the_ones_that_everybody_computes)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_true(same(china_gcj02_from_wgs84(known[i].wgs84), known[i].gcj02, 1e-12));
        assert_true(same(china_bd09_from_gcj02(known[i].gcj02), known[i].bd09, 1e-12));
        assert_true(same(china_gcj02_from_bd09(known[i].bd09), known[i].gcj02, 1e-11));
        assert_true(same(china_wgs84_from_gcj02(known[i].gcj02), known[i].wgs84, 1e-11));
    }
}

TEST(outside_china_nothing_is_shifted)
{
    static const struct coord abroad[] = {{-56.1645, -34.9011}, {139.6917, 35.6895}, {72, 30},
                                          {103.8, 0.5},         {180, 90},           {-180, -90},
                                          {100, 55.8272},       {137.8348, 40}};
    for (size_t i = 0; i < sizeof abroad / sizeof *abroad; i++) {
        assert_false(china_covers(abroad[i]));
        assert_true(same(china_gcj02_from_wgs84(abroad[i]), abroad[i], 0));
        assert_true(same(china_wgs84_from_gcj02(abroad[i]), abroad[i], 0));
        assert_true(same(china_bd09_from_gcj02(abroad[i]), abroad[i], 0));
        assert_true(same(china_gcj02_from_bd09(abroad[i]), abroad[i], 0));
    }
}

static void check_there_and_back(struct coord c, double worst_m)
{
    struct coord gcj02 = china_gcj02_from_wgs84(c), bd09 = china_bd09_from_gcj02(gcj02);
    assert_true(coord_valid(gcj02) && coord_valid(bd09));
    assert_true(geodesic_distance_m(china_wgs84_from_gcj02(gcj02), c) < worst_m);
    assert_true(geodesic_distance_m(china_gcj02_from_bd09(bd09), gcj02) < worst_m);
    struct coord wgs84 = china_wgs84_from_gcj02(c);
    assert_true(geodesic_distance_m(china_gcj02_from_wgs84(wgs84), c) < worst_m);
    struct coord unbaidued = china_gcj02_from_bd09(c);
    assert_true(geodesic_distance_m(china_bd09_from_gcj02(unbaidued), c) < worst_m);
}

TEST(back_from_a_shift_errs_by_less_than_a_micrometre)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 50000; i++)
        check_there_and_back(
            (struct coord){72 + random_unit(&random) * 66, 0.8 + random_unit(&random) * 55.1},
            1e-6);
}

TEST(points_on_both_sides_of_the_rectangles_edges_come_back_too)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 20000; i++) {
        double off = (random_unit(&random) - 0.5) * 0.06;
        double lon = 72.004 + random_unit(&random) * 65.8307;
        double lat = 0.8293 + random_unit(&random) * 54.9978;
        check_there_and_back((struct coord){72.004 + off, lat}, 1e-6);
        check_there_and_back((struct coord){137.8347 + off, lat}, 1e-6);
        check_there_and_back((struct coord){lon, 0.8293 + off}, 1e-6);
        check_there_and_back((struct coord){lon, 55.8271 + off}, 1e-6);
    }
}

TEST(no_shift_is_longer_than_the_fading_strip_can_bear)
{
    for (int x = 0; x < 177; x++)
        for (int y = 0; y < 148; y++) {
            struct coord c = {72.01 + x * 0.37, 0.83 + y * 0.37};
            struct coord g = china_gcj02_from_wgs84(c);
            assert_true(hypot(g.lon - c.lon, g.lat - c.lat) < 0.014);
        }
}

RUN(cmocka_unit_test(the_shifts_are_the_ones_that_everybody_computes),
    cmocka_unit_test(outside_china_nothing_is_shifted),
    cmocka_unit_test(back_from_a_shift_errs_by_less_than_a_micrometre),
    cmocka_unit_test(points_on_both_sides_of_the_rectangles_edges_come_back_too),
    cmocka_unit_test(no_shift_is_longer_than_the_fading_strip_can_bear))
