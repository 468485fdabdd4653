/* Areas drawn in a parameter: rings `lon,lat;lon,lat;lon,lat|…`. */
#ifndef YZ_SERVER_API_API_RINGS_H
#define YZ_SERVER_API_API_RINGS_H

#include "server/api/api_crs.h"

enum { API_RINGS_MAX = 10, API_RINGS_POINTS = 500 };

/* Ring r is points[starts[r]] to points[starts[r + 1]], closed here where it was not, in WGS 84. */
struct api_rings {
    const struct coord *points; /* in the request's arena */
    size_t starts[API_RINGS_MAX + 1];
    size_t count;
};

/* Reads the parameter `name`; without it there are none. */
enum err api_rings_read(struct request *request, const struct api_crs *crs, const char *name,
                        struct api_rings *rings);

#endif
