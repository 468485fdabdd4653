/* Places in answers: as objects of our own, or as GeoJSON features. */
#ifndef YZ_SERVER_API_API_PLACE_JSON_H
#define YZ_SERVER_API_API_PLACE_JSON_H

#include "geo/place/placeset.h"
#include "server/api/api_crs.h"

enum api_place_form { API_PLACE_JSON, API_PLACE_GEOJSON };

/* What a place may say of itself, in the order of writing, and whether it does where nobody asked
 * for certain fields: ALWAYS, or ALONE (not in lists). The id is always there. */
/* clang-format off */
#define API_PLACE_FIELDS(X)                                                                        \
    X(location, ALWAYS) X(name, ALWAYS) X(category, ALWAYS) X(amenities, ALWAYS)                   \
    X(name_en, ALWAYS) X(names, ALWAYS) X(address, ALWAYS) X(phone, ALWAYS) X(hours, ALWAYS)       \
    X(hours_self, ALWAYS) X(capacity, ALWAYS) X(closed, ALWAYS) X(photos, ALWAYS)                  \
    X(confirmed_at, ALWAYS) X(confirmed_as, ALWAYS) X(reported_closed, ALWAYS) X(source, ALWAYS)   \
    X(version, ALONE) X(area, ALONE) X(open, ALONE)
/* clang-format on */
enum api_place_field {
#define API_PLACE_FIELD(name, when) API_PLACE_##name,
    API_PLACE_FIELDS(API_PLACE_FIELD)
#undef API_PLACE_FIELD
        API_PLACE_FIELD_COUNT
};

/* How a request wants its places. */
struct api_place_style {
    const struct api_crs *crs;
    enum api_place_form form;
    bool chosen;     /* `fields` is given */
    uint32_t fields; /* then: bits of API_PLACE_* */
    int64_t utc_ms;  /* of which `open` tells; 0: now */
};

/* Reads `f` and `fields`; borrows `crs`. */
enum err api_place_style_read(struct request *request, const struct tools *tools,
                              const struct api_crs *crs, struct api_place_style *style);

/* What a search found out about a place. What is negative is left out. */
struct api_place_found {
    double distance_m, duration_s, detour_s;
};

/* One place alone, with the content type of its form. */
void api_place_json_one(struct response *response, const struct tools *tools,
                        const struct api_place_style *style, uint32_t place);

/* One place as it is in lists, left open for members to be added. */
void api_place_json_open_one(struct jsonw *json, const struct tools *tools,
                             const struct api_place_style *style, uint32_t place);

/* A list: opened, then each place (an index in the set of the snapshot; `found` may be NULL), then
 * the array is ended by the caller, who may add members of the list, then closed. */
struct jsonw *api_place_json_open(struct response *response, const struct api_place_style *style);
void api_place_json_item(struct jsonw *json, const struct tools *tools,
                         const struct api_place_style *style, uint32_t place,
                         const struct api_place_found *found);
/* What a place has of several: parts of a text between single separators as an array; nothing where
 * there are none. */
void api_place_json_parts(struct jsonw *json, const char *key, const char *text, char separator);
/* The member "closed" of one that is closed for a while, or will be: not when that has passed. */
void api_place_json_closed(struct jsonw *json, int64_t from_ms, int64_t to_ms, const char *reason);

void api_place_json_close(struct response *response, const struct api_place_style *style,
                          const char *next);

#endif
