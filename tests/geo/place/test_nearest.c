#include "tests/check.h"

#include "geo/place/nearest.h"
#include "geo/space/geodesic.h"

#include <math.h>
#include <string.h>

enum { MOST = 3000, CATEGORIES = 5 };

/* Where places, and the queries about them, are drawn from. */
enum spread { UNIFORM, CLUSTERED, NORTH_POLE, SOUTH_POLE, ANTIMERIDIAN, HEAPED, STACKED, SPREADS };

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
    case STACKED: /* the same within a town */
        return wrapped(116 + floor(x * 4) * 0.01, 39.5 + floor(y * 4) * 0.01);
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

/* Now is an hour of these; some places are closed for a while about it. */
enum { HOUR_MS = 3600000 };

static struct place random_place(uint64_t *random, int64_t id, enum spread spread)
{
    struct place place = {.id = id,
                          .at = random_coord(random, spread),
                          .category = random_below(random, CATEGORIES),
                          .amenities = random_next(random) & random_next(random),
                          .hours = some_hours[random_below(random, 6)],
                          .hours_self = some_hours[random_below(random, 6)]};
    if (random_below(random, 5) == 0) {
        place.closed_from_ms = (int64_t)random_below(random, 5) * HOUR_MS;
        place.closed_to_ms = place.closed_from_ms + random_below(random, 3) * HOUR_MS + 1;
        if (random_below(random, 3) == 0) place.closed_to_ms = INT64_MAX;
    }
    return place;
}

static struct placeset *set_new(uint64_t *random, uint32_t count, enum spread spread)
{
    struct placeset_builder *builder;
    struct placeset *set;
    assert_ok(placeset_builder_new(count, &builder));
    for (uint32_t i = 0; i < count; i++) {
        struct place place = random_place(random, (int64_t)((i * 7919) % MOST), spread);
        assert_ok(placeset_add(builder, &place));
    }
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    return set;
}

/* A tenth of the places is touched: some are gone, some changed; some are new. Takes `set`. */
static struct placeset *patched(uint64_t *random, struct placeset *set, enum spread spread)
{
    static int64_t ids[MOST + 50];
    struct placeset_builder *builder;
    struct placeset *next;
    size_t count = 0;
    assert_ok(placeset_builder_new(0, &builder));
    for (int64_t id = 0; id < MOST + 50; id++) {
        bool there = placeset_by_id(set, id) >= 0;
        if (there ? random_below(random, 10) : id < MOST) continue;
        ids[count++] = id;
        struct place place = random_place(random, id, spread);
        if (!there || random_below(random, 2)) assert_ok(placeset_add(builder, &place));
    }
    assert_ok(placeset_patch(set, builder, ids, count, &next));
    placeset_builder_free(builder);
    assert_true(placeset_same_base(set, next));
    placeset_free(set);
    return next;
}

static const struct placeset *compared;

