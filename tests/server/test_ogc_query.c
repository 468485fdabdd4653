#include "tests/check.h"

#include "server/api/ogc_query.h"
#include "server/api/ogc_table.h"
#include "tests/server/ogc_fixture.h"

#include <math.h>

struct asking {
    struct request request;
    struct arena arena;
    struct problem problem;
    struct ogc_query query;
};

static enum err ask(struct asking *a, struct ogc_fixture *f, const char *collection,
                    const char *query)
{
    *a = (struct asking){.request = {.arena = &a->arena, .problem = &a->problem}};
    char *target = arena_printf(&a->arena, "/x?%s", query);
    assert_ok(request_parse(&a->request, target));
    a->request.args[0] = (struct request_pair){"collection", collection};
    a->request.arg_count = 1;
    const struct ogc_collection *c = ogc_collection_named(&a->request);
    return c ? ogc_query_read(&a->request, &f->tools, c, &a->query) : ERR_NOTFOUND;
}

TEST(every_system_that_is_offered_holds_the_corners_of_the_box_it_is_offered_for)
{
    struct crs_context *context;
    uint64_t random = random_seed();
    size_t zones = 0;
    assert_ok(crs_context_new(&context));
    for (int round = 0; round < 200; round++) {
        bool in_china = round % 2;
        double lon = in_china ? 72 + random_unit(&random) * 64 : random_unit(&random) * 360 - 180;
        double lat = in_china ? 10 + random_unit(&random) * 45 : random_unit(&random) * 180 - 90;
        struct box box = {lon, lat, fmin(180, lon + random_unit(&random) * 4),
                          fmin(90, lat + random_unit(&random) * 4)};
        int codes[OGC_COLLECTION_SYSTEMS];
        size_t count = ogc_collection_systems(box, codes);
        assert_int_equal(codes[0], 0);
        for (size_t i = 1; i < count; i++) {
            struct coord corners[] = {{box.min_lon, box.min_lat},
                                      {box.max_lon, box.min_lat},
                                      {box.max_lon, box.max_lat},
                                      {box.min_lon, box.max_lat}};
            const struct crs *crs;
            char name[32];
            (void)snprintf(name, sizeof name, "EPSG:%d", codes[i]);
            assert_ok(crs_find(context, name, &crs, NULL));
            assert_ok(crs_from_wgs84(crs, corners, 4));
            zones += codes[i] > 4500 && codes[i] != 3857;
        }
    }
    assert_true(zones > 100);
    crs_context_free(context);
}

TEST(a_system_is_known_by_its_uri_and_only_where_the_collection_lists_it)
{
    static const struct {
        const char *code;
        bool listed, flipped;
    } cases[] = {{"OGC/1.3/CRS84", true, false}, {"EPSG/0/4326", true, true},
                 {"EPSG/0/4490", true, true},    {"EPSG/0/3857", true, false},
                 {"EPSG/0/4547", true, true},    {"EPSG/0/32650", true, false},
                 {"EPSG/0/4534", false, false},  {"EPSG/0/2154", false, false},
                 {"EPSG/0/04326", false, false}, {"epsg/0/4326", false, false},
                 {"EPSG/0/", false, false},      {"", false, false}};
    struct ogc_fixture f;
    struct asking a;
    ogc_fixture_init(&f, 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char query[128];
        (void)snprintf(query, sizeof query, "crs=http://www.opengis.net/def/crs/%s", cases[i].code);
        assert_int_equal(!ask(&a, &f, "places", query), cases[i].listed);
        if (cases[i].listed)
            assert_int_equal(a.query.crs.flipped, cases[i].flipped);
        else
            assert_string_equal(a.problem.parameter, "crs");
        arena_fini(&a.arena);
    }
    ogc_fixture_fini(&f);
}

