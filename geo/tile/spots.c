#include "geo/tile/spots.h"

#include "geo/tile/cells.h"

#include <stdlib.h>

/* What lies in one cell; without clusters, one point. */
struct spot {
    uint64_t x, y, count;
    uint64_t number;      /* of the first */
    uint64_t first, last; /* the smallest and the greatest code */
};

struct spots {
    struct tile_id id;
    bool clusters;
    int64_t across; /* cells, the ring round the tile counted */
    struct spot *items;
    size_t count, size; /* every cell, or points */
};

enum err spots_new(struct tile_id id, struct spots **spots)
{
    struct spots *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->id = id;
    fresh->clusters = id.z <= TILE_CLUSTER_ZOOM;
    if (fresh->clusters) {
        fresh->across = cells_across(id) + 2;
        fresh->count = fresh->size = (size_t)(fresh->across * fresh->across);
        fresh->items = calloc(fresh->size, sizeof *fresh->items);
        if (!fresh->items) {
            free(fresh);
            return ERR_NOMEM;
        }
    }
    *spots = fresh;
    return ERR_OK;
}

void spots_free(struct spots *spots)
{
    if (!spots) return;
    free(spots->items);
    free(spots);
}

struct box spots_box(struct tile_id id)
{
    double margin = (double)MVT_BUFFER / MVT_EXTENT;
    if (id.z <= TILE_CLUSTER_ZOOM) margin = 1.0 / (double)cells_across(id);
    struct box box = mercator_tile_box(id.z, id.x, id.y, margin);
    /* What lies beyond the square counts on its edge. */
    if (box.max_lat >= MERCATOR_MAX_LAT) box.max_lat = 90;
    if (box.min_lat <= -MERCATOR_MAX_LAT) box.min_lat = -90;
    return box;
}

/* The cell of a point; NULL beyond the ring. */
static struct spot *cell_of(struct spots *spots, struct mercator_grid p)
{
    unsigned shift = 32 - cells_depth(spots->id.z);
    int64_t inner = spots->across - 2;
    int64_t x = (int64_t)(p.x >> shift) - (int64_t)spots->id.x * inner + 1;
    int64_t y = (int64_t)(p.y >> shift) - (int64_t)spots->id.y * inner + 1;
    if (x < 0 || y < 0 || x >= spots->across || y >= spots->across) return NULL;
    return &spots->items[y * spots->across + x];
}

static enum err append(struct spots *spots, const struct spot *spot)
{
    if (spots->count == SPOTS_MAX) return ERR_LIMIT;
    if (spots->count == spots->size) {
        size_t size = spots->size ? spots->size * 2 : 64;
        struct spot *items = realloc(spots->items, size * sizeof *items);
        if (!items) return ERR_NOMEM;
        spots->items = items;
        spots->size = size;
    }
    spots->items[spots->count++] = *spot;
    return ERR_OK;
}

enum err spots_add(struct spots *spots, struct coord at, uint64_t number)
{
    struct mercator_grid p = mercator_grid(at);
    uint64_t code = morton_code(p);
    const struct spot one = {p.x, p.y, 1, number, code, code};
    if (!spots->clusters)
        return cells_on_tile(cells_unit(spots->id, p)) ? append(spots, &one) : ERR_OK;
    struct spot *cell = cell_of(spots, p);
    if (!cell) return ERR_OK;
    if (cell->count == 0) {
        *cell = one;
        return ERR_OK;
    }
    cell->x += p.x;
    cell->y += p.y;
    cell->count++;
    if (code < cell->first) cell->first = code;
    if (code > cell->last) cell->last = code;
    return ERR_OK;
}

static void put_cluster(const struct spots *spots, const struct spot *spot, struct clip_point at,
                        struct mvt *mvt)
{
    unsigned depth = cells_depth(spots->id.z);
    mvt_feature(mvt, MVT_POINT, cells_id(depth, spot->first >> 2 * (32 - depth)));
    mvt_point(mvt, at);
    mvt_tag_bool(mvt, "cluster", true);
    mvt_tag_int(mvt, "point_count", (int64_t)spot->count);
    mvt_tag_int(mvt, "expansion_zoom", cells_apart(spot->first, spot->last));
    mvt_feature_end(mvt);
}

enum err spots_draw(const struct spots *spots, struct mvt *mvt,
                    enum err (*tag)(void *user, struct mvt *mvt, uint64_t number), void *user)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < spots->count && !e; i++) {
        const struct spot *spot = &spots->items[i];
        if (spot->count == 0) continue;
        struct clip_point at = cells_unit(spots->id, cells_middle(spot->x, spot->y, spot->count));
        if (!cells_on_tile(at)) continue;
        if (spot->count > 1) {
            put_cluster(spots, spot, at, mvt);
            continue;
        }
        mvt_feature(mvt, MVT_POINT, spot->number);
        mvt_point(mvt, at);
        e = tag(user, mvt, spot->number);
        mvt_feature_end(mvt);
    }
    return e;
}
