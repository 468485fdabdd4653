#include "geo/place/bound.h"

#include "geo/space/geodesic.h"

#include <float.h>
#include <math.h>

static const double least_meridian_m = 6335439.327; /* a (1 - e^2) of WGS 84, rounded down */
static const double radian = 0.017453292519943295;
static const double unit_deg = 1e-7;

struct bound bound_within(struct coord at, double radius_m)
{
    struct geodesic_plane plane = {0, 0};
    struct bound bound = {.lon = at.lon / unit_deg, .lat = at.lat / unit_deg};
    bound.lon_round = bound.lon + (bound.lon < 0 ? 3.6e9 : -3.6e9);
    bound.near = geodesic_plane_within(at.lat, radius_m, &plane);
    if (!bound.near) return bound;
    bound.per_lat_m = plane.m_per_lat_deg * unit_deg;
    bound.per_lon_m = plane.m_per_lon_deg * unit_deg;
    bound.round = (1.8e9 - fabs(bound.lon)) * bound.per_lon_m <= radius_m;
    /* The scales are those of one edge of the band that is looked at; the other edge's differ by
     * twice as much as the middle's. */
    struct geodesic_plane middle = geodesic_plane_at(at.lat);
    double lon = middle.m_per_lon_deg / plane.m_per_lon_deg - 1;
    double lat = middle.m_per_lat_deg / plane.m_per_lat_deg - 1;
    bound.slack = 1 + 2.5 * (lon > lat ? lon : lat) + 1e-6;
    return bound;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* Distance on an axis from `at` to the closed stretch min–max. */
static double gap(double min, double max, double at)
{
    return larger(larger(min - at, at - max), 0);
}

/* Written so that with constants for `count` and `round` the compiler may do several at once. */
static inline void near_boxes(const struct bound *bound, const struct box_e7 *restrict boxes,
                              uint32_t count, bool round, double *restrict squares)
{
    const double at_lon = bound->lon, at_round = bound->lon_round, at_lat = bound->lat;
    const double per_lon_m = bound->per_lon_m, per_lat_m = bound->per_lat_m;
    for (uint32_t i = 0; i < count; i++) {
        double lat = gap(boxes[i].min_lat, boxes[i].max_lat, at_lat) * per_lat_m;
        double lon = gap(boxes[i].min_lon, boxes[i].max_lon, at_lon);
        if (round) lon = smaller(lon, gap(boxes[i].min_lon, boxes[i].max_lon, at_round));
        lon *= per_lon_m;
        squares[i] = lat * lat + lon * lon;
    }
}

static inline void near_points(const struct bound *bound, const struct coord_e7 *restrict points,
                               uint32_t count, bool round, double *restrict squares)
{
    const double at_lon = bound->lon, at_round = bound->lon_round, at_lat = bound->lat;
    const double per_lon_m = bound->per_lon_m, per_lat_m = bound->per_lat_m;
    for (uint32_t i = 0; i < count; i++) {
        double lat = (points[i].lat_e7 - at_lat) * per_lat_m;
        double lon = fabs(points[i].lon_e7 - at_lon);
        if (round) lon = smaller(lon, fabs(points[i].lon_e7 - at_round));
        lon *= per_lon_m;
        squares[i] = lat * lat + lon * lon;
    }
}

/* Haversine of the angle between two points on the sphere. */
static double haversine(double lat_a, double lat_b, double dlon)
{
    double s = sin((lat_b - lat_a) / 2), t = sin(dlon / 2);
    return s * s + cos(lat_a) * cos(lat_b) * t * t;
}

static double far_square(const struct bound *bound, const struct box_e7 *box)
{
    double lon = smaller(gap(box->min_lon, box->max_lon, bound->lon),
                         gap(box->min_lon, box->max_lon, bound->lon_round));
    double dlon = lon * unit_deg * radian, lat = bound->lat * unit_deg * radian;
    double low = box->min_lat * unit_deg * radian, high = box->max_lat * unit_deg * radian;
    double foot = atan2(sin(lat), cos(lat) * cos(dlon));
    foot = larger(low, smaller(high, foot));
    double least = smaller(haversine(lat, foot, dlon),
                           smaller(haversine(lat, low, dlon), haversine(lat, high, dlon)));
    double m = 2 * least_meridian_m * asin(sqrt(smaller(1, least)));
    return m * m;
}

/* Bit i tells whether square i is at most reach2, which may be as large as it likes. */
static uint32_t within(double *squares, uint32_t count, double reach2)
{
    uint64_t bits = 0;
    for (uint32_t i = count; i < RTREE_NODE; i++)
        squares[i] = DBL_MAX;
    for (uint32_t i = 0; i < RTREE_NODE; i++)
        bits |= squares[i] <= reach2 ? (uint64_t)1 << i : 0;
    return (uint32_t)bits & ((1u << count) - 1);
}

static void number(double *squares)
{
    union {
        double square;
        uint64_t bits;
    } key;
    for (uint32_t i = 0; i < RTREE_NODE; i++) {
        key.square = squares[i];
        key.bits = (key.bits & ~(uint64_t)BOUND_BOX) | i;
        squares[i] = key.square;
    }
}

uint32_t bound_boxes(const struct bound *bound, const struct box_e7 *boxes, uint32_t count,
                     double reach2, double squares[RTREE_NODE])
{
    if (bound->near && bound->round)
        near_boxes(bound, boxes, count, true, squares);
    else if (bound->near && count == RTREE_NODE)
        near_boxes(bound, boxes, RTREE_NODE, false, squares);
    else if (bound->near)
        near_boxes(bound, boxes, count, false, squares);
    else
        for (uint32_t i = 0; i < count; i++)
            squares[i] = far_square(bound, &boxes[i]);
    uint32_t bits = within(squares, count, reach2);
    number(squares);
    return bits;
}

uint32_t bound_points(const struct bound *bound, const struct coord_e7 *points, uint32_t count,
                      double reach2, double squares[RTREE_NODE])
{
    if (bound->near && !bound->round && count == RTREE_NODE) {
        near_points(bound, points, RTREE_NODE, false, squares);
    } else if (bound->near) {
        near_points(bound, points, count, true, squares);
    } else {
        for (uint32_t i = 0; i < count; i++) {
            const struct coord_e7 p = points[i];
            const struct box_e7 box = {p.lon_e7, p.lat_e7, p.lon_e7, p.lat_e7};
            squares[i] = far_square(bound, &box);
        }
    }
    return within(squares, count, reach2);
}
