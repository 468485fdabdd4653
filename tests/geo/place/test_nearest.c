#include "tests/check.h"

#include "geo/place/nearest.h"
#include "geo/space/geodesic.h"

#include <math.h>
#include <string.h>

enum { MOST = 3000, CATEGORIES = 5 };

/* Where places, and the queries about them, are drawn from. */
enum spread { UNIFORM, CLUSTERED, NORTH_POLE, SOUTH_POLE, ANTIMERIDIAN, HEAPED, SPREADS };

static struct coord wrapped(double lon, double lat)
{
    lon = lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
    return (struct coord){lon, fmax(-90, fmin(90, lat))};
}

static struct coord random_coord(uint64_t *random, enum spread spread)
{
    double x = random_unit(random), y = random_unit(random);
    switch (spread) {
    case CLUSTERED: /* eight towns around Beijing, each some kilometres wide */
        return wrapped(116 + random_below(random, 4) * 0.5 + (x - 0.5) * y * 0.2,
                       39.5 + random_below(random, 2) * 0.7 + (y - 0.5) * x * 0.2);
    case NORTH_POLE:
        return wrapped(x * 360 - 180, 90 - y * y * 2);
    case SOUTH_POLE:
        return wrapped(x * 360 - 180, -90 + y * y * 2);
    case ANTIMERIDIAN:
        return wrapped(180 + pow(x - 0.5, 3) * 4, y * 140 - 70);
    case HEAPED: /* few distinct points, so that many distances are equal */
        return wrapped(floor(x * 4) * 60 - 180, floor(y * 4) * 60 - 90);
    default:
        return wrapped(x * 360 - 180, asin(2 * y - 1) * 57.29577951308232);
    }
}

static const char *const some_hours[] = {"",
                                         "24/7",
                                         "Mo-Fr 08:00-18:00",
                                         "18:00-02:00; Tu off",
                                         "whenever",
                                         "Sa,Su 10:00-12:00 \"ring\""};

static struct placeset *set_new(uint64_t *random, uint32_t count, enum spread spread)
{
    struct placeset_builder *builder;
    struct placeset *set;
    assert_ok(placeset_builder_new(count, &builder));
    for (uint32_t i = 0; i < count; i++) {
        struct place place = {.id = (int64_t)((i * 7919) % MOST),
                              .at = random_coord(random, spread),
                              .category = random_below(random, CATEGORIES),
                              .amenities = random_next(random) & random_next(random),
                              .hours = some_hours[random_below(random, 6)],
                              .hours_self = some_hours[random_below(random, 6)]};
        assert_ok(placeset_add(builder, &place));
    }
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    return set;
}

static const struct placeset *compared;

static int compare_hits(const void *a, const void *b)
{
    const struct nearest_hit *x = a, *y = b;
    const int64_t *ids = placeset_ids(compared);
    if (x->distance_m != y->distance_m) return x->distance_m < y->distance_m ? -1 : 1;
    return ids[x->place] < ids[y->place] ? -1 : ids[x->place] > ids[y->place];
}

/* Compiled once, and kept to the end. */
static bool text_is_open(const char *text, const struct hours_moment *at)
{
    static struct hours *compiled[6];
    for (size_t i = 0; i < 6; i++) {
        if (strcmp(text, some_hours[i]) != 0) continue;
        if (!compiled[i] && hours_parse(text, strlen(text), &compiled[i], NULL)) return false;
        return hours_at(compiled[i], at, NULL) == HOURS_OPEN;
    }
    return false;
}

/* A minute of some week of 2026, in one of four places for it; NULL: no matter. */
static const struct hours_moment *random_moment(uint64_t *random)
{
    static struct hours_moment moments[4];
    struct hours_moment *at = &moments[random_below(random, 4)];
    int32_t day = 20454 + (int32_t)random_below(random, 7);
    *at = hours_moment_of(NULL, day, random_below(random, HOURS_MINUTES));
    return random_below(random, 3) ? NULL : at;
}

static bool passes(const struct placeset *set, uint32_t i, uint64_t categories, uint64_t amenities,
                   const struct hours_moment *open_at)
{
    struct place place = placeset_at(set, i);
    if (open_at && !text_is_open(place.hours, open_at) && !text_is_open(place.hours_self, open_at))
        return false;
    return (!categories || categories >> placeset_categories(set)[i] & 1) &&
           (placeset_amenities(set)[i] & amenities) == amenities;
}

/* A full scan, sorted. */
static uint32_t scan(const struct placeset *set, const struct nearest_query *query,
                     struct nearest_hit *hits)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < placeset_count(set); i++) {
        if (!passes(set, i, query->categories, query->amenities, query->open_at)) continue;
        double distance_m = geodesic_distance_m(query->at, placeset_at(set, i).at);
        if (distance_m <= query->radius_m) hits[count++] = (struct nearest_hit){i, distance_m};
    }
    compared = set;
    qsort(hits, count, sizeof *hits, compare_hits);
    return count < query->limit ? count : query->limit;
}

static struct nearest_query random_query(uint64_t *random, enum spread spread,
                                         const struct placeset *set)
{
    static const uint32_t limits[] = {1, 2, 10, 100, MOST};
    struct nearest_query query = {.at = random_coord(random, spread),
                                  .radius_m = pow(10, random_unit(random) * 8),
                                  .limit = limits[random_below(random, 5)]};
    if (random_below(random, 3) == 0) query.radius_m = (double)INFINITY;
    if (random_below(random, 2)) query.categories = random_next(random);
    if (random_below(random, 2)) query.categories = (uint64_t)1 << random_below(random, CATEGORIES);
    query.open_at = random_moment(random);
    if (random_below(random, 3) == 0) query.amenities = (uint64_t)3 << random_below(random, 63);
    /* Now and then from a place itself, where distances are zero. */
    if (placeset_count(set) && random_below(random, 10) == 0) {
        uint32_t count = (uint32_t)placeset_count(set);
        query.at = placeset_at(set, random_below(random, count)).at;
        if (random_below(random, 2)) query.radius_m = 0;
    }
    return query;
}

