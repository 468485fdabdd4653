#include "tests/check.h"

#include "geo/base/file.h"
#include "geo/space/areaset.h"

#include <pthread.h>
#include <string.h>

/* A grid of unit squares, side by side, two levels: each quarter of the grid is a district too. */
enum { SIDE = 8, SQUARES = SIDE * SIDE, AREAS = SQUARES + 4 };

static struct polygon *square(double x, double y, double side)
{
    const struct coord points[] = {
        {x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}};
    const size_t starts[] = {0, 5};
    struct polygon *polygon;
    assert_ok(polygon_from_rings(points, starts, 1, &polygon, NULL));
    return polygon;
}

static struct areaset *grid_new(void)
{
    struct area areas[AREAS];
    struct polygon *polygons[AREAS];
    struct areaset *set;
    for (int i = 0; i < SQUARES; i++) {
        areas[i] = (struct area){.id = 1000 - i, .level = 8, .name = "格", .parent_id = 1};
        int column = i % SIDE, row = i / SIDE;
        polygons[i] = square(column, row, 1);
    }
    for (int i = 0; i < 4; i++) {
        areas[SQUARES + i] = (struct area){.id = 10 + i, .level = 6, .code = "110102"};
        int column = i % 2, row = i / 2;
        polygons[SQUARES + i] = square(column * 4, row * 4, 4);
    }
    assert_ok(areaset_new(areas, polygons, AREAS, &set));
    return set;
}

static int64_t locate(const struct areaset *set, double lon, double lat, double tolerance_m)
{
    const struct area *area;
    return areaset_locate(set, (struct coord){lon, lat}, tolerance_m, &area) ? -1 : area->id;
}

TEST(the_finest_area_is_found_and_a_shared_edge_has_one_answer)
{
    struct areaset *set = grid_new();
    assert_int_equal(areaset_count(set), AREAS);
    assert_int_equal(locate(set, 0.5, 0.5, 0), 1000);
    assert_int_equal(locate(set, 7.5, 7.5, 0), 1000 - 63);
    assert_int_equal(locate(set, 1, 0.5, 0), 999); /* both cover it: the lower id */
    assert_int_equal(locate(set, 1, 1, 0), 1000 - 9);
    assert_int_equal(locate(set, 8, 8, 0), 1000 - 63);
    areaset_free(set);
}

TEST(a_point_just_outside_falls_to_the_nearest_within_the_tolerance)
{
    struct areaset *set = grid_new();
    assert_int_equal(locate(set, -0.0001, 0.5, 0), -1);
    assert_int_equal(locate(set, -0.0001, 0.5, 20), 1000);
    assert_int_equal(locate(set, -0.0001, 0.5, 5), -1);
    assert_int_equal(locate(set, 8.0001, 7.9, 20), 1000 - 63);
    areaset_free(set);
}

TEST(a_point_in_a_gap_between_two_parts_of_a_district_falls_to_a_part_and_not_to_a_strangers)
{
    const struct area areas[] = {{.id = 1, .level = 6},
                                 {.id = 2, .level = 8, .parent_id = 1},
                                 {.id = 3, .level = 8, .parent_id = 1},
                                 {.id = 4, .level = 8, .parent_id = 9}};
    struct polygon *polygons[] = {square(0, 0, 2), square(0, 0, 0.9999), square(1.0001, 0, 0.9999),
                                  square(2, 0, 1)};
    struct areaset *set;
    assert_ok(areaset_new(areas, polygons, 4, &set));
    assert_int_equal(locate(set, 1.00004, 0.5, 20), 3);
    assert_int_equal(locate(set, 0.99996, 0.5, 20), 2);
    assert_int_equal(locate(set, 1, 0.5, 0), 1);
    assert_int_equal(locate(set, 1.99999, 1.5, 20), 1);     /* far from its parts */
    assert_int_equal(locate(set, 1.99999, 0.99999, 20), 3); /* not 4, as fine and nearer */
    areaset_free(set);
}

