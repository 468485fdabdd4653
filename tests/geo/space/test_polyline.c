#include "tests/check.h"

#include "geo/space/geodesic.h"
#include "geo/space/polyline.h"

#include <math.h>
#include <string.h>

enum { MANY = 2000 };

static const char *encode(struct buf *buf, const struct coord *points, size_t count, int precision)
{
    buf_reset(buf);
    polyline_encode(points, count, precision, buf);
    buf_putc(buf, '\0');
    assert_ok(buf->err);
    return buf->bytes;
}

TEST(the_encoding_is_the_one_of_the_specification)
{
    /* The example of Google's page, and one point for the sign of a rounded zero. */
    const struct coord line[] = {{-120.2, 38.5}, {-120.95, 40.7}, {-126.453, 43.252}};
    const struct coord zero = {-0.000001, 0.000001};
    struct buf buf;
    buf_init(&buf, 1000);
    assert_string_equal(encode(&buf, line, 3, 5), "_p~iF~ps|U_ulLnnqC_mqNvxq`@");
    assert_string_equal(encode(&buf, line, 3, 6), "_izlhA~rlgdF_{geC~ywl@_kwzCn`{nI");
    assert_string_equal(encode(&buf, &zero, 1, 5), "??");
    assert_string_equal(encode(&buf, NULL, 0, 5), "");
    buf_fini(&buf);
}

TEST(what_was_encoded_decodes_to_the_rounded_points)
{
    uint64_t random = random_seed();
    static struct coord points[MANY], back[MANY];
    struct buf buf;
    buf_init(&buf, 100000);
    for (int precision = 5; precision <= 6; precision++) {
        size_t count = 0;
        for (size_t i = 0; i < MANY; i++)
            points[i] =
                (struct coord){random_unit(&random) * 360 - 180, random_unit(&random) * 180 - 90};
        points[0] = (struct coord){-180, -90};
        points[1] = (struct coord){180, 90};
        (void)encode(&buf, points, MANY, precision);
        assert_ok(polyline_decode(buf.bytes, buf.len - 1, precision, back, MANY, &count));
        assert_int_equal(count, MANY);
        for (size_t i = 0; i < MANY; i++) {
            assert_true(fabs(points[i].lon - back[i].lon) <= 0.51 * pow(10, -precision));
            assert_true(fabs(points[i].lat - back[i].lat) <= 0.51 * pow(10, -precision));
        }
    }
    buf_fini(&buf);
}

TEST(foreign_text_is_refused)
{
    static const struct {
        const char *text;
        enum err err;
    } cases[] = {
        {"_p~iF", ERR_FORMAT},            /* a latitude alone */
        {"_p~iF~ps|", ERR_FORMAT},        /* ends inside a number */
        {"_p~iF~ps|U ", ERR_FORMAT},      /* a byte below '?' */
        {"_p~iF~ps|\x7f", ERR_FORMAT},    /* a byte above '~' */
        {"~~~~~~~~~~~~~~~~", ERR_FORMAT}, /* a number without end */
        {"~~~~~~~A?", ERR_RANGE},         /* off the world */
        {"_p~iF~ps|U_ulLnnqC_mqNvxq`@", ERR_LIMIT},
    };
    struct coord points[2];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = 77;
        assert_err(polyline_decode(cases[i].text, strlen(cases[i].text), 5, points, 2, &count),
                   cases[i].err);
        assert_int_equal(count, 77);
    }
}

/* Douglas and Peucker's own recursion, marking what stays. */
static void mark(const struct coord *p, size_t first, size_t last, double tolerance_m, bool *keep)
{
    struct geodesic_plane plane = geodesic_plane_at((p[first].lat + p[last].lat) / 2);
    double worst = tolerance_m;
    size_t at = first;
    for (size_t i = first + 1; i < last; i++) {
        double bx = (p[last].lon - p[first].lon) * plane.m_per_lon_deg;
        double by = (p[last].lat - p[first].lat) * plane.m_per_lat_deg;
        double cx = (p[i].lon - p[first].lon) * plane.m_per_lon_deg;
        double cy = (p[i].lat - p[first].lat) * plane.m_per_lat_deg;
        double t = fmax(0, fmin(1, (bx * cx + by * cy) / (bx * bx + by * by)));
        double d = hypot(cx - t * bx, cy - t * by);
        if (d > worst) {
            worst = d;
            at = i;
        }
    }
    if (at == first) return;
    keep[at] = true;
    mark(p, first, at, tolerance_m, keep);
    mark(p, at, last, tolerance_m, keep);
}

TEST(simplifying_keeps_exactly_what_the_recursion_keeps)
{
    uint64_t random = random_seed();
    static struct coord points[MANY], given[MANY];
    static uint32_t stack[2 * MANY];
    for (int round = 0; round < 50; round++) {
        bool keep[MANY] = {true};
        struct coord at = {116.39, 39.9};
        for (size_t i = 0; i < MANY; i++) {
            at.lon += (random_unit(&random) - 0.4) * 1e-3;
            at.lat += (random_unit(&random) - 0.5) * 1e-3;
            points[i] = given[i] = at;
        }
        double tolerance_m = pow(10, random_unit(&random) * 3);
        size_t count = polyline_simplify(points, MANY, tolerance_m, stack), n = 0;
        keep[MANY - 1] = true;
        mark(given, 0, MANY - 1, tolerance_m, keep);
        for (size_t i = 0; i < MANY; i++) {
            if (!keep[i]) continue;
            assert_true(n < count && points[n].lon == given[i].lon &&
                        points[n].lat == given[i].lat);
            n++;
        }
        assert_int_equal(n, count);
    }
}

TEST(simplifying_leaves_short_lines_alone_and_closed_ones_open)
{
    uint32_t stack[10];
    struct coord two[] = {{0, 0}, {0, 0}};
    struct coord loop[] = {{0, 0}, {0.01, 0}, {0.01, 0.01}, {0, 0.01}, {0, 0}};
    assert_int_equal(polyline_simplify(two, 0, 10, stack), 0);
    assert_int_equal(polyline_simplify(two, 2, 10, stack), 2);
    assert_int_equal(polyline_simplify(loop, 5, 10, stack), 5);
}

RUN(cmocka_unit_test(the_encoding_is_the_one_of_the_specification),
    cmocka_unit_test(what_was_encoded_decodes_to_the_rounded_points),
    cmocka_unit_test(foreign_text_is_refused),
    cmocka_unit_test(simplifying_keeps_exactly_what_the_recursion_keeps),
    cmocka_unit_test(simplifying_leaves_short_lines_alone_and_closed_ones_open))
