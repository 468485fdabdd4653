/* How far away places in a box, or at a point, are at least: what a search for the nearest prunes
 * by.
 *
 * Near: on a plane (geodesic_plane_within), which holds for whatever is within the radius that is
 * looked at; what lies beyond is not asked for.
 *
 * Far: the meridian's radius of curvature is at least M(0) = a (1 - e^2) everywhere, the radius of
 * the parallel at least a cos(lat) >= M(0) cos(lat). So a line is not shorter than M(0) times the
 * line of the same latitudes and longitudes on the unit sphere, and that not shorter than the great
 * circle. On a sphere the point of a box that is nearest to the query has the least difference of
 * longitude, since for every latitude the distance grows with it; on that meridian it is the foot
 * of the perpendicular, or an end. */
#ifndef YZ_GEO_PLACE_BOUND_H
#define YZ_GEO_PLACE_BOUND_H

#include "geo/space/coord.h"
#include "geo/space/rtree.h"

/* Units are 1e-7 degrees. */
struct bound {
    bool near;                   /* which metric is in use */
    bool round;                  /* something near may be reached across the antimeridian */
    double lon, lat;             /* of the query */
    double lon_round;            /* its longitude reached the other way round */
    double per_lon_m, per_lat_m; /* the near metric's scales, metres per unit */
    /* By how many times a near distance may exceed its bound: an estimate, a little more than it
     * does. */
    double slack;
};

/* Bounds for what lies within `radius_m` of a point. */
struct bound bound_within(struct coord at, double radius_m);

/* Squares of lower bounds in metres for at most RTREE_NODE boxes, or points. Of the boxes', the
 * last bits, BOUND_BOX, tell which box of them it is; they matter less than the rounding. Behind
 * those of the `count` comes what is more than any. Bit i of what is returned tells whether the
 * bound of box i is at most `reach2`. */
enum { BOUND_BOX = RTREE_NODE - 1 };
uint32_t bound_boxes(const struct bound *bound, const struct box_e7 *boxes, uint32_t count,
                     double reach2, double squares[RTREE_NODE]);
uint32_t bound_points(const struct bound *bound, const struct coord_e7 *points, uint32_t count,
                      double reach2, double squares[RTREE_NODE]);

#endif
