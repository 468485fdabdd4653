#include "geo/tile/tile.h"

#include "geo/tile/draw.h"
#include "geo/tile/mercator.h"

static const char *const area_fields[] = {"id",     "Number", "name",   "String", "name_en",
                                          "String", "level",  "Number", NULL};
static const char *const road_fields[] = {"class",  "String",  "name", "String",
                                          "oneway", "Boolean", NULL};
static const char *const closure_fields[] = {"effect", "String", "factor", "Number",
                                             "until",  "Number", NULL};
static const char *const place_fields[] = {
    "id",      "Number",  "name",        "String", "name_en",        "String", "category", "String",
    "cluster", "Boolean", "point_count", "Number", "expansion_zoom", "Number", NULL};

const struct tile_layer tile_layers[] = {
    [TILE_AREAS] = {"areas", area_fields, 0, false, false},
    [TILE_ROADS] = {"roads", road_fields, 5, false, false},
    [TILE_CLOSURES] = {"closures", closure_fields, 5, true, false},
    [TILE_PLACES] = {"places", place_fields, 0, false, true},
};
const size_t tile_layer_count = TILE_LAYERS;

bool tile_valid(struct tile_id id)
{
    return id.z <= TILE_MAX_ZOOM && id.x < (uint32_t)1 << id.z && id.y < (uint32_t)1 << id.z;
}

struct box tile_box(struct tile_id id)
{
    return mercator_tile_box(id.z, id.x, id.y, 0);
}

static bool is_wanted(struct tile_id id, unsigned layers, int layer)
{
    return layers >> layer & 1 && id.z >= tile_layers[layer].min_zoom;
}

enum err tile_encode(const struct tile_source *source, struct tile_id id, unsigned layers,
                     struct buf *out)
{
    struct mvt mvt;
    struct draw draw;
    enum err e = ERR_OK;
    if (!tile_valid(id)) return ERR_RANGE;
    mvt_init(&mvt, out);
    draw_init(&draw, &mvt, id);
    if (source->areas && is_wanted(id, layers, TILE_AREAS)) e = draw_areas(&draw, source->areas);
    if (!e && source->roads && is_wanted(id, layers, TILE_ROADS))
        e = draw_roads(&draw, source->roads);
    if (!e && source->roads && is_wanted(id, layers, TILE_CLOSURES))
        e = draw_closures(&draw, source);
    if (!e && source->places && is_wanted(id, layers, TILE_PLACES)) e = draw_places(&draw, source);
    draw_fini(&draw);
    enum err written = mvt_fini(&mvt);
    return e ? e : written;
}