TEST(areas_are_found_by_id_and_keep_their_texts)
{
    struct areaset *set = grid_new();
    long i = areaset_by_id(set, 999);
    assert_int_equal(i, 1);
    assert_string_equal(areaset_at(set, (size_t)i)->name, "格");
    assert_string_equal(areaset_at(set, (size_t)i)->name_en, "");
    assert_string_equal(areaset_at(set, SQUARES)->code, "110102");
    assert_int_equal(areaset_by_id(set, 7), -1);
    areaset_free(set);
}

static bool count_one(void *user, size_t i)
{
    size_t *count = user;
    assert_true(i < AREAS);
    return ++*count < 1000;
}

TEST(a_box_finds_the_areas_that_it_meets)
{
    struct areaset *set = grid_new();
    size_t count = 0;
    areaset_search(set, (struct box){0.2, 0.2, 1.8, 0.8}, count_one, &count);
    assert_int_equal(count, 3);
    areaset_free(set);
}

TEST(areas_come_in_order_of_ids)
{
    struct areaset *set = grid_new();
    for (size_t i = 1; i < AREAS; i++)
        assert_true(areaset_at(set, areaset_in_order(set, i - 1))->id <
                    areaset_at(set, areaset_in_order(set, i))->id);
    areaset_free(set);
}

TEST(an_empty_set_knows_nothing)
{
    struct areaset *set;
    assert_ok(areaset_new(NULL, NULL, 0, &set));
    assert_int_equal(locate(set, 0, 0, 100), -1);
    assert_int_equal(areaset_by_id(set, 0), -1);
    areaset_free(set);
}

enum { THREADS = 4, ASKED = 2000 };

struct asker {
    const struct areaset *set;
    uint64_t random;
    int wrong;
};

static void *ask(void *user)
{
    struct asker *asker = user;
    for (int i = 0; i < ASKED; i++) {
        double x = random_unit(&asker->random) * SIDE, y = random_unit(&asker->random) * SIDE;
        int64_t expected = 1000 - ((int64_t)y * SIDE + (int64_t)x);
        if (locate(asker->set, x, y, 10) != expected) asker->wrong++;
        const struct polygon *first = areaset_polygon(asker->set, 0);
        if (polygon_distance_m(first, (struct coord){x, y}) < 0) asker->wrong++;
        struct polygon *part = NULL;
        if (i % 64 == 0 && polygon_outside(first, areaset_polygon(asker->set, 1), &part))
            asker->wrong++;
        polygon_free(part);
    }
    return NULL;
}

TEST(many_threads_may_ask_one_set)
{
    struct areaset *set = grid_new();
    struct asker askers[THREADS];
    pthread_t threads[THREADS];
    uint64_t seed = random_seed();
    for (unsigned t = 0; t < THREADS; t++) {
        askers[t] = (struct asker){set, seed + t, 0};
        assert_int_equal(pthread_create(&threads[t], NULL, ask, &askers[t]), 0);
    }
    for (unsigned t = 0; t < THREADS; t++) {
        assert_int_equal(pthread_join(threads[t], NULL), 0);
        assert_int_equal(askers[t].wrong, 0);
    }
    areaset_free(set);
}

/* The fifteen sub-districts of Xicheng, from a GeoJSON file of single-ring polygons, one number a
 * time: enough of a reader for that one file. */
enum { XICHENG = 15, MOST_POINTS = 2000 };

struct district {
    char code[16];
    struct coord points[MOST_POINTS];
    size_t count;
};

static void read_district(const char *text, const char *end, struct district *district)
{
    const char *at = strstr(text, "\"adcode\": \"");
    assert_non_null(at);
    (void)snprintf(district->code, sizeof district->code, "%.9s", at + 11);
    at = strstr(at, "\"coordinates\"");
    assert_non_null(at);
    while (at < end) {
        at += strcspn(at, "-0123456789}");
        if (*at == '}' || at >= end) break;
        char *next;
        double lon = strtod(at, &next);
        next += strcspn(next, "-0123456789");
        double lat = strtod(next, &next);
        assert_true(district->count < MOST_POINTS);
        district->points[district->count++] = (struct coord){lon, lat};
        at = next;
    }
}

