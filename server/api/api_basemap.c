#include "server/api/api_basemap.h"

#include "geo/base/zip.h"
#include "server/api/api_base.h"
#include "server/api/tile_json.h"
#include "server/api/tile_keep.h"
#include "server/api/tile_set.h"

#include <string.h>

/* Its file changes once a week, if ever. */
static const char freshness[] = "public, max-age=3600";

/* Beside the bits of the layers that the server draws. */
enum { BASEMAP_SET = 1 << 30 };

static enum err refuse(struct request *request)
{
    return problem_say(request->problem, PROBLEM_NOT_FOUND, NULL,
                       "this server has no base map; docs/tiles.md says how one is made");
}

static struct tile_keep keep_of(const struct request *request, const struct tools *tools,
                                struct tile_id id)
{
    struct tile_keep keep = tile_keep_at(request, id, BASEMAP_SET, 0, freshness);
    keep.stamp.words[0] = basemap_number(tools->service->basemap);
    return keep;
}

bool api_basemap_recall(struct request *request, struct response *response, struct tools *tools)
{
    struct tile_id id;
    struct problem problem = {0}, *noted = request->problem;
    request->problem = &problem;
    enum err e = tile_set_tile(request, &id);
    request->problem = noted;
    if (e) return false;
    const struct tile_keep keep = keep_of(request, tools, id);
    return keep.stamp.words[0] && tile_keep_find(&keep, request, response, tools->service->tiles);
}

/* An empty tile where the file has none. */
static enum err read_tile(struct tools *tools, struct tile_id id, struct buf *packed)
{
    enum err e = basemap_tile(tools->service->basemap, &tools->basemap, id.z, id.x, id.y, packed);
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

/* What is wrong with the file is no fault of who asks. */
static enum err blame(struct request *request, enum err e)
{
    if (e != ERR_FORMAT && e != ERR_LIMIT && e != ERR_CANCELLED) return e;
    return problem_say(request->problem, PROBLEM_INTERNAL, NULL,
                       "the base map's file is damaged: make it anew");
}

enum err api_basemap_tile(struct request *request, struct response *response, struct tools *tools)
{
    struct tile_id id;
    struct cache *cache = tools->service->tiles;
    enum err e = tile_set_tile(request, &id);
    if (e) return e;
    const struct tile_keep keep = keep_of(request, tools, id);
    if (!keep.stamp.words[0]) return refuse(request);
    if (tile_keep_claim(&keep, request, response, cache)) return ERR_OK;
    e = read_tile(tools, id, &response->packed);
    e = tile_keep_packed(&keep, e, request, response, cache);
    return e ? blame(request, e) : ERR_OK;
}

static void write_layer(struct jsonw *json, const struct mbtiles_layer *layer)
{
    jsonw_object(json);
    jsonw_key_string(json, "id", layer->id);
    jsonw_key_int(json, "minzoom", layer->min_zoom);
    jsonw_key_int(json, "maxzoom", layer->max_zoom);
    jsonw_key(json, "fields");
    jsonw_object(json);
    for (size_t i = 0; i < layer->field_count; i++)
        jsonw_key_string(json, layer->fields[i].name, layer->fields[i].type);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static void write_json(struct jsonw *json, const struct mbtiles_info *info, const char *url)
{
    const struct tile_json_head head = {.name = info->name,
                                        .attribution = info->attribution,
                                        .url = url,
                                        .min_zoom = info->min_zoom,
                                        .max_zoom = info->max_zoom};
    jsonw_object(json);
    tile_json_head(json, &head);
    tile_json_box(json, info->bounds);
    jsonw_key(json, "vector_layers");
    jsonw_array(json);
    for (size_t i = 0; i < info->layer_count; i++)
        write_layer(json, &info->layers[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
}

enum err api_basemap_json(struct request *request, struct response *response, struct tools *tools)
{
    struct basemap *basemap = tools->service->basemap;
    const char *base = api_base_url(request, tools);
    const char *url =
        base ? arena_printf(request->arena, "%s/tiles/basemap/{z}/{x}/{y}.mvt", base) : NULL;
    if (!url) return ERR_NOMEM;
    const struct basemap_sheet *sheet = basemap_enter(basemap);
    if (!sheet) return refuse(request);
    write_json(response_json(response), basemap_info(sheet), url);
    basemap_leave(basemap, sheet);
    return ERR_OK;
}