TEST(boxes_are_read_in_the_order_of_axes_of_their_system)
{
    static const struct {
        const char *query;
        double west, south, east, north;
        size_t count;
    } cases[] = {
        {"bbox=116,39,117,40", 116, 39, 117, 40, 1},
        {"bbox=116,39,-5,117,40,9", 116, 39, 117, 40, 1},
        {"bbox=39,116,40,117&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4490", 116, 39, 117, 40,
         1},
        {"bbox=170,-10,-170,10", 170, -10, 180, 10, 2},
        {"bbox=-10,170,10,-170&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326", 170, -10, 180,
         10, 2},
    };
    struct ogc_fixture f;
    struct asking a;
    ogc_fixture_init(&f, 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ok(ask(&a, &f, "places", cases[i].query));
        const struct box *box = &a.query.wanted.boxes[0];
        assert_int_equal(a.query.wanted.box_count, cases[i].count);
        assert_true(box->min_lon == cases[i].west && box->min_lat == cases[i].south);
        assert_true(box->max_lon == cases[i].east && box->max_lat == cases[i].north);
        arena_fini(&a.arena);
    }
    ogc_fixture_fini(&f);
}

TEST(an_area_is_wanted_where_its_outline_meets_the_box_in_any_system)
{
    static const struct {
        const char *query;
        bool first, second;
    } cases[] = {
        {"bbox=116.1,39.1,116.2,39.2", true, false},
        {"bbox=117.5,40.5,118,41", false, false}, /* beside the slope, in its box */
        {"bbox=116.51,39.51,116.52,39.52", true, true},
        {"level=8", false, true},
        {"parent_id=1&name=%E4%BA%8C", false, true},
        {"code=110101", true, false},
        /* The same three boxes in Mercator's metres. */
        {"bbox-crs=http://www.opengis.net/def/crs/EPSG/0/"
         "3857&bbox=12924193,4735947,12935324,4750311",
         true, false},
        {"bbox-crs=http://www.opengis.net/def/crs/EPSG/0/"
         "3857&bbox=13080039,4938985,13135699,5012342",
         false, false},
        {"bbox-crs=http://www.opengis.net/def/crs/EPSG/0/"
         "3857&bbox=12969834,4795022,12970947,4796465",
         true, true},
        {"datetime=2024-01-01T00:00:00Z", true, true},
    };
    struct ogc_fixture f;
    struct asking a;
    ogc_fixture_init(&f, 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ok(ask(&a, &f, "areas", cases[i].query));
        assert_int_equal(ogc_query_wants_area(&a.query, (size_t)areaset_by_id(f.areas, 1)),
                         cases[i].first);
        assert_int_equal(ogc_query_wants_area(&a.query, (size_t)areaset_by_id(f.areas, 2)),
                         cases[i].second);
        arena_fini(&a.arena);
    }
    ogc_fixture_fini(&f);
}

TEST(a_limit_beyond_the_most_is_the_most_and_what_a_collection_lacks_is_refused)
{
    static const struct {
        const char *collection, *query, *parameter;
    } refusals[] = {{"places", "limit=0", "limit"},
                    {"places", "level=8", "level"},
                    {"areas", "category=fuel", "category"},
                    {"places", "offset=x", "offset"},
                    {"roads", "", "collection"},
                    {"places", "offset=0&cursor=00000000000000010000000000000000", "offset"}};
    struct ogc_fixture f;
    struct asking a;
    ogc_fixture_init(&f, 20);
    assert_ok(ask(&a, &f, "places", "limit=10001"));
    assert_int_equal(a.query.limit, OGC_LIMIT_MAX);
    arena_fini(&a.arena);
    assert_ok(ask(&a, &f, "areas", ""));
    assert_int_equal(a.query.limit, OGC_LIMIT_DEFAULT);
    arena_fini(&a.arena);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        assert_true(ask(&a, &f, refusals[i].collection, refusals[i].query) != ERR_OK);
        assert_string_equal(a.problem.parameter, refusals[i].parameter);
        arena_fini(&a.arena);
    }
    ogc_fixture_fini(&f);
}

RUN(cmocka_unit_test(every_system_that_is_offered_holds_the_corners_of_the_box_it_is_offered_for),
    cmocka_unit_test(a_system_is_known_by_its_uri_and_only_where_the_collection_lists_it),
    cmocka_unit_test(boxes_are_read_in_the_order_of_axes_of_their_system),
    cmocka_unit_test(an_area_is_wanted_where_its_outline_meets_the_box_in_any_system),
    cmocka_unit_test(a_limit_beyond_the_most_is_the_most_and_what_a_collection_lacks_is_refused))
