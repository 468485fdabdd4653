#include "tests/check.h"

#include "geo/base/clock.h"
#include "geo/space/polygon.h"
#include "geo/space/tangle.h"

#include <math.h>

/* A closed ring of `n` sides. */
static void ring_new(struct shape *shape, size_t n, struct coord (*point)(void *user, size_t i),
                     void *user)
{
    *shape = (struct shape){0};
    assert_ok(shape_add_ring(shape, false));
    for (size_t i = 0; i <= n; i++)
        assert_ok(shape_add_point(shape, point(user, i % n)));
}

static bool crosses(struct coord a, struct coord b, struct coord c, struct coord d)
{
    double abc = (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon);
    double abd = (b.lon - a.lon) * (d.lat - a.lat) - (b.lat - a.lat) * (d.lon - a.lon);
    double cda = (d.lon - c.lon) * (a.lat - c.lat) - (d.lat - c.lat) * (a.lon - c.lon);
    double cdb = (d.lon - c.lon) * (b.lat - c.lat) - (d.lat - c.lat) * (b.lon - c.lon);
    return abc * abd < 0 && cda * cdb < 0;
}

/* Random points, drawn when they are asked for the first time. */
struct drawn {
    uint64_t random;
    struct coord points[300];
    size_t count;
};

static struct coord draw(void *user, size_t i)
{
    struct drawn *d = user;
    if (i == d->count) {
        d->points[i] = (struct coord){116 + random_unit(&d->random), 39 + random_unit(&d->random)};
        d->count++;
    }
    return d->points[i];
}

TEST(crossings_are_counted_as_a_look_at_every_pair_counts_them)
{
    uint64_t seed = random_seed();
    for (size_t n = 3; n < 60; n++) {
        struct drawn d = {.random = seed + n};
        struct shape shape;
        size_t count = 0;
        ring_new(&shape, n, draw, &d);
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                count += crosses(shape.points[i], shape.points[i + 1], shape.points[j],
                                 shape.points[j + 1]);
        assert_ok(tangle_check(&shape, count));
        if (count) assert_err(tangle_check(&shape, count - 1), ERR_LIMIT);
        shape_fini(&shape);
    }
}

static struct coord on_circle(void *user, size_t i)
{
    double turn = 6.283185307179586 * (double)i / (double)*(size_t *)user;
    return (struct coord){116 + cos(turn), 39 + sin(turn)};
}

TEST(a_ring_of_a_million_sides_is_no_tangle)
{
    size_t n = 1000000;
    struct shape shape;
    ring_new(&shape, n, on_circle, &n);
    assert_ok(tangle_check(&shape, 0));
    shape_fini(&shape);
}

/* All boxes meet although no side crosses another. */
static struct coord slope(void *user, size_t i)
{
    size_t n = *(size_t *)user;
    double along = (double)i / (double)n;
    return i % 2 ? (struct coord){117, 40 + along} : (struct coord){116, 39 + along};
}

TEST(sides_too_close_to_be_looked_at_are_given_up)
{
    size_t n = 100000;
    struct shape shape;
    ring_new(&shape, n, slope, &n);
    assert_err(tangle_check(&shape, 10), ERR_LIMIT);
    shape_fini(&shape);
}

TEST(a_tangle_is_refused_at_once_and_a_bow_tie_is_mended)
{
    static const struct coord tie[] = {{116, 39}, {117, 40}, {117, 39}, {116, 40}, {116, 39}};
    static const size_t tie_starts[] = {0, 5};
    struct drawn d = {.random = 7};
    struct polygon *polygon = NULL;
    struct shape shape;
    struct why why = {""};
    ring_new(&shape, 299, draw, &d);
    uint64_t began = clock_ns();
    assert_err(polygon_from_shape(&shape, &polygon, &why), ERR_LIMIT);
    assert_string_equal(why.text, "the polygon's rings cross one another more than 200 times");
    assert_true(clock_ns() - began < 2000000000u);
    assert_ok(polygon_from_rings(tie, tie_starts, 1, &polygon, &why));
    polygon_free(polygon);
}

RUN(cmocka_unit_test(crossings_are_counted_as_a_look_at_every_pair_counts_them),
    cmocka_unit_test(a_ring_of_a_million_sides_is_no_tangle),
    cmocka_unit_test(sides_too_close_to_be_looked_at_are_given_up),
    cmocka_unit_test(a_tangle_is_refused_at_once_and_a_bow_tie_is_mended))
