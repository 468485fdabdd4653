#include "tests/check.h"

#include "geo/tile/clusters.h"
#include "geo/tile/morton.h"

#include <string.h>

enum { CATEGORIES = 5 };

struct points {
    struct coord_e7 *at;
    uint8_t *categories;
    size_t count;
};

/* Some anywhere, most in one town, some on the same spot. */
static struct points points_new(size_t count, uint64_t *random)
{
    struct points p = {calloc(count + 1, sizeof *p.at), calloc(count + 1, 1), count};
    assert_true(p.at && p.categories);
    for (size_t i = 0; i < count; i++) {
        struct coord c = {116 + random_unit(random), 39 + random_unit(random)};
        if (i % 7 == 0)
            c = (struct coord){random_unit(random) * 360 - 180, random_unit(random) * 180 - 90};
        if (i % 11 == 0) c = (struct coord){116.5, 39.5};
        p.at[i] = coord_to_e7(c);
        p.categories[i] = (uint8_t)random_below(random, CATEGORIES);
    }
    return p;
}

static void points_free(struct points *p)
{
    free(p->at);
    free(p->categories);
}

TEST(a_code_gives_its_point_back_and_keeps_squares_together)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 1000; i++) {
        struct mercator_grid p = {(uint32_t)random_next(&random), (uint32_t)random_next(&random)};
        struct mercator_grid q = {p.x ^ 1u << random_below(&random, 32), p.y};
        struct mercator_grid back = morton_point(morton_code(p));
        assert_true(back.x == p.x && back.y == p.y);
        unsigned common = morton_common(morton_code(p), morton_code(q));
        assert_true(common < 32 && (p.x ^ q.x) >> (31 - common) == 1);
    }
    assert_int_equal(morton_common(5, 5), 32);
    assert_int_equal(morton_common(0, UINT64_MAX), 0);
}

TEST(positions_are_in_order_and_each_point_has_one)
{
    uint64_t random = random_seed();
    struct points p = points_new(5000, &random);
    struct clusters *c;
    assert_ok(clusters_new(p.at, p.categories, p.count, &c));
    assert_int_equal(clusters_count(c), p.count);
    bool *seen = calloc(p.count, sizeof *seen);
    for (size_t i = 0; i < p.count; i++) {
        uint32_t point = clusters_point(c, i);
        assert_true(point < p.count && !seen[point]);
        seen[point] = true;
        assert_true(i == 0 || clusters_code(c, i) >= clusters_code(c, i - 1));
        assert_true(clusters_code(c, i) == morton_code(mercator_grid(coord_from_e7(p.at[point]))));
        assert_int_equal(clusters_category(c, i), p.categories[point]);
    }
    free(seen);
    clusters_free(c);
    points_free(&p);
}

TEST(any_run_adds_up_as_one_by_one)
{
    uint64_t random = random_seed();
    const size_t sizes[] = {0, 1, 127, 128, 129, 256, 20000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct points p = points_new(sizes[s], &random);
        struct clusters *c;
        assert_ok(clusters_new(p.at, p.categories, p.count, &c));
        for (int i = 0; i < 200; i++) {
            size_t a = random_below(&random, (uint32_t)p.count + 1);
            size_t b = a + random_below(&random, (uint32_t)(p.count - a) + 1);
            struct clusters_sum sums[CLUSTERS_CATEGORIES] = {{0}},
                                plain[CLUSTERS_CATEGORIES] = {{0}};
            clusters_add(c, a, b, sums);
            for (size_t at = a; at < b; at++) {
                struct clusters_sum *sum = &plain[clusters_category(c, at)];
                struct mercator_grid g = morton_point(clusters_code(c, at));
                sum->x += g.x;
                sum->y += g.y;
                sum->count++;
            }
            assert_memory_equal(sums, plain, sizeof sums);
        }
        clusters_free(c);
        points_free(&p);
    }
}

TEST(a_code_is_found_where_a_walk_finds_it)
{
    uint64_t random = random_seed();
    struct points p = points_new(3000, &random);
    struct clusters *c;
    assert_ok(clusters_new(p.at, p.categories, p.count, &c));
    for (int i = 0; i < 500; i++) {
        uint64_t code = i % 2 ? random_next(&random)
                              : clusters_code(c, random_below(&random, (uint32_t)p.count));
        size_t from = random_below(&random, (uint32_t)p.count);
        size_t to = from + random_below(&random, (uint32_t)(p.count - from) + 1), plain = from;
        while (plain < to && clusters_code(c, plain) < code)
            plain++;
        assert_int_equal(clusters_find(c, code, from, to), plain);
    }
    clusters_free(c);
    points_free(&p);
}

RUN(cmocka_unit_test(a_code_gives_its_point_back_and_keeps_squares_together),
    cmocka_unit_test(positions_are_in_order_and_each_point_has_one),
    cmocka_unit_test(any_run_adds_up_as_one_by_one),
    cmocka_unit_test(a_code_is_found_where_a_walk_finds_it))
