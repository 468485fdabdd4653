#include "tests/data/store.h"

#include "data/cases_similar.h"
#include "geo/space/geodesic.h"

#include <math.h>

static size_t found(struct store *s, const char *category, struct coord at, int64_t but,
                    const struct cases_similar **list)
{
    size_t count = 0;
    const struct kinds_kind *kind = kinds_find(s->kinds, "report");
    const struct kinds_category *of = kinds_category(kind, category);
    assert_non_null(of);
    assert_ok(cases_similar_find(s->db, kind, of, at, but, &s->arena, list, &count));
    return count;
}

static double radius_of(struct store *s, const char *category)
{
    return (double)kinds_category(kinds_find(s->kinds, "report"), category)->radius_m;
}

TEST(open_cases_of_the_category_are_found_nearest_first_and_not_the_one_itself)
{
    struct store s = store_fresh();
    struct why why = {""};
    const struct cases_similar *list;
    struct cases_new fresh = store_report();
    struct coord at = fresh.at;
    struct cases_case here = store_created(&s, &fresh);
    fresh.at.lon += 0.00010;
    struct cases_case near = store_created(&s, &fresh);
    fresh.at.lon -= 0.00005;
    struct cases_case nearer = store_created(&s, &fresh);
    fresh.category = "manhole";
    (void)store_created(&s, &fresh);
    assert_true(radius_of(&s, "lamp") > 10);
    assert_int_equal(found(&s, "lamp", at, here.id, &list), 2);
    assert_string_equal(list[0].found.public_id, nearer.public_id);
    assert_string_equal(list[1].found.public_id, near.public_id);
    assert_true(list[0].distance_m < list[1].distance_m);
    assert_int_equal(found(&s, "lamp", at, 0, &list), 3);
    assert_true(list[0].distance_m < 1e-6);
    assert_ok(store_move(&s, &here, "rejected", KINDS_STAFF, "x", &why));
    assert_int_equal(found(&s, "lamp", at, 0, &list), 2);
    store_close(&s);
    scratch_remove();
}

/* Held against the distance of each, near the poles and the edge of the map, too. */
TEST(whatever_lies_within_the_radius_is_found_and_nothing_else)
{
    static const struct coord centres[] = {{116.375, 39.92}, {0, 0},        {179.9999, 10},
                                           {-179.9999, -10}, {20, 89.9999}, {20, -89.9995}};
    uint64_t random = random_seed();
    for (size_t c = 0; c < sizeof centres / sizeof *centres; c++) {
        struct store s = store_fresh();
        struct cases_new fresh = store_report();
        const struct cases_similar *list;
        double radius = radius_of(&s, "lamp");
        size_t within = 0;
        for (int i = 0; i < 8; i++) {
            double part = 2 * random_unit(&random) - 1, other = 2 * random_unit(&random) - 1;
            fresh.at.lat = centres[c].lat + part * radius / 110000;
            fresh.at.lon = centres[c].lon + other * radius / 110000;
            if (fresh.at.lat > 90 || fresh.at.lat < -90) continue;
            if (fresh.at.lon > 180) fresh.at.lon -= 360;
            if (fresh.at.lon < -180) fresh.at.lon += 360;
            (void)store_created(&s, &fresh);
            within += geodesic_distance_m(centres[c], fresh.at) <= radius;
        }
        assert_int_equal(found(&s, "lamp", centres[c], 0, &list), within);
        store_close(&s);
        scratch_remove();
    }
}

TEST(of_many_the_nearest_are_kept)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    const struct cases_similar *list;
    struct coord at = fresh.at;
    for (int i = CASES_SIMILAR_MAX + 5; i > 0; i--) {
        fresh.at.lat = at.lat + i * 0.000005;
        (void)store_created(&s, &fresh);
    }
    assert_int_equal(found(&s, "lamp", at, 0, &list), CASES_SIMILAR_MAX);
    for (int i = 0; i < CASES_SIMILAR_MAX; i++)
        assert_true(fabs(list[i].found.at.lat - at.lat - (i + 1) * 0.000005) < 1e-9);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(open_cases_of_the_category_are_found_nearest_first_and_not_the_one_itself),
    cmocka_unit_test(whatever_lies_within_the_radius_is_found_and_nothing_else),
    cmocka_unit_test(of_many_the_nearest_are_kept))
