#include "data/cases_near.h"

#include <math.h>

/* A degree of latitude is at least 110.57 km long, one of longitude on the equator 111.32 km, and
 * towards the poles shorter by the cosine (WGS 84). */
static const double degree_m = 110500, pi = 3.14159265358979323846;

/* The box around the point; where longitudes are short or end, all of them. */
void cases_near_bind(struct db_query *q, struct coord at, double radius_m)
{
    double up = radius_m / degree_m;
    double narrow = cos((fabs(at.lat) + up) * pi / 180);
    double across = narrow > 0.01 ? up / narrow : 360;
    bool around = at.lon - across < -180 || at.lon + across > 180;
    db_bind_real(q, ":south", at.lat - up);
    db_bind_real(q, ":north", at.lat + up);
    db_bind_real(q, ":west", around ? -180 : at.lon - across);
    db_bind_real(q, ":east", around ? 180 : at.lon + across);
}
