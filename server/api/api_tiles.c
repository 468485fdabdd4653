#include "server/api/api_tiles.h"

#include "server/api/api_base.h"
#include "server/api/api_road.h"
#include "server/api/instruction.h"
#include "server/api/map_style.h"
#include "server/api/tile_keep.h"
#include "server/api/tile_set.h"
#include "server/clustering.h"

/* How long a map may show a tile before it asks again. */
static const char keep_live[] = "public, max-age=5", keep_still[] = "public, max-age=60";

static const char *freshness(const struct tile_set *set)
{
    return set->layers & tile_set_live() ? keep_live : keep_still;
}

/* What a layer is made of; a set's stamp names the version of each. */
static const enum snapshot_topic topics[] = {
    [TILE_AREAS] = SNAPSHOT_AREAS,
    [TILE_ROADS] = SNAPSHOT_GRAPH,
    [TILE_CLOSURES] = SNAPSHOT_CLOSURES,
    [TILE_PLACES] = SNAPSHOT_PLACES,
};

static struct tile_keep keep_of(const struct request *request, const struct tools *tools,
                                const struct tile_set *set, struct tile_id id)
{
    struct tile_keep keep =
        tile_keep_at(request, id, set->layers, set->layers >> TILE_PLACES & 1 ? set->categories : 0,
                     freshness(set));
    _Static_assert((int)SNAPSHOT_TOPICS <= (int)CACHE_STAMP_WORDS, "a stamp has a word for each");
    for (size_t i = 0; i < tile_layer_count; i++)
        if (set->layers >> i & 1) keep.stamp.words[topics[i]] = tools->snapshot->since[topics[i]];
    return keep;
}

static enum err read_request(struct request *request, const struct tools *tools,
                             struct tile_set *set, struct tile_id *id)
{
    enum err e = tile_set_read(request, tools, set);
    return e ? e : tile_set_tile(request, id);
}

bool api_tiles_recall(struct request *request, struct response *response, struct tools *tools)
{
    struct tile_set set;
    struct tile_id id;
    struct problem problem = {0}, *noted = request->problem;
    request->problem = &problem; /* what is wrong is told by who answers */
    enum err e = read_request(request, tools, &set, &id);
    request->problem = noted;
    if (e) return false;
    const struct tile_keep keep = keep_of(request, tools, &set, id);
    return tile_keep_find(&keep, request, response, tools->service->tiles);
}

static enum err encode(const struct tile_set *set, struct tile_id id, struct tools *tools,
                       struct buf *body)
{
    const struct snapshot *snapshot = tools->snapshot;
    struct service *service = tools->service;
    struct clustering_held *held = NULL;
    struct tile_source source = {.places = snapshot->places,
                                 .roads = api_road_present(tools),
                                 .areas = snapshot->areas,
                                 .categories = set->categories,
                                 .category_codes = service->category_codes,
                                 .category_count = categories_count(service->categories)};
    if (snapshot->roads) source.closed = roads_closed_list(snapshot->roads, &source.closed_count);
    if (set->layers >> TILE_PLACES & 1 && id.z <= TILE_CLUSTER_ZOOM) {
        enum err e = clustering_enter(service->clustering, snapshot, &held);
        if (e) return e;
        source.clusters = clustering_clusters(held);
    }
    enum err e = tile_encode(&source, id, set->layers, body);
    clustering_leave(service->clustering, held);
    return e;
}

enum err api_tiles_tile(struct request *request, struct response *response, struct tools *tools)
{
    struct tile_set set;
    struct tile_id id;
    enum err e = read_request(request, tools, &set, &id);
    if (e) return e;
    struct cache *cache = tools->service->tiles;
    const struct tile_keep keep = keep_of(request, tools, &set, id);
    if (tile_keep_claim(&keep, request, response, cache)) return ERR_OK;
    e = encode(&set, id, tools, &response->body);
    return tile_keep_answer(&keep, e, request, response, cache);
}

enum err api_tiles_style(struct request *request, struct response *response, struct tools *tools)
{
    int lang = INSTRUCTION_ZH;
    const char *base = api_base_url(request, tools);
    enum err e = request_word(request, "lang", instruction_langs, &lang);
    if (e) return e;
    if (!base) return ERR_NOMEM;
    struct basemap *basemap = tools->service->basemap;
    const struct basemap_sheet *sheet = basemap_enter(basemap);
    struct style style = {.base_url = base,
                          .categories = tools->service->categories,
                          .english = lang == INSTRUCTION_EN,
                          .basemap = sheet ? basemap_info(sheet) : NULL};
    style.icons = pages_find(tools->service->pages, "/tiles/sprite.json", &style.icons_len);
    map_style_write(response_json(response), &style);
    basemap_leave(basemap, sheet);
    return ERR_OK;
}
