/* Multipolygons as GeoJSON geometries (RFC 7946). */
#ifndef YZ_SERVER_API_SHAPE_JSON_H
#define YZ_SERVER_API_SHAPE_JSON_H

#include "geo/space/polygon.h"
#include "geo/space/shape.h"
#include "server/api/api_crs.h"

/* `{"type": "MultiPolygon", "coordinates": …}`; NULL, or no rings: without any polygon. */
void shape_json_polygon(struct jsonw *json, const struct api_crs *crs,
                        const struct polygon *polygon);
void shape_json_shape(struct jsonw *json, const struct api_crs *crs, const struct shape *shape);

#endif
