/* Lines as clients want them written. */
#ifndef YZ_SERVER_API_API_LINE_H
#define YZ_SERVER_API_API_LINE_H

#include "geo/road/route.h"
#include "server/api/api_crs.h"

enum api_line_form { API_LINE_GEOJSON, API_LINE_POLYLINE, API_LINE_POLYLINE6, API_LINE_POINTS };
/* Their names in parameters, in this order, and NULL. */
extern const char *const api_line_forms[];

/* Writes points as a value: a GeoJSON LineString, an encoded polyline, or `[{latitude,
 * longitude}…]`, with at most so many decimals where they are written as numbers. ERR_NOMEM. */
enum err api_line_put(struct jsonw *json, enum api_line_form form, const struct coord *points,
                      size_t count, int decimals);

/* The same of WGS 84 points in the answer's system. Works in `arena`. */
enum err api_line_write(struct jsonw *json, const struct api_crs *crs, enum api_line_form form,
                        const struct coord *points, size_t count, struct arena *arena);

/* All legs' points as one line, without the doubled points between them; simplified leg by
 * leg with a tolerance if it is above 0, so that the points where legs meet stay. In `arena`. */
enum err api_line_of_route(const struct route *route, double tolerance_m, struct arena *arena,
                           const struct coord **points, size_t *count);

#endif
