/* Where somebody may close streets. */
#ifndef YZ_SERVER_API_CLOSURE_RIGHT_H
#define YZ_SERVER_API_CLOSURE_RIGHT_H

#include "geo/road/cover.h"
#include "server/tools.h"

/* Whether the caller may make, change or end closures of this area (RIGHTS_closures), by a grant
 * for all kinds of cases or for the kind `closure`. Notes 403. */
enum err closure_right_in(struct request *request, const struct tools *tools, int64_t area_id);

/* Whether the caller may close what the shape covers, and to which area the closure belongs: that
 * of its first point, 0 outside of all. Every point, and the rim of a disc, must lie in an area of
 * the caller's or CLOSURE_RIGHT_BORDER_M beside one: streets run along borders. Notes 403. */
enum { CLOSURE_RIGHT_BORDER_M = 200 };
enum err closure_right_shape(struct request *request, const struct tools *tools,
                             const struct cover_shape *shape, int64_t *area_id);

#endif
