#include "server/api/api_place_json.h"

#include "server/api/api_page.h"

const char *const api_place_forms[] = {"json", "geojson", NULL};

static void write_amenities(struct jsonw *json, const struct categories *words, uint64_t bits)
{
    jsonw_key(json, "amenities");
    jsonw_array(json);
    for (size_t i = 0; i < categories_amenity_count(words); i++)
        if (bits & (1ull << i)) jsonw_string(json, categories_amenity_at(words, i)->code);
    jsonw_array_end(json);
}

static void write_found(struct jsonw *json, const struct api_place_found *found)
{
    if (found->distance_m >= 0) jsonw_key_number(json, "distance_m", found->distance_m, 1);
    if (found->duration_s >= 0) jsonw_key_number(json, "duration_s", found->duration_s, 1);
    if (found->detour_s >= 0) jsonw_key_number(json, "detour_s", found->detour_s, 1);
}

static void write_properties(struct jsonw *json, const struct categories *words,
                             const struct place *p, const struct api_place_found *found)
{
    const struct {
        const char *key, *value;
    } optional[] = {{"name_en", p->name_en}, {"address", p->address},       {"phone", p->phone},
                    {"hours", p->hours},     {"hours_self", p->hours_self}, {"source", p->source}};
    jsonw_key_string(json, "name", p->name);
    jsonw_key_string(json, "category", categories_at(words, p->category)->code);
    write_amenities(json, words, p->amenities);
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
        if (optional[i].value[0]) jsonw_key_string(json, optional[i].key, optional[i].value);
    if (found) write_found(json, found);
}

static void write_place(struct jsonw *json, const struct tools *tools, const struct api_crs *crs,
                        enum api_place_form form, uint32_t place,
                        const struct api_place_found *found, bool with_crs)
{
    const struct categories *words = tools->service->categories;
    struct place p = placeset_at(tools->snapshot->places, place);
    jsonw_object(json);
    if (form == API_PLACE_GEOJSON) {
        jsonw_key_string(json, "type", "Feature");
        jsonw_key_int(json, "id", p.id);
        jsonw_key(json, "geometry");
        jsonw_object(json);
        jsonw_key_string(json, "type", "Point");
        jsonw_key(json, "coordinates");
        api_crs_write(json, crs, p.at);
        jsonw_object_end(json);
        jsonw_key(json, "properties");
        jsonw_object(json);
        write_properties(json, words, &p, found);
        jsonw_object_end(json);
    } else {
        jsonw_key_int(json, "id", p.id);
        jsonw_key(json, "location");
        api_crs_write(json, crs, p.at);
        write_properties(json, words, &p, found);
        if (with_crs) api_crs_write_name(json, crs);
    }
    jsonw_object_end(json);
}

void api_place_json_one(struct response *response, const struct tools *tools,
                        const struct api_crs *crs, enum api_place_form form, uint32_t place)
{
    write_place(response_json(response), tools, crs, form, place, NULL, true);
    if (form == API_PLACE_GEOJSON) response->content_type = "application/geo+json";
}

struct jsonw *api_place_json_open(struct response *response, enum api_place_form form)
{
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    if (form == API_PLACE_GEOJSON) {
        response->content_type = "application/geo+json";
        jsonw_key_string(json, "type", "FeatureCollection");
    }
    jsonw_key(json, form == API_PLACE_GEOJSON ? "features" : "places");
    jsonw_array(json);
    return json;
}

void api_place_json_item(struct jsonw *json, const struct tools *tools, const struct api_crs *crs,
                         enum api_place_form form, uint32_t place,
                         const struct api_place_found *found)
{
    write_place(json, tools, crs, form, place, found, false);
}

void api_place_json_close(struct response *response, const struct api_crs *crs,
                          enum api_place_form form, const char *next)
{
    struct jsonw *json = &response->json;
    if (form == API_PLACE_JSON) {
        api_crs_write_name(json, crs);
        api_page_write(json, next);
    }
    jsonw_object_end(json);
}