static bool crosses_odd(const struct district *d, struct coord c)
{
    bool odd = false;
    for (size_t i = 1; i < d->count; i++) {
        struct coord a = d->points[i - 1], b = d->points[i];
        if ((a.lat > c.lat) != (b.lat > c.lat) &&
            c.lon < (b.lon - a.lon) * (c.lat - a.lat) / (b.lat - a.lat) + a.lon)
            odd = !odd;
    }
    return odd;
}

static struct district districts[XICHENG];

static struct areaset *xicheng_new(const char *path)
{
    char *text;
    size_t len;
    struct area areas[XICHENG];
    struct polygon *polygons[XICHENG];
    struct areaset *set;
    assert_ok(file_read(path, 1 << 20, &text, &len, NULL));
    const char *at = strstr(text, "\"features\"");
    for (size_t i = 0; i < XICHENG; i++) {
        at = strstr(at, "\"properties\"");
        assert_non_null(at);
        const char *next = strstr(at + 1, "\"properties\"");
        read_district(at, next ? next : text + len, &districts[i]);
        const size_t starts[] = {0, districts[i].count};
        assert_ok(polygon_from_rings(districts[i].points, starts, 1, &polygons[i], NULL));
        areas[i] = (struct area){.id = (int64_t)i + 1, .level = 8, .code = districts[i].code};
        at++;
    }
    free(text);
    assert_ok(areaset_new(areas, polygons, XICHENG, &set));
    return set;
}

TEST(the_sub_districts_of_xicheng_are_told_apart)
{
    static const struct {
        struct coord c;
        const char *code;
    } known[] = {
        {{116.3786, 39.8735}, "110102016"}, /* 陶然亭 */
        {{116.3557, 39.9155}, "110102011"}, /* 金融街 */
        {{116.3330, 39.9385}, "110102009"}, /* 展览路 */
        {{116.3571, 39.9232}, "110102003"}, /* 新街口 */
        {{116.3745, 39.8945}, "110102015"}, /* 椿树 */
        {{116.3735, 39.9490}, "110102010"}, /* 德胜 */
    };
    const char *data = getenv("YIZHAN_DATA");
    char path[512];
    (void)snprintf(path, sizeof path, "%s/areas/xicheng_subdistricts.geojson",
                   data ? data : HOUSE_ROOT "/../shared/data");
    struct why why = {""};
    struct file_map map;
    if (file_map(path, &map, &why)) {
        printf("SKIPPED: the sub-districts of Xicheng: %s\n", why.text);
        skip();
    }
    file_unmap(&map);
    struct areaset *set = xicheng_new(path);
    const struct area *area;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_ok(areaset_locate(set, known[i].c, 0, &area));
        assert_string_equal(area->code, known[i].code);
    }
    uint64_t random = random_seed();
    for (int i = 0; i < 3000; i++) {
        struct coord c = {116.31 + random_unit(&random) * 0.1, 39.86 + random_unit(&random) * 0.12};
        long expected = -1;
        for (size_t d = 0; d < XICHENG; d++)
            if (crosses_odd(&districts[d], c)) expected = (long)d;
        assert_int_equal(areaset_locate(set, c, 0, &area), expected < 0 ? ERR_NOTFOUND : ERR_OK);
        if (expected >= 0) assert_int_equal(area->id, expected + 1);
    }
    areaset_free(set);
}

RUN(cmocka_unit_test(the_finest_area_is_found_and_a_shared_edge_has_one_answer),
    cmocka_unit_test(a_point_just_outside_falls_to_the_nearest_within_the_tolerance),
    cmocka_unit_test(
        a_point_in_a_gap_between_two_parts_of_a_district_falls_to_a_part_and_not_to_a_strangers),
    cmocka_unit_test(areas_are_found_by_id_and_keep_their_texts),
    cmocka_unit_test(a_box_finds_the_areas_that_it_meets),
    cmocka_unit_test(areas_come_in_order_of_ids), cmocka_unit_test(an_empty_set_knows_nothing),
    cmocka_unit_test(many_threads_may_ask_one_set),
    cmocka_unit_test(the_sub_districts_of_xicheng_are_told_apart))
