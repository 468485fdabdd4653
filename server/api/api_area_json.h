/* How an area is written. */
#ifndef YZ_SERVER_API_API_AREA_JSON_H
#define YZ_SERVER_API_API_AREA_JSON_H

#include "geo/space/areaset.h"
#include "server/api/api_crs.h"

enum { API_AREA_TOLERANCE_M = 100, API_AREA_DEPTH = 16 };

/* `{id, level, name, …}` */
void api_area_json_write(struct jsonw *json, const struct area *area);
/* The member "area" of what lies in one; null for 0 and for one that is not there any more. */
void api_area_json_key(struct jsonw *json, const struct areaset *areas, int64_t id);
/* The same with its box and the name of the reference system. */
void api_area_json_full(struct jsonw *json, const struct api_crs *crs, const struct areaset *set,
                        size_t index);
/* A GeoJSON feature with the outline (RFC 7946) and its box. */
void api_area_json_feature(struct jsonw *json, const struct api_crs *crs, const struct areaset *set,
                           size_t index);
/* The same left open, for members to be added: with both, with the outline alone, or with neither,
 * for who shows no geometry. */
enum api_area_part { API_AREA_BOXED, API_AREA_OUTLINED, API_AREA_BARE };
void api_area_json_open(struct jsonw *json, const struct api_crs *crs, const struct areaset *set,
                        size_t index, enum api_area_part part);

#endif
