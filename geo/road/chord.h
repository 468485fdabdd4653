/* Straight lines through the earth: the measure of the road file.
 *
 * Points become Cartesian (ECEF) coordinates on the WGS 84 ellipsoid, and lengths are Euclidean.
 * Between the points of a street a chord is shorter than the geodesic by less than 1e-7 of its
 * length (below 10 km), and, unlike any flat approximation, chords obey the triangle inequality
 * exactly: that is what makes bounds by distance hold without a safety factor. */
#ifndef YZ_GEO_ROAD_CHORD_H
#define YZ_GEO_ROAD_CHORD_H

#include "geo/space/coord.h"

struct chord_point {
    double x, y, z; /* metres */
};

struct chord_point chord_at(struct coord c);
double chord_length_m(struct chord_point a, struct chord_point b);

/* The point `t` of the way along the chord from a to b. */
struct chord_point chord_between(struct chord_point a, struct chord_point b, double t);

#endif
