#include "geo/road/cover.h"

#include "geo/road/cover_line.h"
#include "geo/road/cover_polygon.h"
#include "geo/space/geodesic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- what is no shape --- */

static bool same(struct coord a, struct coord b)
{
    return a.lon == b.lon && a.lat == b.lat;
}

/* Whether all points lie on one line. */
static bool flat(const struct coord *p, size_t count)
{
    size_t far = 1;
    while (far < count && same(p[far], p[0]))
        far++;
    for (size_t i = far + 1; i < count; i++)
        if ((p[far].lon - p[0].lon) * (p[i].lat - p[0].lat) !=
            (p[far].lat - p[0].lat) * (p[i].lon - p[0].lon))
            return false;
    return true;
}

static enum err check_rings(const struct cover_shape *shape, struct why *why)
{
    if (shape->ring_count == 0) return err_say(why, ERR_INVALID, "the polygon is empty");
    for (size_t r = 0; r < shape->ring_count; r++) {
        const struct coord *p = shape->points + shape->ring_starts[r];
        size_t count = shape->ring_starts[r + 1] - shape->ring_starts[r];
        if (count < 4)
            return err_say(why, ERR_INVALID,
                           "ring %zu has %zu points; a ring has at least four, the last equal to "
                           "the first",
                           r + 1, count);
        if (!same(p[0], p[count - 1]))
            return err_say(why, ERR_INVALID,
                           "ring %zu is not closed: repeat its first point at its end", r + 1);
        if (flat(p, count))
            return err_say(why, ERR_INVALID, "ring %zu surrounds nothing: its points lie on a line",
                           r + 1);
    }
    return ERR_OK;
}

static enum err check_line(const struct cover_shape *shape, struct why *why)
{
    size_t moved = 1;
    while (moved < shape->point_count && same(shape->points[moved], shape->points[0]))
        moved++;
    if (moved < shape->point_count) return ERR_OK;
    return err_say(why, ERR_INVALID, "a line has at least two points, not all in one place");
}

enum err cover_check(const struct cover_shape *shape, struct why *why)
{
    for (size_t i = 0; i < shape->point_count; i++)
        if (!coord_valid(shape->points[i]))
            return err_say(why, ERR_INVALID, "point %zu lies outside of the world", i + 1);
    if (shape->kind == COVER_POLYGON) return check_rings(shape, why);
    if (shape->kind == COVER_LINE) return check_line(shape, why);
    if (shape->point_count == 1 && isfinite(shape->radius_m) && shape->radius_m > 0) return ERR_OK;
    return err_say(why, ERR_INVALID, "a disc has one point and a radius above 0 m");
}

/* --- discs --- */

struct disc {
    const struct graph *graph;
    struct coord at;
    struct geodesic_plane plane;
    double radius_m;
    void (*visit)(void *user, uint32_t edge);
    void *user;
};

/* Metres from the middle to the segment a-b, on the plane. */
static double distance_m(const struct disc *d, struct coord_e7 a, struct coord_e7 b)
{
    double x = (a.lon_e7 * 1e-7 - d->at.lon) * d->plane.m_per_lon_deg;
    double y = (a.lat_e7 * 1e-7 - d->at.lat) * d->plane.m_per_lat_deg;
    double dx = ((double)b.lon_e7 - a.lon_e7) * 1e-7 * d->plane.m_per_lon_deg;
    double dy = ((double)b.lat_e7 - a.lat_e7) * 1e-7 * d->plane.m_per_lat_deg;
    double square = dx * dx + dy * dy;
    double t = square > 0 ? fmax(0, fmin(1, -(x * dx + y * dy) / square)) : 0;
    return hypot(x + t * dx, y + t * dy);
}

static bool look(void *user, uint32_t edge)
{
    const struct disc *d = user;
    struct graph_edge e = graph_edge_at(d->graph, edge);
    for (uint32_t i = 0; i + 1 < e.point_count; i++)
        if (distance_m(d, e.points[i], e.points[i + 1]) <= d->radius_m) {
            d->visit(d->user, edge);
            break;
        }
    return true;
}

static void walk_disc(const struct graph *graph, const struct cover_shape *shape,
                      void (*visit)(void *user, uint32_t edge), void *user)
{
    struct coord at = shape->points[0];
    struct disc d = {graph, at, geodesic_plane_at(at.lat), shape->radius_m, visit, user};
    double lon = d.radius_m / d.plane.m_per_lon_deg, lat = d.radius_m / d.plane.m_per_lat_deg;
    struct box box = {fmax(at.lon - lon, -180), fmax(at.lat - lat, -90), fmin(at.lon + lon, 180),
                      fmin(at.lat + lat, 90)};
    rtree_search(graph_edge_tree(graph), box_to_e7(box), look, &d);
}

/* --- all of them --- */

enum err cover_walk(const struct graph *graph, const struct cover_shape *shape,
                    void (*visit)(void *user, uint32_t edge), void *user, struct why *why)
{
    enum err e = cover_check(shape, why);
    if (e) return e;
    if (shape->kind == COVER_POLYGON) return cover_polygon_walk(graph, shape, visit, user);
    if (shape->kind == COVER_LINE) return cover_line_walk(graph, shape, visit, user);
    walk_disc(graph, shape, visit, user);
    return ERR_OK;
}

struct list {
    uint32_t *edges;
    size_t count, room;
    bool full;
};

static void add(void *user, uint32_t edge)
{
    struct list *list = user;
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 64;
        uint32_t *more = list->full ? NULL : realloc(list->edges, room * sizeof *more);
        list->full = !more;
        if (!more) return;
        list->edges = more;
        list->room = room;
    }
    list->edges[list->count++] = edge;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

enum err cover_edges(const struct graph *graph, const struct cover_shape *shape,
                     struct arena *arena, const uint32_t **edges, size_t *count, struct why *why)
{
    struct list list = {0};
    uint32_t *copy = NULL;
    enum err e = cover_walk(graph, shape, add, &list, why);
    if (!e && list.full) e = ERR_NOMEM;
    if (!e && !(copy = arena_calloc(arena, list.count + 1, sizeof *copy))) e = ERR_NOMEM;
    if (!e && list.count) {
        qsort(list.edges, list.count, sizeof *list.edges, by_number);
        memcpy(copy, list.edges, list.count * sizeof *copy);
    }
    if (!e) {
        *edges = copy;
        *count = list.count;
    }
    free(list.edges);
    return e;
}
