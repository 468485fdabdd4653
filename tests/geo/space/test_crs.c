#include "tests/check.h"

#include "geo/space/china.h"
#include "geo/space/crs.h"
#include "geo/space/geodesic.h"

#include <math.h>
#include <string.h>

static struct crs_context *context_new(void)
{
    struct crs_context *context;
    assert_ok(crs_context_new(&context));
    return context;
}

static const struct crs *find(struct crs_context *context, const char *name)
{
    const struct crs *crs;
    struct why why = {""};
    assert_ok(crs_find(context, name, &crs, &why));
    return crs;
}

TEST(every_accepted_spelling_is_found_and_shown_in_the_apis_own)
{
    static const struct {
        const char *name, *shown;
        int decimals;
    } cases[] = {
        {"wgs84", "wgs84", 7},
        {"WGS84", "wgs84", 7},
        {"EPSG:4326", "wgs84", 7},
        {"epsg:4490", "wgs84", 7},
        {"urn:ogc:def:crs:EPSG::4326", "wgs84", 7},
        {"http://www.opengis.net/def/crs/OGC/1.3/CRS84", "wgs84", 7},
        {"gcj02", "gcj02", 7},
        {"GCJ02", "gcj02", 7},
        {"bd09", "bd09", 7},
        {"bd09ll", "bd09", 7},
        {"EPSG:4547", "EPSG:4547", 2},
        {"urn:ogc:def:crs:epsg::3857", "EPSG:3857", 2},
        {"http://www.opengis.net/def/crs/EPSG/0/4214", "EPSG:4214", 7},
    };
    struct crs_context *context = context_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct crs *crs = find(context, cases[i].name);
        assert_string_equal(crs_name(crs), cases[i].shown);
        assert_int_equal(crs_decimals(crs), cases[i].decimals);
    }
    crs_context_free(context);
}

TEST(any_other_name_is_refused_with_a_sentence_that_names_it)
{
    static const char *const names[] = {
        "",
        "wgs 84",
        "EPSG",
        "EPSG:",
        "EPSG:0",
        "EPSG:-4326",
        "EPSG:1",
        "EPSG:99999999999",
        "EPSG:4326 ",
        "EPSG:4978", /* geocentric */
        "EPSG:5773", /* heights */
        "EPSG:4979", /* three axes */
        "+proj=merc",
        "+init=file:/etc/passwd",
        "/etc/passwd",
        "http://www.opengis.net/def/crs/EPSG/1/4326",
        "http://example.org/crs",
        "GEOGCS[\"x\"]",
    };
    struct crs_context *context = context_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct crs *crs = NULL;
        struct why why = {""};
        assert_err(crs_find(context, names[i], &crs, &why), ERR_INVALID);
        assert_null(crs);
        assert_true(strlen(why.text) > 20);
        if (names[i][0]) assert_non_null(strstr(why.text, names[i]));
    }
    char longest[100000];
    memset(longest, 'E', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    const struct crs *crs;
    assert_err(crs_find(context, longest, &crs, NULL), ERR_INVALID);
    crs_context_free(context);
}

TEST(points_are_converted_as_published)
{
    /* Web Mercator: EPSG guidance note 7-2, spherical formulas by hand. CGCS2000 zone 117 E
     * (EPSG:4548): central meridian, false easting 500 km, arc of the meridian to 40 N. */
    static const struct {
        const char *crs;
        struct coord wgs84, there;
        double within;
    } cases[] = {
        {"EPSG:3857", {116.39, 39.9}, {12956475.533429112, 4851421.175183359}, 1e-6},
        {"EPSG:3857", {180, 0}, {20037508.342789244, 0}, 1e-6},
        {"EPSG:4548", {117, 40}, {500000, 4429529.03}, 0.01},
    };
    struct crs_context *context = context_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct crs *crs = find(context, cases[i].crs);
        struct coord c = cases[i].wgs84;
        assert_ok(crs_from_wgs84(crs, &c, 1));
        assert_true(fabs(c.lon - cases[i].there.lon) < cases[i].within);
        assert_true(fabs(c.lat - cases[i].there.lat) < cases[i].within);
        assert_ok(crs_to_wgs84(crs, &c, 1));
        assert_true(geodesic_distance_m(c, cases[i].wgs84) < 1e-3);
    }
    crs_context_free(context);
}

