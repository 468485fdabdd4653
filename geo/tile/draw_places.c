#include "geo/tile/draw.h"

#include "geo/tile/morton.h"

#include <stdio.h>
#include <string.h>

/* Below ALL_ZOOM the places of one cell of the world's grid are drawn as one feature, where they
 * are on average. A cell is 64 pixels wide on a map of 512 pixels a tile, and from FINE_ZOOM 32,
 * which is about the size of an icon. Cells of a tile fill it exactly, so that a place counts in
 * one tile of each zoom; a tile's margin repeats what its neighbours draw there. */
enum { FINE_ZOOM = 14, ALL_ZOOM = TILE_CLUSTER_ZOOM + 1, WORLD_BITS = 32 };

static unsigned halvings(uint32_t zoom)
{
    return zoom + (zoom < FINE_ZOOM ? 3 : 4);
}

/* The zoom from which two codes lie in cells of their own. */
static uint32_t zoom_apart(uint64_t a, uint64_t b)
{
    uint32_t zoom = 0;
    while (zoom < ALL_ZOOM && halvings(zoom) <= morton_common(a, b))
        zoom++;
    return zoom;
}

struct drawing {
    struct draw *draw;
    const struct tile_source *source;
    uint64_t categories; /* bits of those to draw */
};

static bool is_wanted(const struct drawing *d, unsigned category)
{
    return category >= CLUSTERS_CATEGORIES || d->categories >> category & 1;
}

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

static bool is_inside(struct clip_rect rect, struct clip_point p)
{
    return p.x >= rect.min_x && p.x <= rect.max_x && p.y >= rect.min_y && p.y <= rect.max_y;
}

/* The unit that holds a point of the world: rounded down, so that every point lies in one tile. */
static struct clip_point unit_of(const struct draw *draw, struct mercator_grid p)
{
    unsigned shift = WORLD_BITS - 12 - draw->id.z;
    _Static_assert(MVT_EXTENT == 1 << 12, "a tile's side is 12 halvings of it");
    return (struct clip_point){(int32_t)((int64_t)(p.x >> shift) - (int64_t)draw->left),
                               (int32_t)((int64_t)(p.y >> shift) - (int64_t)draw->top)};
}

static bool take_place(void *user, uint32_t index)
{
    const struct drawing *d = user;
    if (!is_wanted(d, placeset_category(d->source->places, index))) return true;
    struct coord at = coord_from_e7(placeset_coord(d->source->places, index));
    struct clip_point p = unit_of(d->draw, mercator_grid(at));
    if (is_inside(d->draw->rect, p)) put_place(d, index, p);
    return true;
}

/* The positions of a cell that are wanted: first and last, and what they add up to. */
struct cell {
    struct clusters_sum sums[CLUSTERS_CATEGORIES], sum;
    size_t first, last;
    uint64_t code; /* at the cell's depth */
    unsigned depth;
    unsigned category; /* the most frequent, of those the first in the operator's order */
};

static bool add_up(const struct drawing *d, struct cell *cell, size_t from, size_t to)
{
    const struct clusters *c = d->source->clusters;
    memset(cell->sums, 0, sizeof cell->sums);
    cell->sum = (struct clusters_sum){0};
    clusters_add(c, from, to, cell->sums);
    for (unsigned k = CLUSTERS_CATEGORIES; k-- > 0;) {
        struct clusters_sum *sum = &cell->sums[k];
        if (!is_wanted(d, k)) *sum = (struct clusters_sum){0};
        if (!cell->sum.count || sum->count >= cell->sums[cell->category].count) cell->category = k;
        cell->sum.x += sum->x;
        cell->sum.y += sum->y;
        cell->sum.count += sum->count;
    }
    if (cell->sum.count == 0) return false;
    for (cell->first = from; !is_wanted(d, clusters_category(c, cell->first));)
        cell->first++;
    for (cell->last = to - 1; !is_wanted(d, clusters_category(c, cell->last));)
        cell->last--;
    return true;
}

static void put_counts(struct mvt *mvt, const struct tile_source *source, const struct cell *cell)
{
    char key[96];
    for (unsigned k = 0; k < CLUSTERS_CATEGORIES && k < source->category_count; k++) {
        if (!cell->sums[k].count) continue;
        (void)snprintf(key, sizeof key, TILE_COUNT_PREFIX "%s", source->category_codes[k]);
        mvt_tag_int(mvt, key, (int64_t)cell->sums[k].count);
    }
}

/* A cluster's id says which square of the world it stands for; places' ids stay far below. */
static void put_cluster(const struct drawing *d, const struct cell *cell, struct clip_point at)
{
    struct mvt *mvt = d->draw->mvt;
    const struct tile_source *source = d->source;
    const struct clusters *c = source->clusters;
    uint64_t id = (uint64_t)1 << 52 | (uint64_t)cell->depth << 40 | cell->code;
    mvt_feature(mvt, MVT_POINT, id);
    mvt_point(mvt, at);
    mvt_tag_bool(mvt, "cluster", true);
    mvt_tag_int(mvt, "point_count", (int64_t)cell->sum.count);
    mvt_tag_int(mvt, "expansion_zoom",
                zoom_apart(clusters_code(c, cell->first), clusters_code(c, cell->last)));
    if (cell->category < source->category_count)
        mvt_tag_string(mvt, "category", source->category_codes[cell->category]);
    put_counts(mvt, source, cell);
    mvt_feature_end(mvt);
}

static void put_cell(const struct drawing *d, struct cell *cell, size_t from, size_t to)
{
    if (from == to || !add_up(d, cell, from, to)) return;
    struct mercator_grid middle = {(uint32_t)(cell->sum.x / cell->sum.count),
                                   (uint32_t)(cell->sum.y / cell->sum.count)};
    struct clip_point at = unit_of(d->draw, middle);
    if (!is_inside(d->draw->rect, at)) return;
    if (cell->sum.count > 1)
        put_cluster(d, cell, at);
    else
        put_place(d, clusters_point(d->source->clusters, cell->first), at);
}

/* Cell x, y of the world's grid of 2^depth cells a side. */
static void take_cell(const struct drawing *d, unsigned depth, int64_t x, int64_t y)
{
    const struct clusters *c = d->source->clusters;
    int64_t side = (int64_t)1 << depth;
    size_t count = clusters_count(c);
    if (x < 0 || y < 0 || x >= side || y >= side) return;
    struct cell cell = {.depth = depth,
                        .code = morton_code((struct mercator_grid){(uint32_t)x, (uint32_t)y})};
    unsigned shift = 2 * (WORLD_BITS - depth);
    size_t from = clusters_find(c, cell.code << shift, 0, count);
    bool is_last = cell.code + 1 == (uint64_t)1 << 2 * depth;
    size_t to = is_last ? count : clusters_find(c, (cell.code + 1) << shift, from, count);
    put_cell(d, &cell, from, to);
}

static void draw_cells(const struct drawing *d)
{
    struct tile_id id = d->draw->id;
    unsigned depth = halvings(id.z);
    int64_t n = (int64_t)1 << (depth - id.z);
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
    if (draw->id.z >= ALL_ZOOM)
        placeset_search(source->places, box_to_e7(draw->box), take_place, &drawing);
    else if (source->clusters)
        draw_cells(&drawing);
    mvt_layer_end(draw->mvt);
    return ERR_OK;
}
