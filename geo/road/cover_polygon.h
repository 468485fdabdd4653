/* The edges that a polygon touches or holds. Points are rounded to 1e-7 degrees, the file's own
 * grid. */
#ifndef YZ_GEO_ROAD_COVER_POLYGON_H
#define YZ_GEO_ROAD_COVER_POLYGON_H

#include "geo/road/cover.h"

/* As cover_walk, of a shape that was checked. ERR_NOMEM. */
enum err cover_polygon_walk(const struct graph *graph, const struct cover_shape *shape,
                            void (*visit)(void *user, uint32_t edge), void *user);

#endif