TEST(there_and_back_stays_where_it_was_in_every_system)
{
    static const char *const names[] = {"wgs84",     "gcj02",     "bd09",      "EPSG:4547",
                                        "EPSG:4548", "EPSG:3857", "EPSG:2436", "EPSG:4214",
                                        "EPSG:4610", "EPSG:32650"};
    struct crs_context *context = context_new();
    uint64_t random = random_seed();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct crs *crs = find(context, names[i]);
        for (int n = 0; n < 200; n++) {
            struct coord c = {115.5 + random_unit(&random) * 2, 39 + random_unit(&random) * 2};
            struct coord back = c;
            assert_ok(crs_from_wgs84(crs, &back, 1));
            assert_ok(crs_to_wgs84(crs, &back, 1));
            assert_true(geodesic_distance_m(c, back) < 1e-3);
        }
    }
    crs_context_free(context);
}

TEST(points_outside_a_systems_domain_are_refused)
{
    static const struct {
        const char *crs;
        struct coord c;
    } cases[] = {
        {"wgs84", {200, 0}},       {"wgs84", {(double)NAN, 0}},
        {"gcj02", {0, 91}},        {"bd09", {0, (double)INFINITY}},
        {"EPSG:4214", {500, 30}},  {"EPSG:4547", {1e12, 1e12}},
        {"EPSG:4547", {5e8, 3e7}}, {"EPSG:3857", {0, (double)NAN}},
        {"EPSG:3857", {1e300, 0}}, {"EPSG:32650", {-1e9, 4e6}},
    };
    struct crs_context *context = context_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct coord c = cases[i].c;
        assert_err(crs_to_wgs84(find(context, cases[i].crs), &c, 1), ERR_RANGE);
    }
    struct coord far = {-66, -40}; /* the other side of the world */
    assert_err(crs_from_wgs84(find(context, "EPSG:4547"), &far, 1), ERR_RANGE);
    struct coord off = {0, 100};
    assert_err(crs_from_wgs84(find(context, "EPSG:3857"), &off, 1), ERR_RANGE);
    crs_context_free(context);
}

TEST(a_context_keeps_the_systems_it_met_last)
{
    struct crs_context *context = context_new();
    const struct crs *first = find(context, "EPSG:32601");
    for (int round = 0; round < 2; round++)
        for (int zone = 2; zone <= 60; zone++) {
            char name[32];
            (void)snprintf(name, sizeof name, "EPSG:%d", 32600 + zone);
            const struct crs *crs = find(context, name);
            assert_string_equal(crs_name(crs), name);
            assert_ptr_equal(find(context, "EPSG:32601"), first);
            struct coord c = {zone * 6 - 183, 10};
            assert_ok(crs_from_wgs84(crs, &c, 1));
            assert_true(fabs(c.lon - 500000) < 1e-3);
        }
    crs_context_free(context);
}

TEST(the_order_of_axes_is_that_of_the_authority)
{
    static const struct {
        const char *name;
        bool north_first, degrees;
    } cases[] = {
        {"wgs84", false, true},     {"gcj02", false, true},     {"EPSG:3857", false, false},
        {"EPSG:4547", true, false}, {"EPSG:4526", true, false}, {"EPSG:32650", false, false},
        {"EPSG:4214", true, true},
    };
    struct crs_context *context = context_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct crs *crs = find(context, cases[i].name);
        assert_int_equal(crs_north_first(crs), cases[i].north_first);
        assert_int_equal(crs_in_degrees(crs), cases[i].degrees);
    }
    crs_context_free(context);
}

RUN(cmocka_unit_test(every_accepted_spelling_is_found_and_shown_in_the_apis_own),
    cmocka_unit_test(any_other_name_is_refused_with_a_sentence_that_names_it),
    cmocka_unit_test(the_order_of_axes_is_that_of_the_authority),
    cmocka_unit_test(points_are_converted_as_published),
    cmocka_unit_test(there_and_back_stays_where_it_was_in_every_system),
    cmocka_unit_test(points_outside_a_systems_domain_are_refused),
    cmocka_unit_test(a_context_keeps_the_systems_it_met_last))
