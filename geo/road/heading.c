#include "geo/road/heading.h"

#include <math.h>

static const double look_ahead_m = 12;

/* From the tail of `half` to the first point at least look_ahead_m away, or the last. Flat: good
 * enough within a junction. */
static double outward(const struct network *net, uint32_t half)
{
    const double degree = 3.14159265358979323846 / 180, ahead = look_ahead_m / 111320;
    const struct network_edge *edge = &net->edges[half >> 1];
    const struct coord_e7 *points = net->points + edge->point_first;
    bool backward = half & 1;
    uint32_t last = edge->point_count - 1;
    struct coord_e7 tail = points[backward ? last : 0];
    double shrink = cos(tail.lat_e7 * 1e-7 * degree), east = 0, north = 1, square = 0;
    for (uint32_t i = 1; i <= last && square < ahead * ahead; i++) {
        struct coord_e7 at = points[backward ? last - i : i];
        double x = ((double)at.lon_e7 - tail.lon_e7) * 1e-7 * shrink;
        double y = ((double)at.lat_e7 - tail.lat_e7) * 1e-7;
        square = x * x + y * y;
        if (square <= 0) continue; /* a loop comes back to its tail: what was seen before stands */
        east = x;
        north = y;
    }
    double angle = atan2(east, north) / degree;
    return angle < 0 ? angle + 360 : angle;
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
    double change = to - from;
    return change < -180 ? change + 360 : change >= 180 ? change - 360 : change;
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
