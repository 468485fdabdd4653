#include "server/api/tile_json.h"

#include "server/api/api_base.h"
#include "server/api/tile_set.h"

void tile_json_head(struct jsonw *json, const struct tile_json_head *head)
{
    jsonw_key_string(json, "tilejson", "3.0.0");
    jsonw_key_string(json, "name", head->name);
    jsonw_key_string(json, "attribution", head->attribution);
    jsonw_key_string(json, "scheme", "xyz");
    jsonw_key(json, "tiles");
    jsonw_array(json);
    jsonw_string(json, head->url);
    jsonw_array_end(json);
    jsonw_key_int(json, "minzoom", head->min_zoom);
    jsonw_key_int(json, "maxzoom", head->max_zoom);
}

void tile_json_box(struct jsonw *json, struct box box)
{
    const double v[] = {box.min_lon, box.min_lat, box.max_lon, box.max_lat};
    jsonw_key(json, "bounds");
    jsonw_array(json);
    for (int i = 0; i < 4; i++)
        jsonw_number(json, v[i], 6);
    jsonw_array_end(json);
}

void tile_json_bounds(struct jsonw *json, const struct snapshot *snapshot)
{
    struct box box = placeset_box(snapshot->places);
    for (size_t i = 0; i < areaset_count(snapshot->areas); i++) {
        struct box b = polygon_box(areaset_polygon(snapshot->areas, i));
        box = box_extend(box_extend(box, (struct coord){b.min_lon, b.min_lat}),
                         (struct coord){b.max_lon, b.max_lat});
    }
    if (box.min_lon <= box.max_lon) tile_json_box(json, box);
}

/* How many places of each category a cluster has. */
static void write_count_fields(struct request *request, struct jsonw *json,
                               const struct tools *tools, uint64_t wanted)
{
    const struct categories *words = tools->service->categories;
    for (size_t i = 0; i < categories_count(words); i++) {
        if (wanted && !(wanted >> i & 1)) continue;
        const char *key =
            arena_printf(request->arena, TILE_COUNT_PREFIX "%s", categories_at(words, i)->code);
        if (key) jsonw_key_string(json, key, "Number");
    }
}

static void write_layer(struct request *request, struct jsonw *json, const struct tools *tools,
                        const struct tile_set *set, const struct tile_layer *layer)
{
    jsonw_object(json);
    jsonw_key_string(json, "id", layer->id);
    jsonw_key_int(json, "minzoom", layer->min_zoom);
    jsonw_key_int(json, "maxzoom", TILE_MAX_ZOOM);
    jsonw_key(json, "fields");
    jsonw_object(json);
    for (const char *const *f = layer->fields; f[0]; f += 2)
        jsonw_key_string(json, f[0], f[1]);
    if (layer->clustered) write_count_fields(request, json, tools, set->categories);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static const char *make_url(struct request *request, const struct tools *tools,
                            const struct tile_set *set)
{
    const char *base = api_base_url(request, tools);
    const char *category = request_query(request, "category");
    if (!base) return NULL;
    return arena_printf(request->arena, "%s/tiles/%s/{z}/{x}/{y}.mvt%s%s", base, set->name,
                        category ? "?category=" : "", category ? category : "");
}

enum err tile_json_answer(struct request *request, struct response *response, struct tools *tools)
{
    struct tile_set set;
    enum err e = tile_set_read(request, tools, &set);
    if (e) return e;
    const char *url = make_url(request, tools, &set);
    if (!url) return ERR_NOMEM;
    const struct tile_json_head head = {.name = "Yizhan",
                                        .attribution = API_BASE_ATTRIBUTION,
                                        .url = url,
                                        .max_zoom = TILE_MAX_ZOOM};
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    tile_json_head(json, &head);
    tile_json_bounds(json, tools->snapshot);
    jsonw_key(json, "vector_layers");
    jsonw_array(json);
    for (size_t i = 0; i < tile_layer_count; i++)
        if (set.layers & (1u << i)) write_layer(request, json, tools, &set, &tile_layers[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
    return ERR_OK;
}
