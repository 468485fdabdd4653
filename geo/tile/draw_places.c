#include "geo/tile/draw.h"

#include "geo/tile/cells.h"

#include <stdio.h>

struct drawing {
    struct draw *draw;
    const struct tile_source *source;
    uint64_t categories; /* bits of those to draw */
};

static void put_place(const struct drawing *d, uint32_t index, struct clip_point at)
{
    struct mvt *mvt = d->draw->mvt;
    const struct tile_source *source = d->source;
    struct place place = placeset_at(source->places, index);
    mvt_feature(mvt, MVT_POINT, place.id > 0 ? (uint64_t)place.id : 0);
    mvt_point(mvt, at);
    mvt_tag_int(mvt, "id", place.id);
    if (place.name[0]) mvt_tag_string(mvt, "name", place.name);
    if (place.name_en[0]) mvt_tag_string(mvt, "name_en", place.name_en);
    if (place.category < source->category_count)
        mvt_tag_string(mvt, "category", source->category_codes[place.category]);
    mvt_feature_end(mvt);
}

static bool take_place(void *user, uint32_t index)
{
    const struct drawing *d = user;
    if (!(d->categories >> placeset_category(d->source->places, index) & 1)) return true;
    struct coord at = coord_from_e7(placeset_coord(d->source->places, index));
    struct clip_point p = cells_unit(d->draw->id, mercator_grid(at));
    if (cells_on_tile(p)) put_place(d, index, p);
    return true;
}

static void put_counts(struct mvt *mvt, const struct tile_source *source,
                       const struct clusterset_cell *cell)
{
    char key[96];
    for (unsigned k = 0; k < CLUSTERS_CATEGORIES && k < source->category_count; k++) {
        if (!cell->sums[k].count) continue;
        (void)snprintf(key, sizeof key, TILE_COUNT_PREFIX "%s", source->category_codes[k]);
        mvt_tag_int(mvt, key, (int64_t)cell->sums[k].count);
    }
}

static void put_cluster(const struct drawing *d, const struct clusterset_cell *cell, uint64_t id,
                        struct clip_point at)
{
    struct mvt *mvt = d->draw->mvt;
    const struct tile_source *source = d->source;
    mvt_feature(mvt, MVT_POINT, id);
    mvt_point(mvt, at);
    mvt_tag_bool(mvt, "cluster", true);
    mvt_tag_int(mvt, "point_count", (int64_t)cell->sum.count);
    mvt_tag_int(mvt, "expansion_zoom", cells_apart(cell->first, cell->last));
    if (cell->category < source->category_count)
        mvt_tag_string(mvt, "category", source->category_codes[cell->category]);
    put_counts(mvt, source, cell);
    mvt_feature_end(mvt);
}

/* Cell x, y of the world's grid of 2^depth cells a side. */
static void take_cell(const struct drawing *d, unsigned depth, int64_t x, int64_t y)
{
    struct clusterset_cell cell;
    int64_t side = (int64_t)1 << depth;
    if (x < 0 || y < 0 || x >= side || y >= side) return;
    uint64_t code = morton_code((struct mercator_grid){(uint32_t)x, (uint32_t)y});
    if (!clusterset_find(d->source->clusters, code, depth, d->categories, &cell)) return;
    struct clip_point at =
        cells_unit(d->draw->id, cells_middle(cell.sum.x, cell.sum.y, cell.sum.count));
    if (!cells_on_tile(at)) return;
    if (cell.sum.count > 1)
        put_cluster(d, &cell, cells_id(depth, code), at);
    else
        put_place(d, cell.place, at);
}

static void draw_cells(const struct drawing *d)
{
    struct tile_id id = d->draw->id;
    unsigned depth = cells_depth(id.z);
    int64_t n = cells_across(id);
    for (int64_t y = -1; y <= n; y++)
        for (int64_t x = -1; x <= n; x++)
            take_cell(d, depth, (int64_t)id.x * n + x, (int64_t)id.y * n + y);
}

enum err draw_places(struct draw *draw, const struct tile_source *source)
{
    struct drawing drawing = {.draw = draw,
                              .source = source,
                              .categories = source->categories ? source->categories : UINT64_MAX};
    mvt_layer(draw->mvt, "places");
    if (draw->id.z > TILE_CLUSTER_ZOOM)
        placeset_search(source->places, box_to_e7(draw->box), take_place, &drawing);
    else if (source->clusters)
        draw_cells(&drawing);
    mvt_layer_end(draw->mvt);
    return ERR_OK;
}
