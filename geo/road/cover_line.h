/* The edges along which a line is drawn. */
#ifndef YZ_GEO_ROAD_COVER_LINE_H
#define YZ_GEO_ROAD_COVER_LINE_H

#include "geo/road/cover.h"

/* As cover_walk, of a shape that was checked. ERR_NOMEM. */
enum err cover_line_walk(const struct graph *graph, const struct cover_shape *shape,
                         void (*visit)(void *user, uint32_t edge), void *user);

#endif
