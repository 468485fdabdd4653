/* Who works where: the area that a point lies in, and whether the caller may work there. */
#ifndef YZ_SERVER_API_AREA_RIGHT_H
#define YZ_SERVER_API_AREA_RIGHT_H

#include "data/rights.h"
#include "geo/space/areaset.h"
#include "server/tools.h"

/* The finest area around a point, or just beside it (API_AREA_TOLERANCE_M); 0: outside of all. */
int64_t area_right_of(const struct areaset *areas, struct coord at);

/* Whether `id` is `area` or an area below it. */
bool area_right_within(const struct areaset *areas, int64_t id, int64_t area);

/* Whether the caller holds the right in this area, by a grant for all kinds or for `kind`. Notes
 * 403, with `what` ("the place") in its sentence. */
enum err area_right_in(struct request *request, const struct tools *tools, enum rights right,
                       int64_t area_id, const char *kind, const char *what);

#endif
