#include "server/api/api_tiles.h"

#include "geo/base/text.h"
#include "geo/tile/tile.h"
#include "server/api/api_base.h"
#include "server/api/api_road.h"
#include "server/api/instruction.h"
#include "server/api/map_style.h"

#include <string.h>

/* How long a map may show a tile before it asks again. */
static const char keep_live[] = "public, max-age=5", keep_still[] = "public, max-age=60";

static unsigned layers_of(bool live)
{
    unsigned bits = 0;
    for (size_t i = 0; i < tile_layer_count; i++)
        if (tile_layers[i].live == live) bits |= 1u << i;
    return bits;
}

/* "all" (those that stand still), or names of layers joined with commas, as bits. */
static enum err read_layers(struct request *request, unsigned *layers)
{
    const char *rest = request_arg(request, "layers"), *item;
    size_t len;
    *layers = 0;
    if (strcmp(rest, "all") == 0) {
        *layers = layers_of(false);
        return ERR_OK;
    }
    while (request_next(&rest, ',', &item, &len)) {
        size_t i = 0;
        while (i < tile_layer_count &&
               (strlen(tile_layers[i].id) != len || memcmp(tile_layers[i].id, item, len) != 0))
            i++;
        if (i == tile_layer_count)
            return problem_say(request->problem, PROBLEM_NOT_FOUND, "layers",
                               "there is no layer \"%.*s\"; give all or names joined with commas",
                               (int)(len < 40 ? len : 40), item);
        *layers |= 1u << i;
    }
    return ERR_OK;
}

static enum err read_tile(struct request *request, struct tile_id *id)
{
    static const char *const names[] = {"z", "x", "y"};
    int64_t v[3] = {0, 0, 0};
    for (int i = 0; i < 3; i++) {
        const char *text = request_arg(request, names[i]);
        if (!text_int(text, strlen(text), 0, UINT32_MAX, &v[i]))
            return problem_say(request->problem, PROBLEM_PARAMETER, names[i],
                               "must be a whole number");
    }
    *id = (struct tile_id){(uint32_t)v[0], (uint32_t)v[1], (uint32_t)v[2]};
    if (tile_valid(*id)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_NOT_FOUND, NULL,
                       "there is no such tile; the zoom goes from 0 to %d", TILE_MAX_ZOOM);
}

enum err api_tiles_tile(struct request *request, struct response *response, struct tools *tools)
{
    struct tile_id id;
    unsigned layers;
    enum err e = read_layers(request, &layers);
    if (!e) e = read_tile(request, &id);
    if (e) return e;
    const struct snapshot *snapshot = tools->snapshot;
    struct tile_source source = {.places = snapshot->places,
                                 .roads = api_road_present(tools),
                                 .areas = snapshot->areas,
                                 .category_codes = tools->service->category_codes,
                                 .category_count = categories_count(tools->service->categories)};
    if (snapshot->roads) source.closed = roads_closed_list(snapshot->roads, &source.closed_count);
    e = tile_encode(&source, id, layers, &response->body);
    if (e) return e;
    response->content_type = "application/vnd.mapbox-vector-tile";
    response_header(response, "Cache-Control", layers & layers_of(true) ? keep_live : keep_still);
    if (response->body.len == 0) response->status = 204;
    return ERR_OK;
}

static void write_layer(struct jsonw *json, const struct tile_layer *layer)
{
    jsonw_object(json);
    jsonw_key_string(json, "id", layer->id);
    jsonw_key_int(json, "minzoom", layer->min_zoom);
    jsonw_key_int(json, "maxzoom", TILE_MAX_ZOOM);
    jsonw_key(json, "fields");
    jsonw_object(json);
    for (const char *const *f = layer->fields; f[0]; f += 2)
        jsonw_key_string(json, f[0], f[1]);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static void write_bounds(struct jsonw *json, const struct snapshot *snapshot)
{
    const struct coord_e7 *at = placeset_coords(snapshot->places);
    size_t count = placeset_count(snapshot->places);
    struct box box = box_empty();
    for (size_t i = 0; i < count; i++)
        box = box_extend(box, coord_from_e7(at[i]));
    for (size_t i = 0; i < areaset_count(snapshot->areas); i++) {
        struct box b = polygon_box(areaset_polygon(snapshot->areas, i));
        box = box_extend(box_extend(box, (struct coord){b.min_lon, b.min_lat}),
                         (struct coord){b.max_lon, b.max_lat});
    }
    if (box.min_lon > box.max_lon) return;
    const double v[] = {box.min_lon, box.min_lat, box.max_lon, box.max_lat};
    jsonw_key(json, "bounds");
    jsonw_array(json);
    for (int i = 0; i < 4; i++)
        jsonw_number(json, v[i], 6);
    jsonw_array_end(json);
}

enum err api_tiles_json(struct request *request, struct response *response, struct tools *tools)
{
    unsigned layers;
    enum err e = read_layers(request, &layers);
    if (e) return e;
    const char *base = api_base_url(request, tools);
    const char *url = base ? arena_printf(request->arena, "%s/tiles/%s/{z}/{x}/{y}.mvt", base,
                                          request_arg(request, "layers"))
                           : NULL;
    if (!url) return ERR_NOMEM;
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_string(json, "tilejson", "3.0.0");
    jsonw_key_string(json, "name", "Yizhan");
    jsonw_key_string(json, "attribution", API_BASE_ATTRIBUTION);
    jsonw_key(json, "tiles");
    jsonw_array(json);
    jsonw_string(json, url);
    jsonw_array_end(json);
    jsonw_key_int(json, "minzoom", 0);
    jsonw_key_int(json, "maxzoom", TILE_MAX_ZOOM);
    write_bounds(json, tools->snapshot);
    jsonw_key(json, "vector_layers");
    jsonw_array(json);
    for (size_t i = 0; i < tile_layer_count; i++)
        if (layers & (1u << i)) write_layer(json, &tile_layers[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
    return ERR_OK;
}

enum err api_tiles_style(struct request *request, struct response *response, struct tools *tools)
{
    int lang = INSTRUCTION_ZH;
    const char *base = api_base_url(request, tools);
    enum err e = request_word(request, "lang", instruction_langs, &lang);
    if (e) return e;
    if (!base) return ERR_NOMEM;
    map_style_write(response_json(response), base, tools->service->categories,
                    lang == INSTRUCTION_EN);
    return ERR_OK;
}
