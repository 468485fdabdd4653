#include "geo/space/geodesic.h"

#include <geodesic.h>
#include <math.h>

/* WGS 84 (NIMA TR8350.2). */
static const double a_m = 6378137, flattening = 1 / 298.257223563;
static const double deg = 0.017453292519943295;

/* The short way round, so that neighbours across the antimeridian are neighbours. */
static double lon_difference(double from, double to)
{
    double d = to - from;
    return d > 180 ? d - 360 : d < -180 ? d + 360 : d;
}

/* Gauss's mid-latitude formulas to the third order (W. Torge, Geodesy, 4th ed. 2012, 6.4), for
 * stretches short enough for them: twenty times faster than the series. `sine` and `cosine` are of
 * the middle latitude. */
static double short_distance_m(struct coord a, struct coord b, double sine, double cosine)
{
    const double e2 = flattening * (2 - flattening), second_e2 = e2 / (1 - e2);
    const double pole_radius_m = a_m / (1 - flattening);
    double dlat = (b.lat - a.lat) * deg, dlon = lon_difference(a.lon, b.lon) * deg;
    double eta2 = second_e2 * cosine * cosine, eta2_t2 = second_e2 * sine * sine;
    double v2 = 1 + eta2, v4_8 = 8 * v2 * v2;
    double across_m = pole_radius_m / sqrt(v2), along_m = across_m / v2;
    double dlat2 = dlat * dlat, sines2 = dlon * sine * dlon * sine;
    double cosines2 = dlon * cosine * dlon * cosine;
    double east = across_m * dlon * cosine *
                  (1 - sines2 / 24 + (1 + eta2 - 9 * eta2_t2) / (3 * v4_8) * dlat2);
    double bend = eta2 - eta2_t2 + eta2 * (eta2 + 4 * eta2_t2);
    double north = along_m * dlat * (1 - dlon * dlon / 8) *
                   (1 + (1 - 2 * eta2) / 24 * cosines2 + bend / v4_8 * dlat2);
    return sqrt(east * east + north * north);
}

/* Below these the formulas above err by less than 10 nanometres, as the series do. */
static bool is_short(struct coord a, struct coord b)
{
    return fabs(b.lat - a.lat) < 0.15 && fabs(lon_difference(a.lon, b.lon)) < 0.15 &&
           fabs(a.lat + b.lat) < 150;
}

static double long_distance_m(struct coord a, struct coord b)
{
    struct geod_geodesic ellipsoid;
    double distance_m;
    geod_init(&ellipsoid, a_m, flattening);
    geod_inverse(&ellipsoid, a.lat, a.lon, b.lat, b.lon, &distance_m, NULL, NULL);
    return distance_m;
}

double geodesic_distance_m(struct coord a, struct coord b)
{
    double middle = (a.lat + b.lat) / 2 * deg;
    if (!is_short(a, b)) return long_distance_m(a, b);
    return short_distance_m(a, b, sin(middle), cos(middle));
}

struct geodesic_from geodesic_from(struct coord at)
{
    return (struct geodesic_from){at, sin(at.lat * deg), cos(at.lat * deg)};
}

double geodesic_from_distance_m(const struct geodesic_from *from, struct coord to)
{
    if (!is_short(from->at, to)) return long_distance_m(from->at, to);
    /* Half the way is at most 0.0014 radians: what is left out of the series is below 1e-20. */
    double h = (to.lat - from->at.lat) / 2 * deg, h2 = h * h;
    double sine = h * (1 - h2 / 6 * (1 - h2 / 20)), cosine = 1 - h2 / 2 * (1 - h2 / 12);
    return short_distance_m(from->at, to, from->sine * cosine + from->cosine * sine,
                            from->cosine * cosine - from->sine * sine);
}

double geodesic_area_m2(const struct coord *ring, size_t count)
{
    struct geod_geodesic ellipsoid;
    struct geod_polygon polygon;
    double area_m2 = 0;
    geod_init(&ellipsoid, a_m, flattening);
    geod_polygon_init(&polygon, 0);
    for (size_t i = 0; i + 1 < count; i++)
        geod_polygon_addpoint(&ellipsoid, &polygon, ring[i].lat, ring[i].lon);
    (void)geod_polygon_compute(&ellipsoid, &polygon, 0, 1, &area_m2, NULL);
    return area_m2;
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

double geodesic_plane_distance_m(const struct geodesic_plane *plane, struct coord a, struct coord b)
{
    double x = lon_difference(a.lon, b.lon) * plane->m_per_lon_deg;
    double y = (b.lat - a.lat) * plane->m_per_lat_deg;
    return sqrt(x * x + y * y);
}

/* On the ellipsoid a step has length
 *
 *     ds^2 = M(lat)^2 dlat^2 + p(lat)^2 dlon^2,
 *
 * M being the meridian's radius of curvature, least at the equator and growing towards the poles,
 * and p the radius of the parallel, shrinking towards them. The shortest line to what lies within r
 * of a point stays within r of it, so its latitudes stay in the band lat ± r / M(0). With m the
 * least M and p the least p in that band, every step has ds^2 >= m^2 dlat^2 + p^2 dlon^2: the line
 * is not shorter than it would be on the plane with these scales, where no line is shorter than the
 * straight one. If the band holds no pole, longitude changes steadily along the line, so in total
 * by the short way round at least. */
bool geodesic_plane_within(double lat, double radius_m, struct geodesic_plane *plane)
{
    const double least_meridian_m = 6335439.327; /* a (1 - e^2), rounded down */
    double band = radius_m / least_meridian_m / deg;
    lat = fabs(lat);
    if (!(radius_m <= 200e3) || lat + band >= 89) return false;
    plane->m_per_lat_deg = geodesic_plane_at(fmax(0, lat - band)).m_per_lat_deg;
    plane->m_per_lon_deg = geodesic_plane_at(lat + band).m_per_lon_deg;
    return true;
}

double geodesic_bearing_deg(struct coord a, struct coord b)
{
    struct geodesic_plane plane = geodesic_plane_at((a.lat + b.lat) / 2);
    double x = lon_difference(a.lon, b.lon) * plane.m_per_lon_deg;
    double y = (b.lat - a.lat) * plane.m_per_lat_deg;
    double bearing = atan2(x, y) / deg;
    return bearing < 0 ? fmin(bearing + 360, nextafter(360, 0)) : bearing;
}
