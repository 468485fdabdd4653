#include "geo/road/demand.h"

#include "geo/road/stop.h"
#include "geo/space/geodesic.h"
#include "geo/space/surface.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct demand {
    struct demand_point *points;
    size_t *first; /* [count + 1] into ends */
    struct network_end *ends;
    size_t count, end_count, end_size;
};

void demand_free(struct demand *demand)
{
    if (!demand) return;
    free(demand->points);
    free(demand->first);
    free(demand->ends);
    free(demand);
}

static enum err add_ends(struct demand *d, const struct network_end *ends, size_t count)
{
    if (!count) return ERR_OK;
    if (d->end_count + count > d->end_size) {
        size_t size = 2 * d->end_size + count + 64;
        struct network_end *more = realloc(d->ends, size * sizeof *more);
        if (!more) return ERR_NOMEM;
        d->ends = more;
        d->end_size = size;
    }
    memcpy(d->ends + d->end_count, ends, count * sizeof *ends);
    d->end_count += count;
    return ERR_OK;
}

static enum err place_point(struct demand *d, const struct snap_ground *ground, double radius_m,
                            size_t i)
{
    const struct stop_query query = {
        .at = d->points[i].at, .radius_m = radius_m, .role = SNAP_START};
    struct stop stop;
    enum err e = stop_find(ground, &query, &stop);
    if (!e) e = add_ends(d, stop.ends, stop.count);
    d->first[i + 1] = d->end_count;
    return e == ERR_NOSEGMENT ? ERR_OK : e;
}

enum err demand_new(const struct snap_ground *ground, const struct demand_point *points,
                    size_t count, double radius_m, const struct progress *progress,
                    struct demand **demand)
{
    enum { EVERY = 256 };
    struct demand *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->points = malloc((count + 1) * sizeof *made->points);
    made->first = calloc(count + 1, sizeof *made->first);
    enum err e = made->points && made->first ? ERR_OK : ERR_NOMEM;
    if (!e && count) memcpy(made->points, points, count * sizeof *points);
    for (size_t i = 0; i < count && !e; i++)
        e = i % EVERY == 0 && !progress_say(progress, "putting on streets", i, count)
                ? ERR_CANCELLED
                : place_point(made, ground, radius_m, i);
    made->count = count;
    if (e) {
        demand_free(made);
        return e;
    }
    *demand = made;
    return ERR_OK;
}

size_t demand_count(const struct demand *demand)
{
    return demand->count;
}

struct demand_point demand_at(const struct demand *demand, size_t i)
{
    return demand->points[i];
}

const struct network_end *demand_ends(const struct demand *demand, size_t i, size_t *count)
{
    *count = demand->first[i + 1] - demand->first[i];
    return demand->ends + demand->first[i];
}

bool demand_reached(const struct demand *demand, size_t i, const struct reach *reach,
                    uint32_t limit_ms)
{
    size_t count;
    const struct network_end *ends = demand_ends(demand, i, &count);
    uint64_t weight = count ? reach_weight(reach, ends, count) : WEIGHT_NONE;
    return weight != WEIGHT_NONE && weight_time_ms(weight) <= limit_ms;
}

/* ---- surface ---- */

struct lattice {
    const struct polygon *polygon;
    struct demand_point *points;
    size_t count, size;
};

static enum err add_point(struct lattice *l, struct coord at, double km2)
{
    if (l->count == l->size) {
        size_t size = 2 * l->size + 256;
        struct demand_point *more = realloc(l->points, size * sizeof *more);
        if (!more) return ERR_NOMEM;
        l->points = more;
        l->size = size;
    }
    l->points[l->count++] = (struct demand_point){at, km2};
    return ERR_OK;
}

static size_t cells_in(double length_m, double step_m)
{
    double cells = floor(length_m / step_m + 0.5);
    return cells < 1 ? 1 : (size_t)cells;
}

/* Rows from south to north, each cell about as wide as high. */
static enum err fill(struct lattice *l, double step_m)
{
    struct box box = polygon_box(l->polygon);
    double m_per_lat = geodesic_plane_at((box.min_lat + box.max_lat) / 2).m_per_lat_deg;
    size_t rows = cells_in((box.max_lat - box.min_lat) * m_per_lat, step_m);
    double high = (box.max_lat - box.min_lat) / (double)rows;
    enum err e = ERR_OK;
    for (size_t r = 0; r < rows && !e; r++) {
        double lat = box.min_lat + high * ((double)r + 0.5);
        double m_per_lon = geodesic_plane_at(lat).m_per_lon_deg;
        size_t columns = cells_in((box.max_lon - box.min_lon) * m_per_lon, step_m);
        double wide = (box.max_lon - box.min_lon) / (double)columns;
        for (size_t c = 0; c < columns && !e; c++) {
            struct coord at = {box.min_lon + wide * ((double)c + 0.5), lat};
            if (polygon_covers(l->polygon, at))
                e = add_point(l, at, wide * m_per_lon * high * m_per_lat / 1e6);
        }
    }
    return e;
}

static void note_first(void *user, const struct coord *points, size_t count, bool hole)
{
    struct coord *at = user;
    const size_t starts[] = {0, count};
    if (!hole) *at = surface_point(points, starts, 1);
}

enum err demand_lattice(const struct polygon *polygon, size_t most, struct demand_point **points,
                        size_t *count, double *step_m)
{
    enum { SPARSE = 64 }; /* cells of its box to one inside, at worst */
    struct lattice l = {.polygon = polygon};
    struct box box = polygon_box(polygon);
    struct geodesic_plane plane = geodesic_plane_at((box.min_lat + box.max_lat) / 2);
    double area_m2 = polygon_area_m2(polygon), cells = (double)(most ? most : 1);
    double width_m = (box.max_lon - box.min_lon) * plane.m_per_lon_deg;
    double height_m = (box.max_lat - box.min_lat) * plane.m_per_lat_deg;
    *step_m = fmax(sqrt(fmax(area_m2, width_m * height_m / SPARSE) / cells),
                   fmax(fmax(width_m, height_m) / cells, 1));
    enum err e = fill(&l, *step_m);
    if (!e && l.count == 0) { /* thinner than the lattice */
        struct coord at = {0, 0};
        polygon_rings(polygon, note_first, &at);
        e = add_point(&l, at, area_m2 / 1e6);
    }
    if (e) {
        free(l.points);
        return e;
    }
    *points = l.points;
    *count = l.count;
    return ERR_OK;
}
