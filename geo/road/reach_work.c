#include "geo/road/reach_work.h"

#include "geo/road/chord.h"

#include <math.h>

/* Longitude counted on from a box's origin, so that no street jumps round the world. */
static int32_t unwrap(int32_t lon_e7, int32_t origin_e7)
{
    int64_t d = (int64_t)lon_e7 - origin_e7;
    if (d >= 1800000000) d -= 3600000000;
    if (d < -1800000000) d += 3600000000;
    return (int32_t)d;
}

static struct reach_box box_of_window(const struct box *window)
{
    struct coord_e7 low = coord_to_e7((struct coord){window->min_lon, window->min_lat});
    struct coord_e7 high = coord_to_e7((struct coord){window->max_lon, window->max_lat});
    int32_t middle = low.lon_e7 / 2 + high.lon_e7 / 2;
    return (struct reach_box){.origin_e7 = middle,
                              .west_e7 = low.lon_e7 - middle,
                              .east_e7 = high.lon_e7 - middle,
                              .south_e7 = low.lat_e7,
                              .north_e7 = high.lat_e7};
}

static struct reach_box box_of_edges(const struct reach *reach, const struct network *net)
{
    const struct network_edge *first = &net->edges[reach->edges[0]];
    struct coord_e7 c = net->points[first->point_first];
    struct reach_box box = {.origin_e7 = c.lon_e7, .south_e7 = c.lat_e7, .north_e7 = c.lat_e7};
    for (uint32_t i = 0; i < reach->edge_count; i++) {
        const struct network_edge *edge = &net->edges[reach->edges[i]];
        for (uint32_t p = 0; p < edge->point_count; p++) {
            c = net->points[edge->point_first + p];
            int32_t east = unwrap(c.lon_e7, box.origin_e7);
            if (east < box.west_e7) box.west_e7 = east;
            if (east > box.east_e7) box.east_e7 = east;
            if (c.lat_e7 < box.south_e7) box.south_e7 = c.lat_e7;
            if (c.lat_e7 > box.north_e7) box.north_e7 = c.lat_e7;
        }
    }
    return box;
}

struct reach_box reach_work_box(const struct reach *reach, const struct network *net)
{
    const struct box *window = reach->query->window;
    struct reach_box box = window ? box_of_window(window) : box_of_edges(reach, net);
    reach_grid_plan(&box);
    return box;
}

static struct reach_point point_of(const struct reach_grid *grid, const struct network *net,
                                   uint32_t point)
{
    struct coord_e7 c = net->points[point];
    return reach_grid_point(grid, unwrap(c.lon_e7, grid->box.origin_e7), c.lat_e7);
}

/* Fractions are by the length of chords. */
static void draw_part(struct reach *reach, const struct network *net, uint32_t edge, size_t limit,
                      double low, double high)
{
    const struct network_edge *e = &net->edges[edge];
    const struct coord_e7 *points = net->points + e->point_first;
    double whole_m = 0, done_m = 0;
    for (uint32_t p = 0; p + 1 < e->point_count; p++)
        whole_m += chord_length_m(chord_at(coord_from_e7(points[p])),
                                  chord_at(coord_from_e7(points[p + 1])));
    for (uint32_t p = 0; p + 1 < e->point_count; p++) {
        double length_m = chord_length_m(chord_at(coord_from_e7(points[p])),
                                         chord_at(coord_from_e7(points[p + 1])));
        double from = length_m > 0 ? (low * whole_m - done_m) / length_m : 0;
        double to = length_m > 0 ? (high * whole_m - done_m) / length_m : 1;
        done_m += length_m;
        if (to < 0 || from > 1) continue;
        from = fmax(from, 0);
        to = fmin(to, 1);
        struct reach_point a = point_of(&reach->grid, net, e->point_first + p);
        struct reach_point b = point_of(&reach->grid, net, e->point_first + p + 1);
        struct reach_point c = {a.x + (b.x - a.x) * from, a.y + (b.y - a.y) * from};
        struct reach_point d = {a.x + (b.x - a.x) * to, a.y + (b.y - a.y) * to};
        reach_grid_line(&reach->grid, limit, c, d);
    }
}

void reach_work_street(struct reach *reach, const struct network *net, uint32_t edge, size_t limit,
                       double from, double to)
{
    const struct network_edge *e = &net->edges[edge];
    double low = fmin(from, to), high = fmax(from, to);
    if (low > 0 || high < 1) {
        draw_part(reach, net, edge, limit, low, high);
        return;
    }
    struct reach_point before = point_of(&reach->grid, net, e->point_first);
    for (uint32_t p = 1; p < e->point_count; p++) {
        struct reach_point next = point_of(&reach->grid, net, e->point_first + p);
        reach_grid_line(&reach->grid, limit, before, next);
        before = next;
    }
}

bool reach_work_meets(const struct reach_grid *grid, const struct network *net, uint32_t edge,
                      struct box_e7 window)
{
    enum { NEAR = 8 }; /* cells: more than the grid goes beyond its box */
    const struct network_edge *e = &net->edges[edge];
    const struct coord_e7 *p = net->points + e->point_first;
    struct box_e7 own = {p->lon_e7, p->lat_e7, p->lon_e7, p->lat_e7};
    double lon = NEAR / grid->box.x_per_e7, lat = NEAR / grid->box.y_per_e7;
    for (uint32_t i = 1; i < e->point_count; i++) {
        if (p[i].lon_e7 < own.min_lon) own.min_lon = p[i].lon_e7;
        if (p[i].lon_e7 > own.max_lon) own.max_lon = p[i].lon_e7;
        if (p[i].lat_e7 < own.min_lat) own.min_lat = p[i].lat_e7;
        if (p[i].lat_e7 > own.max_lat) own.max_lat = p[i].lat_e7;
    }
    return own.max_lon >= window.min_lon - lon && own.min_lon <= window.max_lon + lon &&
           own.max_lat >= window.min_lat - lat && own.min_lat <= window.max_lat + lat;
}