TEST(the_nearest_are_those_of_a_full_scan_everywhere_on_earth)
{
    static const uint32_t counts[] = {0, 1, 16, 17, 300, MOST};
    static struct nearest_hit hits[MOST], expected[MOST];
    struct nearest_work work = {0};
    uint64_t random = random_seed();
    for (int spread = 0; spread < SPREADS; spread++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            struct placeset *set = set_new(&random, counts[c], (enum spread)spread);
            for (int q = 0; q < 60; q++) {
                /* Half of the questions are asked from somewhere else altogether. */
                enum spread from = q % 2 ? (enum spread)spread : UNIFORM;
                struct nearest_query query = random_query(&random, from, set);
                uint32_t count = 0, wanted = scan(set, &query, expected);
                assert_ok(nearest_find(set, &work, &query, hits, &count));
                assert_int_equal(count, wanted);
                for (uint32_t i = 0; i < count; i++) {
                    assert_int_equal(hits[i].place, expected[i].place);
                    assert_true(hits[i].distance_m == expected[i].distance_m);
                }
            }
            placeset_free(set);
        }
    nearest_work_fini(&work);
}

TEST(neighbours_across_the_antimeridian_and_the_pole_are_near)
{
    static const struct coord at[] = {{179.9999, 10}, {-179.9999, 10}, {0, 89.9999},
                                      {180, 89.9999}, {180, -20},      {-180, -20}};
    struct placeset_builder *builder;
    struct placeset *set;
    struct nearest_work work = {0};
    assert_ok(placeset_builder_new(6, &builder));
    for (int i = 0; i < 6; i++)
        assert_ok(placeset_add(builder, &(struct place){.id = i, .at = at[i]}));
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    for (int i = 0; i < 6; i++) {
        struct nearest_hit hits[6];
        uint32_t count = 0;
        struct nearest_query query = {.at = at[i], .radius_m = 100, .limit = 6};
        assert_ok(nearest_find(set, &work, &query, hits, &count));
        assert_int_equal(count, 2);
        assert_int_equal(placeset_ids(set)[hits[1].place] / 2, i / 2);
    }
    placeset_free(set);
    nearest_work_fini(&work);
}

TEST(a_warm_workspace_allocates_no_more)
{
    struct nearest_work work = {0};
    struct nearest_hit hits[10];
    uint64_t random = random_seed();
    struct placeset *set = set_new(&random, MOST, CLUSTERED);
    uint32_t count = 0, size = 0;
    for (int i = 0; i < 2000; i++) {
        struct nearest_query query = {
            .at = random_coord(&random, CLUSTERED), .radius_m = 5000, .limit = 10};
        assert_ok(nearest_find(set, &work, &query, hits, &count));
        if (i == 1000) size = work.heap.size;
    }
    assert_int_equal(work.heap.size, size);
    placeset_free(set);
    nearest_work_fini(&work);
}

static int compare_ids(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Ids of what a box holds, in order. */
static uint32_t scan_box(const struct placeset *set, struct box box, uint64_t categories,
                         uint64_t amenities, const struct hours_moment *open_at, int64_t *ids)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < placeset_count(set); i++)
        if (passes(set, i, categories, amenities, open_at) &&
            box_contains(box, placeset_at(set, i).at))
            ids[count++] = placeset_ids(set)[i];
    qsort(ids, count, sizeof *ids, compare_ids);
    return count;
}

TEST(paging_through_a_box_meets_every_place_once_in_order_of_id)
{
    static int64_t expected[MOST];
    struct nearest_work work = {0};
    struct nearest_hit hits[64];
    uint64_t random = random_seed();
    struct placeset *set = set_new(&random, MOST, CLUSTERED);
    for (int q = 0; q < 100; q++) {
        struct box box = box_extend(box_empty(), random_coord(&random, CLUSTERED));
        box = box_extend(box, random_coord(&random, CLUSTERED));
        uint64_t categories = q % 2 ? random_next(&random) : 0;
        uint64_t amenities = q % 3 ? 0 : (uint64_t)1 << random_below(&random, 64);
        const struct hours_moment *open_at = random_moment(&random);
        uint32_t wanted = scan_box(set, box, categories, amenities, open_at, expected);
        uint32_t limit = 1 + random_below(&random, 64), met = 0;
        int64_t after = INT64_MIN;
        for (bool more = true; more;) {
            uint32_t count = 0;
            assert_ok(nearest_in_box(set, &work, box, categories, amenities, open_at, after, limit,
                                     hits, &count, &more));
            for (uint32_t i = 0; i < count; i++) {
                after = placeset_ids(set)[hits[i].place];
                assert_true(met < wanted && after == expected[met]);
                assert_true(hits[i].distance_m == 0);
                met++;
            }
            assert_true(count == limit || !more);
            assert_int_equal(more, met < wanted);
        }
        assert_int_equal(met, wanted);
    }
    placeset_free(set);
    nearest_work_fini(&work);
}

RUN(cmocka_unit_test(the_nearest_are_those_of_a_full_scan_everywhere_on_earth),
    cmocka_unit_test(neighbours_across_the_antimeridian_and_the_pole_are_near),
    cmocka_unit_test(a_warm_workspace_allocates_no_more),
    cmocka_unit_test(paging_through_a_box_meets_every_place_once_in_order_of_id))
