#include "server/api/api_area_json.h"

#include "server/api/shape_json.h"

static void write_properties(struct jsonw *json, const struct area *area)
{
    jsonw_key_int(json, "level", area->level);
    jsonw_key_string(json, "name", area->name);
    if (area->name_en[0]) jsonw_key_string(json, "name_en", area->name_en);
    if (area->code[0]) jsonw_key_string(json, "code", area->code);
    if (area->parent_id) jsonw_key_int(json, "parent_id", area->parent_id);
}

void api_area_json_write(struct jsonw *json, const struct area *area)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", area->id);
    write_properties(json, area);
    jsonw_object_end(json);
}

static void write_box(struct jsonw *json, const struct api_crs *crs, struct box box)
{
    struct coord c[2] = {{box.min_lon, box.min_lat}, {box.max_lon, box.max_lat}};
    int decimals = crs_decimals(crs->out);
    if (crs_from_wgs84(crs->out, c, 2)) return;
    jsonw_key(json, "bbox");
    jsonw_array(json);
    for (int i = 0; i < 2; i++) {
        jsonw_number(json, c[i].lon, decimals);
        jsonw_number(json, c[i].lat, decimals);
    }
    jsonw_array_end(json);
}

void api_area_json_full(struct jsonw *json, const struct api_crs *crs, const struct areaset *set,
                        size_t index)
{
    const struct area *area = areaset_at(set, index);
    jsonw_object(json);
    jsonw_key_int(json, "id", area->id);
    write_properties(json, area);
    write_box(json, crs, polygon_box(areaset_polygon(set, index)));
    api_crs_write_name(json, crs);
    jsonw_object_end(json);
}

void api_area_json_open(struct jsonw *json, const struct api_crs *crs, const struct areaset *set,
                        size_t index, enum api_area_part part)
{
    const struct area *area = areaset_at(set, index);
    const struct polygon *polygon = areaset_polygon(set, index);
    jsonw_object(json);
    jsonw_key_string(json, "type", "Feature");
    jsonw_key_int(json, "id", area->id);
    if (part == API_AREA_BOXED) write_box(json, crs, polygon_box(polygon));
    if (part != API_AREA_BARE) {
        jsonw_key(json, "geometry");
        shape_json_polygon(json, crs, polygon);
    }
    jsonw_key(json, "properties");
    jsonw_object(json);
    write_properties(json, area);
    jsonw_object_end(json);
}

void api_area_json_feature(struct jsonw *json, const struct api_crs *crs, const struct areaset *set,
                           size_t index)
{
    api_area_json_open(json, crs, set, index, API_AREA_BOXED);
    jsonw_object_end(json);
}

void api_area_json_key(struct jsonw *json, const struct areaset *areas, int64_t id)
{
    long index = id ? areaset_by_id(areas, id) : -1;
    jsonw_key(json, "area");
    if (index < 0)
        jsonw_null(json);
    else
        api_area_json_write(json, areaset_at(areas, (size_t)index));
}
