#include "geo/space/geodesic.h"

#include <geodesic.h>
#include <math.h>
#include <stddef.h>

/* WGS 84 (NIMA TR8350.2). */
static const double a_m = 6378137, flattening = 1 / 298.257223563;
static const double deg = 0.017453292519943295;

double geodesic_distance_m(struct coord a, struct coord b)
{
    struct geod_geodesic ellipsoid;
    double distance_m;
    geod_init(&ellipsoid, a_m, flattening);
    geod_inverse(&ellipsoid, a.lat, a.lon, b.lat, b.lon, &distance_m, NULL, NULL);
    return distance_m;
}

struct coord geodesic_move(struct coord a, double azimuth_deg, double distance_m)
{
    struct geod_geodesic ellipsoid;
    struct coord to;
    geod_init(&ellipsoid, a_m, flattening);
    geod_direct(&ellipsoid, a.lat, a.lon, azimuth_deg, distance_m, &to.lat, &to.lon, NULL);
    return to;
}

struct geodesic_plane geodesic_plane_at(double lat)
{
    double e2 = flattening * (2 - flattening), sine = sin(lat * deg);
    double w2 = 1 - e2 * sine * sine, w = sqrt(w2);
    return (struct geodesic_plane){.m_per_lon_deg = deg * a_m * cos(lat * deg) / w,
                                   .m_per_lat_deg = deg * a_m * (1 - e2) / (w2 * w)};
}

/* The short way round, so that neighbours across the antimeridian are neighbours. */
static double lon_difference(double from, double to)
{
    double d = to - from;
    return d > 180 ? d - 360 : d < -180 ? d + 360 : d;
}

double geodesic_plane_distance_m(const struct geodesic_plane *plane, struct coord a, struct coord b)
{
    double x = lon_difference(a.lon, b.lon) * plane->m_per_lon_deg;
    double y = (b.lat - a.lat) * plane->m_per_lat_deg;
    return sqrt(x * x + y * y);
}

double geodesic_bearing_deg(struct coord a, struct coord b)
{
    struct geodesic_plane plane = geodesic_plane_at((a.lat + b.lat) / 2);
    double x = lon_difference(a.lon, b.lon) * plane.m_per_lon_deg;
    double y = (b.lat - a.lat) * plane.m_per_lat_deg;
    double bearing = atan2(x, y) / deg;
    return bearing < 0 ? fmin(bearing + 360, nextafter(360, 0)) : bearing;
}
