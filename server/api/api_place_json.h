/* Places in answers: as objects of our own, or as GeoJSON features. */
#ifndef YZ_SERVER_API_API_PLACE_JSON_H
#define YZ_SERVER_API_API_PLACE_JSON_H

#include "geo/place/placeset.h"
#include "server/api/api_crs.h"

enum api_place_form { API_PLACE_JSON, API_PLACE_GEOJSON };
/* Their names in parameters, in this order, and NULL. */
extern const char *const api_place_forms[];

/* What a search found out about a place. What is negative is left out. */
struct api_place_found {
    double distance_m, duration_s, detour_s;
};

/* One place alone, with the content type of its form. */
void api_place_json_one(struct response *response, const struct tools *tools,
                        const struct api_crs *crs, enum api_place_form form, uint32_t place);

/* A list: opened, then each place (an index in the set of the snapshot; `found` may be NULL), then
 * the array is ended by the caller, who may add members of the list, then closed. */
struct jsonw *api_place_json_open(struct response *response, enum api_place_form form);
void api_place_json_item(struct jsonw *json, const struct tools *tools, const struct api_crs *crs,
                         enum api_place_form form, uint32_t place,
                         const struct api_place_found *found);
void api_place_json_close(struct response *response, const struct api_crs *crs,
                          enum api_place_form form, const char *next);

#endif
