#include "data/cases_heat.h"

#include "data/cases_map.h"
#include "geo/tile/mercator.h"

/* Squares from the one in the north-west on. */
struct heat {
    uint32_t zoom, x, y, width, height;
    int64_t *counts;
};

/* The upper bits of a point; none at zoom 0. */
static uint32_t square_of(uint32_t grid, uint32_t zoom)
{
    return (uint32_t)((uint64_t)grid >> (32 - zoom));
}

static struct heat frame(struct box box, uint32_t zoom)
{
    const struct mercator_grid nw = mercator_grid((struct coord){box.min_lon, box.max_lat});
    const struct mercator_grid se = mercator_grid((struct coord){box.max_lon, box.min_lat});
    struct heat heat = {.zoom = zoom, .x = square_of(nw.x, zoom), .y = square_of(nw.y, zoom)};
    heat.width = square_of(se.x, zoom) - heat.x + 1;
    heat.height = square_of(se.y, zoom) - heat.y + 1;
    return heat;
}

uint32_t cases_heat_zoom(struct box box, uint32_t side)
{
    for (uint32_t zoom = CASES_HEAT_ZOOM; zoom > 0; zoom--) {
        const struct heat heat = frame(box, zoom);
        if (heat.width <= side && heat.height <= side) return zoom;
    }
    return 0;
}

/* What lies on an edge belongs to one square, which may be beside. */
static enum err add_case(void *user, int64_t id, struct coord at)
{
    const struct heat *heat = user;
    const struct mercator_grid grid = mercator_grid(at);
    uint32_t x = square_of(grid.x, heat->zoom) - heat->x;
    uint32_t y = square_of(grid.y, heat->zoom) - heat->y;
    (void)id;
    if (x < heat->width && y < heat->height) heat->counts[(size_t)y * heat->width + x]++;
    return ERR_OK;
}

static struct box whole(const struct heat *heat)
{
    struct box a = mercator_tile_box(heat->zoom, heat->x, heat->y, 0);
    struct box b =
        mercator_tile_box(heat->zoom, heat->x + heat->width - 1, heat->y + heat->height - 1, 0);
    return (struct box){a.min_lon, b.min_lat, b.max_lon, a.max_lat};
}

enum err cases_heat_find(struct db *db, const struct cases_filter *filter,
                         const struct kinds *kinds, struct box box, uint32_t zoom, int64_t least,
                         struct arena *arena, const struct cases_heat_square **squares,
                         size_t *count)
{
    struct heat heat = frame(box, zoom);
    size_t n = 0, all = (size_t)heat.width * heat.height;
    if (heat.width > CASES_HEAT_SIDE || heat.height > CASES_HEAT_SIDE) return ERR_RANGE;
    heat.counts = arena_calloc(arena, all, sizeof *heat.counts);
    struct cases_heat_square *list = arena_calloc(arena, all, sizeof *list);
    if (!heat.counts || !list) return ERR_NOMEM;
    enum err e = cases_map_visit(db, filter, kinds, whole(&heat), arena, add_case, &heat);
    if (e) return e;
    for (size_t i = 0; i < all; i++)
        if (heat.counts[i] >= least && heat.counts[i] > 0)
            list[n++] =
                (struct cases_heat_square){heat.x + (uint32_t)(i % heat.width),
                                           heat.y + (uint32_t)(i / heat.width), heat.counts[i]};
    *squares = list;
    *count = n;
    return ERR_OK;
}
