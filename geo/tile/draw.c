#include "geo/tile/draw.h"

#include "geo/space/polyline.h"
#include "geo/tile/mercator.h"

#include <math.h>
#include <stdlib.h>

/* A line may move by half a pixel of a 512 pixel map; on the finest tiles, which are enlarged
 * further, not at all. */
static const double tolerance_units = 4;

void draw_init(struct draw *draw, struct mvt *mvt, struct tile_id id)
{
    double scale = ldexp(MVT_EXTENT, (int)id.z);
    struct box box = mercator_tile_box(id.z, id.x, id.y, (double)MVT_BUFFER / MVT_EXTENT);
    double middle = (box.min_lat + box.max_lat) / 2;
    *draw = (struct draw){
        .mvt = mvt,
        .id = id,
        .box = box,
        .rect = {-MVT_BUFFER, -MVT_BUFFER, MVT_EXTENT + MVT_BUFFER, MVT_EXTENT + MVT_BUFFER},
        .scale = scale,
        .left = (double)id.x * MVT_EXTENT,
        .top = (double)id.y * MVT_EXTENT,
    };
    if (id.z < TILE_MAX_ZOOM)
        draw->tolerance_m = tolerance_units * mercator_unit_m(id.z, middle, MVT_EXTENT);
}

void draw_fini(struct draw *draw)
{
    free(draw->coords);
    free(draw->stack);
    clip_points_fini(&draw->points);
    clip_points_fini(&draw->work);
}

struct clip_point draw_project(const struct draw *draw, struct coord c)
{
    struct mercator_point p = mercator_from_coord(c);
    return (struct clip_point){(int32_t)lround(p.x * draw->scale - draw->left),
                               (int32_t)lround(p.y * draw->scale - draw->top)};
}

void draw_begin(struct draw *draw)
{
    draw->coord_count = 0;
}

static enum err make_room(struct draw *draw)
{
    size_t size = draw->coord_size ? draw->coord_size * 2 : 256;
    if (size > UINT32_MAX / 2) return ERR_LIMIT;
    struct coord *coords = realloc(draw->coords, size * sizeof *coords);
    if (!coords) return ERR_NOMEM;
    draw->coords = coords;
    uint32_t *stack = realloc(draw->stack, 2 * size * sizeof *stack);
    if (!stack) return ERR_NOMEM;
    draw->stack = stack;
    draw->coord_size = size;
    return ERR_OK;
}

enum err draw_add(struct draw *draw, struct coord c)
{
    enum err e = draw->coord_count == draw->coord_size ? make_room(draw) : ERR_OK;
    if (!e) draw->coords[draw->coord_count++] = c;
    return e;
}

/* The shape on the grid, without what simplifying drops. */
static enum err project_shape(struct draw *draw)
{
    size_t count = draw->coord_count;
    enum err e = ERR_OK;
    if (draw->tolerance_m > 0)
        count = polyline_simplify(draw->coords, count, draw->tolerance_m, draw->stack);
    draw->points.count = 0;
    for (size_t i = 0; i < count && !e; i++)
        e = clip_points_add(&draw->points, draw_project(draw, draw->coords[i]));
    return e;
}

static enum err put_piece(void *user, const struct clip_point *points, size_t count)
{
    mvt_line(user, points, count);
    return ERR_OK;
}

enum err draw_line(struct draw *draw)
{
    enum err e = project_shape(draw);
    if (e) return e;
    return clip_line(draw->points.items, draw->points.count, draw->rect, &draw->work, put_piece,
                     draw->mvt);
}

enum err draw_ring(struct draw *draw, bool hole, bool *drawn)
{
    enum err e = project_shape(draw);
    struct clip_points *ring = &draw->points;
    if (e) return e;
    if (ring->count > 1) ring->count--; /* the first point again */
    e = clip_ring(ring, draw->rect, &draw->work);
    if (e) return e;
    if (drawn) *drawn = ring->count > 2;
    if (ring->count < 3) return ERR_OK;
    if ((clip_ring_area2(ring->items, ring->count) < 0) != hole)
        clip_ring_reverse(ring->items, ring->count);
    mvt_ring(draw->mvt, ring->items, ring->count);
    return ERR_OK;
}

enum err draw_edge(struct draw *draw, const struct graph *roads, uint32_t index)
{
    struct graph_edge edge = graph_edge_at(roads, index);
    enum err e = ERR_OK;
    draw_begin(draw);
    for (uint32_t i = 0; i < edge.point_count && !e; i++)
        e = draw_add(draw, coord_from_e7(edge.points[i]));
    return e ? e : draw_line(draw);
}
