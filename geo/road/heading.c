#include "geo/road/heading.h"

#include <math.h>

static const double look_ahead_m = 12;

/* Degrees from a to b and metres between them, flat: good enough within a junction. */
static double direction(struct coord_e7 a, struct coord_e7 b, double *length_m)
{
    const double degree = 3.14159265358979323846 / 180;
    double east = ((double)b.lon_e7 - a.lon_e7) * 1e-7 * cos(a.lat_e7 * 1e-7 * degree);
    double north = ((double)b.lat_e7 - a.lat_e7) * 1e-7;
    *length_m = sqrt(east * east + north * north) * 111320;
    double angle = atan2(east, north) / degree;
    return angle < 0 ? angle + 360 : angle;
}

/* From the tail of `half` to the first point at least look_ahead_m away, or the last. */
static double outward(const struct network *net, uint32_t half)
{
    const struct network_edge *edge = &net->edges[half >> 1];
    const struct coord_e7 *points = net->points + edge->point_first;
    bool backward = half & 1;
    uint32_t last = edge->point_count - 1;
    struct coord_e7 tail = points[backward ? last : 0];
    double angle = 0, length_m = 0;
    for (uint32_t i = 1; i <= last && length_m < look_ahead_m; i++) {
        double further_m, further = direction(tail, points[backward ? last - i : i], &further_m);
        /* A loop comes back to its tail: what was seen before stands. */
        if (further_m > 0) angle = further;
        length_m = further_m;
    }
    return angle;
}

double heading_leave(const struct network *net, uint32_t half)
{
    return outward(net, half);
}

double heading_arrive(const struct network *net, uint32_t half)
{
    double angle = outward(net, half ^ 1) + 180;
    return angle >= 360 ? angle - 360 : angle;
}

double heading_change(double from, double to)
{
    return fmod(to - from + 540, 360) - 180;
}

enum profile_turn heading_turn(double arrive, double leave)
{
    double change = heading_change(arrive, leave), size = fabs(change);
    bool right = change > 0;
    if (size <= 20) return PROFILE_TURN_STRAIGHT;
    if (size <= 45) return right ? PROFILE_TURN_SLIGHT_RIGHT : PROFILE_TURN_SLIGHT_LEFT;
    if (size <= 120) return right ? PROFILE_TURN_RIGHT : PROFILE_TURN_LEFT;
    if (size <= 172) return right ? PROFILE_TURN_SHARP_RIGHT : PROFILE_TURN_SHARP_LEFT;
    return PROFILE_TURN_UTURN;
}
