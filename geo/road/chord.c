#include "geo/road/chord.h"

#include <math.h>

/* NGA.STND.0036, WGS 84: semi-major axis and first eccentricity squared. */
static const double axis_m = 6378137.0, eccentricity_2 = 6.69437999014e-3;

struct chord_point chord_at(struct coord c)
{
    const double degree = 3.14159265358979323846 / 180;
    double sin_lat = sin(c.lat * degree), cos_lat = cos(c.lat * degree);
    double normal = axis_m / sqrt(1 - eccentricity_2 * sin_lat * sin_lat);
    return (struct chord_point){normal * cos_lat * cos(c.lon * degree),
                                normal * cos_lat * sin(c.lon * degree),
                                normal * (1 - eccentricity_2) * sin_lat};
}

double chord_length_m(struct chord_point a, struct chord_point b)
{
    double x = a.x - b.x, y = a.y - b.y, z = a.z - b.z;
    return sqrt(x * x + y * y + z * z);
}

struct chord_point chord_between(struct chord_point a, struct chord_point b, double t)
{
    return (struct chord_point){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t,
                                a.z + (b.z - a.z) * t};
}