static int compare_hits(const void *a, const void *b)
{
    const struct nearest_hit *x = a, *y = b;
    int64_t id_x = placeset_id(compared, x->place), id_y = placeset_id(compared, y->place);
    if (x->distance_m != y->distance_m) return x->distance_m < y->distance_m ? -1 : 1;
    return id_x < id_y ? -1 : id_x > id_y;
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

static bool place_is_open(const struct place *place, const struct placeset_moment *at)
{
    bool shut = place->closed_to_ms && at->utc_ms >= place->closed_from_ms &&
                at->utc_ms < place->closed_to_ms;
    return !shut &&
           (text_is_open(place->hours, &at->hours) || text_is_open(place->hours_self, &at->hours));
}

static bool is_odd(void *user, uint32_t place)
{
    return placeset_id(user, place) % 2 != 0;
}

/* All that a filter can ask for, drawn at random; what it borrows. */
struct asking {
    struct place_filter filter;
    struct placeset_moment moment;
    struct box boxes[2], frame;
    struct polygon *polygon;
};

static struct box random_box(uint64_t *random, enum spread spread)
{
    return box_extend(box_extend(box_empty(), random_coord(random, spread)),
                      random_coord(random, spread));
}

static void random_polygon(uint64_t *random, enum spread spread, struct asking *asking)
{
    const struct box b = random_box(random, spread);
    const struct coord corners[] = {{b.min_lon, b.min_lat},
                                    {b.max_lon, b.min_lat},
                                    {b.max_lon, b.max_lat},
                                    {b.min_lon, b.max_lat},
                                    {b.min_lon, b.min_lat}};
    const size_t starts[] = {0, 5};
    asking->frame = b;
    if (polygon_from_rings(corners, starts, 1, &asking->polygon, NULL)) return;
    assert_ok(polygon_prepare(asking->polygon));
    asking->filter.within[random_below(random, FILTER_POLYGONS)] = asking->polygon;
}

static void ask(uint64_t *random, enum spread spread, const struct placeset *set,
                struct asking *asking)
{
    struct place_filter *filter = &asking->filter;
    *asking = (struct asking){.polygon = NULL};
    if (random_below(random, 2)) filter->categories = random_next(random);
    if (random_below(random, 2))
        filter->categories = (uint64_t)1 << random_below(random, CATEGORIES);
    if (random_below(random, 3) == 0) filter->all_of = (uint64_t)3 << random_below(random, 63);
    if (random_below(random, 3) == 0) filter->any_of = (uint64_t)3 << random_below(random, 63);
    if (random_below(random, 3) == 0) {
        int32_t day = 20454 + (int32_t)random_below(random, 7);
        asking->moment.hours = hours_moment_of(NULL, day, random_below(random, HOURS_MINUTES));
        asking->moment.utc_ms = (int64_t)random_below(random, 6) * HOUR_MS;
        filter->open_at = &asking->moment;
    }
    if (random_below(random, 3) == 0) {
        filter->box_count = 1 + random_below(random, 2);
        asking->boxes[0] = random_box(random, spread);
        asking->boxes[1] = random_box(random, spread);
        filter->boxes = asking->boxes;
    }
    if (random_below(random, 4) == 0) random_polygon(random, spread, asking);
    if (random_below(random, 4) == 0) {
        filter->accept = is_odd;
        filter->user = (void *)(uintptr_t)set;
    }
}

/* Every condition on its own, from what the place says of itself. */
static bool passes(const struct place *place, const struct asking *asking)
{
    const struct place_filter *f = &asking->filter;
    bool boxed = f->box_count == 0;
    for (unsigned i = 0; i < f->box_count; i++)
        boxed = boxed || box_contains(f->boxes[i], place->at);
    return boxed && (!f->categories || f->categories >> place->category & 1) &&
           (place->amenities & f->all_of) == f->all_of &&
           (!f->any_of || (place->amenities & f->any_of) != 0) &&
           (!f->open_at || place_is_open(place, f->open_at)) &&
           (!asking->polygon || box_contains(asking->frame, place->at)) &&
           (!f->accept || place->id % 2 != 0);
}

/* The places by a walk over the ids that there can be. */
static uint32_t scan(const struct placeset *set, const struct asking *asking, struct coord at,
                     double radius_m, struct nearest_hit *hits)
{
    const struct geodesic_from from = geodesic_from(at);
    uint32_t count = 0;
    for (int64_t id = 0; id < MOST + 50; id++) {
        int64_t i = placeset_by_id(set, id);
        if (i < 0) continue;
        struct place place = placeset_at(set, (uint32_t)i);
        double distance_m = geodesic_from_distance_m(&from, place.at);
        if (passes(&place, asking) && distance_m <= radius_m)
            hits[count++] = (struct nearest_hit){(uint32_t)i, distance_m};
    }
    compared = set;
    return count;
}

static struct nearest_query random_query(uint64_t *random, enum spread spread,
                                         const struct placeset *set, struct asking *asking)
{
    static const uint32_t limits[] = {1, 2, 10, 17, 100, MOST};
    struct nearest_query query = {.at = random_coord(random, spread),
                                  .radius_m = pow(10, random_unit(random) * 8),
                                  .limit = limits[random_below(random, 6)]};
    if (random_below(random, 3) == 0) query.radius_m = (double)INFINITY;
    ask(random, spread, set, asking);
    query.filter = asking->filter;
    /* Now and then from a place itself, where distances are zero. */
    if (placeset_end(set) && random_below(random, 10) == 0) {
        query.at = placeset_at(set, random_below(random, placeset_end(set))).at;
        if (random_below(random, 2)) query.radius_m = 0;
    }
    return query;
}

TEST(the_nearest_are_those_of_a_full_scan_everywhere_on_earth)
{
    static const uint32_t counts[] = {0, 1, 16, 17, 300, MOST};
    static struct nearest_hit hits[MOST + 50], expected[MOST + 50];
    struct nearest_work work = {0};
    uint64_t random = random_seed();
    for (int spread = 0; spread < SPREADS; spread++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            struct placeset *set = set_new(&random, counts[c], (enum spread)spread);
            for (int q = 0; q < 100; q++) {
                if (q % 25 == 24) set = patched(&random, set, (enum spread)spread);
                /* Half of the questions are asked from somewhere else altogether. */
                enum spread from = q % 2 ? (enum spread)spread : UNIFORM;
                struct asking asking;
                struct nearest_query query = random_query(&random, from, set, &asking);
                uint32_t count = 0;
                uint32_t all = scan(set, &asking, query.at, query.radius_m, expected);
                uint32_t wanted = all < query.limit ? all : query.limit;
                qsort(expected, all, sizeof *expected, compare_hits);
                assert_ok(nearest_find(set, &work, &query, hits, &count));
                assert_int_equal(count, wanted);
                for (uint32_t i = 0; i < count; i++) {
                    assert_int_equal(hits[i].place, expected[i].place);
                    assert_true(hits[i].distance_m == expected[i].distance_m);
                }
                polygon_free(asking.polygon);
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
        assert_int_equal(placeset_id(set, hits[1].place) / 2, i / 2);
    }
    placeset_free(set);
    nearest_work_fini(&work);
}

/* A thousand queries warm a workspace for the same queries once more. */
static void warm_and_hold(uint64_t *random, struct nearest_work *work, enum spread spread)
{
    enum { QUERIES = 1000 };
    struct nearest_query queries[QUERIES];
    struct nearest_hit hits[10];
    struct placeset *set = set_new(random, MOST, spread);
    const double *slots = NULL;
    uint32_t count = 0, aside_size = 0;
    for (int i = 0; i < QUERIES; i++)
        queries[i] = (struct nearest_query){
            .at = random_coord(random, spread), .radius_m = 5000, .limit = 10};
    for (int i = 0; i < 2 * QUERIES; i++) {
        if (i == QUERIES) aside_size = work->least.aside_size;
        assert_ok(nearest_find(set, work, &queries[i % QUERIES], hits, &count));
        if (i == 0) slots = work->least.slots;
    }
    assert_ptr_equal(work->least.slots, slots);
    assert_int_equal(work->least.aside_size, aside_size);
    placeset_free(set);
}

TEST(a_warm_workspace_allocates_no_more)
{
    struct nearest_work work = {0};
    uint64_t random = random_seed();
    warm_and_hold(&random, &work, CLUSTERED);
    warm_and_hold(&random, &work, STACKED);
    assert_true(work.least.aside_size > 0); /* of many at one distance some are put aside */
    nearest_work_fini(&work);
}

static int compare_ids(const void *a, const void *b)
{
    const struct nearest_hit *x = a, *y = b;
    int64_t id_x = placeset_id(compared, x->place), id_y = placeset_id(compared, y->place);
    return id_x < id_y ? -1 : id_x > id_y;
}

TEST(paging_through_a_box_meets_every_place_once_in_order_of_id)
{
    static struct nearest_hit expected[MOST + 50];
    struct nearest_work work = {0};
    struct nearest_hit hits[64];
    uint64_t random = random_seed();
    struct placeset *set = set_new(&random, MOST, CLUSTERED);
    for (int q = 0; q < 200; q++) {
        struct asking asking;
        if (q % 20 == 19) set = patched(&random, set, CLUSTERED);
        ask(&random, CLUSTERED, set, &asking);
        struct box box = random_box(&random, CLUSTERED), world = {-180, -90, 180, 90};
        if (q % 3 == 0) box = world;
        uint32_t wanted = 0, all = scan(set, &asking, (struct coord){0, 0}, 1e9, expected);
        for (uint32_t i = 0; i < all; i++)
            if (box_contains(box, placeset_at(set, expected[i].place).at))
                expected[wanted++] = expected[i];
        qsort(expected, wanted, sizeof *expected, compare_ids);
        uint32_t limit = 1 + random_below(&random, 64), met = 0;
        int64_t after = INT64_MIN;
        for (bool more = true; more;) {
            uint32_t count = 0;
            assert_ok(
                nearest_in_box(set, &work, box, &asking.filter, after, limit, hits, &count, &more));
            for (uint32_t i = 0; i < count; i++) {
                after = placeset_id(set, hits[i].place);
                assert_true(met < wanted && hits[i].place == expected[met].place);
                assert_true(hits[i].distance_m == 0);
                met++;
            }
            assert_true(count == limit || !more);
            assert_int_equal(more, met < wanted);
        }
        assert_int_equal(met, wanted);
        polygon_free(asking.polygon);
    }
    placeset_free(set);
    nearest_work_fini(&work);
}

RUN(cmocka_unit_test(the_nearest_are_those_of_a_full_scan_everywhere_on_earth),
    cmocka_unit_test(neighbours_across_the_antimeridian_and_the_pole_are_near),
    cmocka_unit_test(a_warm_workspace_allocates_no_more),
    cmocka_unit_test(paging_through_a_box_meets_every_place_once_in_order_of_id))
