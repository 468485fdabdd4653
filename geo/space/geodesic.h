/* Distance and direction on the WGS 84 ellipsoid: the door to PROJ's geodesic routines
 * (C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87, 2013). */
#ifndef YZ_GEO_SPACE_GEODESIC_H
#define YZ_GEO_SPACE_GEODESIC_H

#include "geo/space/coord.h"

#include <stddef.h>

/* Length in metres of the shortest line between two points, within 20 nanometres. Thread-safe; the
 * same both ways. Below some 15 km it takes 50 ns, beyond about 1 us. */
double geodesic_distance_m(struct coord a, struct coord b);

/* Square metres inside a closed ring whose sides are shortest lines, positive counter-clockwise;
 * made for rings that surround less than half of the world. */
double geodesic_area_m2(const struct coord *ring, size_t count);

/* The same from one point to many, in half the time where the ways are short; it may differ by a
 * nanometre. */
struct geodesic_from {
    struct coord at;
    double sine, cosine; /* of its latitude */
};
struct geodesic_from geodesic_from(struct coord at);
double geodesic_from_distance_m(const struct geodesic_from *from, struct coord to);

/* The point `distance_m` from `a` in the direction `azimuth_deg` (clockwise from north). */
struct coord geodesic_move(struct coord a, double azimuth_deg, double distance_m);

/* Fast lengths for neighbours: a plane fitted to the ellipsoid at one latitude; made for measuring
 * along streets. Made at the middle latitude of two points 10 km apart it errs by about 1e-6 of
 * their distance; made d km away from them, by d / 6371 * tan(lat): in Beijing 1.3e-4 at 1 km. */
struct geodesic_plane {
    double m_per_lon_deg, m_per_lat_deg;
};
struct geodesic_plane geodesic_plane_at(double lat);
double geodesic_plane_distance_m(const struct geodesic_plane *plane, struct coord a,
                                 struct coord b);

/* Scales for bounds: measured with them, the straight line from a point at latitude `lat` to
 * anything within `radius_m` of it is never longer than the shortest line over the ellipsoid,
 * but for what degrees are rounded to (1e-8 m). False, and nothing set, near a pole or for more
 * than 200 km. */
bool geodesic_plane_within(double lat, double radius_m, struct geodesic_plane *plane);

/* Direction of the line from a to b in the plane, degrees clockwise from north, in [0, 360). */
double geodesic_bearing_deg(struct coord a, struct coord b);

#endif
