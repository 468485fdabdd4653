#include "tests/check.h"

#include "geo/space/border.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

static struct polygon *polygon_made(const struct coord *points, const size_t *starts, size_t rings)
{
    struct polygon *polygon;
    assert_ok(polygon_from_rings(points, starts, rings, &polygon, NULL));
    assert_ok(polygon_prepare(polygon));
    return polygon;
}

/* A star of random reach around a point: valid, often far from convex. */
static struct polygon *star_made(uint64_t *seed)
{
    enum { POINTS = 60 };
    struct coord ring[POINTS + 1];
    const size_t starts[] = {0, POINTS + 1};
    for (int i = 0; i < POINTS; i++) {
        double angle = 2 * 3.14159265358979 * i / POINTS;
        double reach = 0.01 * (0.2 + random_unit(seed));
        ring[i] = (struct coord){116.4 + reach * cos(angle), 39.9 + reach * sin(angle)};
    }
    ring[POINTS] = ring[0];
    return polygon_made(ring, starts, 1);
}

static void add_part(void *user, size_t piece, double from, double to)
{
    double *shares = user;
    assert_true(from >= 0 && from < to && to <= 1);
    shares[piece] += to - from;
}

/* Which share of each piece lies inside. */
static void shares_of(const struct border *border, const struct coord *line, size_t count,
                      double *shares)
{
    memset(shares, 0, (count - 1) * sizeof *shares);
    assert_ok(border_walk(border, line, count, add_part, shares));
}

TEST(a_line_through_a_frame_is_inside_but_for_its_hole)
{
    static const struct coord frame[] = {{116, 39}, {116, 42}, {119, 42}, {119, 39}, {116, 39},
                                         {117, 40}, {118, 40}, {118, 41}, {117, 41}, {117, 40}};
    static const size_t starts[] = {0, 5, 10};
    static const struct coord line[] = {{115, 40.5}, {120, 40.5}, {120, 43}, {120, 41},
                                        {116, 41},   {116, 39},   {110, 39}, {110, 50}};
    struct polygon *polygon = polygon_made(frame, starts, 2);
    struct border *border;
    double shares[7];
    assert_ok(border_new(polygon, &border));
    shares_of(border, line, 8, shares);
    assert_true(fabs(shares[0] - 0.4) < 1e-12); /* three degrees of five, less the hole's one */
    assert_true(shares[1] == 0 && shares[2] == 0);
    assert_true(fabs(shares[3] - 0.75) < 1e-12); /* along a side of the hole, which is inside */
    assert_true(fabs(shares[4] - 1) < 1e-12);    /* along the shell */
    assert_true(shares[5] == 0 && shares[6] == 0);
    border_free(border);
    polygon_free(polygon);
}

TEST(the_share_of_a_line_inside_is_what_many_points_on_it_say)
{
    enum { POINTS = 500, PIECES = 6 };
    uint64_t seed = random_seed();
    for (int i = 0; i < 100; i++) {
        struct polygon *star = star_made(&seed);
        struct border *border;
        struct coord line[PIECES + 1];
        double shares[PIECES], size = random_below(&seed, 2) ? 0.03 : 0.003;
        assert_ok(border_new(star, &border));
        for (int k = 0; k <= PIECES; k++)
            line[k] = (struct coord){116.4 + size * (random_unit(&seed) - 0.5),
                                     39.9 + size * (random_unit(&seed) - 0.5)};
        shares_of(border, line, PIECES + 1, shares);
        for (int k = 0; k < PIECES; k++) {
            struct coord a = line[k], b = line[k + 1];
            size_t inside = 0;
            for (int n = 0; n < POINTS; n++) {
                double t = (n + 0.5) / POINTS;
                inside += polygon_covers(
                    star, (struct coord){a.lon + t * (b.lon - a.lon), a.lat + t * (b.lat - a.lat)});
            }
            assert_true(fabs(shares[k] - (double)inside / POINTS) < 0.03);
        }
        border_free(border);
        polygon_free(star);
    }
}

struct asker {
    const struct border *border;
    uint64_t random;
    double sum;
};

static void sum_part(void *user, size_t piece, double from, double to)
{
    double *sum = user;
    *sum += (double)(piece + 1) * (to - from);
}

static void *ask(void *user)
{
    struct asker *asker = user;
    for (int i = 0; i < 2000; i++) {
        struct coord line[3];
        for (int k = 0; k < 3; k++)
            line[k] = (struct coord){116.39 + 0.02 * random_unit(&asker->random),
                                     39.89 + 0.02 * random_unit(&asker->random)};
        if (border_walk(asker->border, line, 3, sum_part, &asker->sum)) return NULL;
    }
    return NULL;
}

TEST(many_threads_may_ask_one_border)
{
    enum { THREADS = 4 };
    uint64_t seed = random_seed();
    struct polygon *star = star_made(&seed);
    struct border *border;
    struct asker askers[THREADS];
    pthread_t threads[THREADS];
    assert_ok(border_new(star, &border));
    for (int t = 0; t < THREADS; t++) {
        askers[t] = (struct asker){border, 7, 0};
        assert_int_equal(pthread_create(&threads[t], NULL, ask, &askers[t]), 0);
    }
    for (int t = 0; t < THREADS; t++)
        assert_int_equal(pthread_join(threads[t], NULL), 0);
    for (int t = 1; t < THREADS; t++)
        assert_true(askers[t].sum > 0 && askers[t].sum == askers[0].sum);
    border_free(border);
    polygon_free(star);
}

RUN(cmocka_unit_test(a_line_through_a_frame_is_inside_but_for_its_hole),
    cmocka_unit_test(the_share_of_a_line_inside_is_what_many_points_on_it_say),
    cmocka_unit_test(many_threads_may_ask_one_border))
