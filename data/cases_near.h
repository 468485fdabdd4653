/* Cases around a point, in a query over cases: a box that an index knows, and then the distance. */
#ifndef YZ_DATA_CASES_NEAR_H
#define YZ_DATA_CASES_NEAR_H

#include "data/db.h"
#include "geo/space/coord.h"

/* The condition, and its values: all that lies within `radius_m`, and some beside it, for which
 * geodesic_distance_m is asked. Whatever has no position does not meet it. */
#define CASES_NEAR "lat BETWEEN :south AND :north AND lon BETWEEN :west AND :east"
void cases_near_bind(struct db_query *q, struct coord at, double radius_m);

#endif
