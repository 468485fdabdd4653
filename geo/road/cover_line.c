#include "geo/road/cover_line.h"

#include "geo/space/geodesic.h"

#include <math.h>
#include <stdlib.h>

const double cover_line_m = 12, cover_line_deg = 25, cover_line_run_m = 30;

/* A stretch of the line, on the plane at its own latitude. */
struct stretch {
    struct coord from;
    struct geodesic_plane plane;
    double east, north; /* its direction, of length 1 */
    double length_m;
    bool joined_before, joined_after; /* no end of the line: its reach goes round the corner */
};

struct span {
    double from, to; /* of a segment, 0 to 1 */
};

struct line {
    const struct graph *graph;
    struct stretch *stretches;
    struct span *spans; /* room for one a stretch */
    size_t count;
    double length_m;
    uint32_t *edges; /* candidates */
    size_t edge_count, edge_room;
    bool full;
};

static bool collect(void *user, uint32_t edge)
{
    struct line *line = user;
    if (line->edge_count == line->edge_room) {
        size_t room = line->edge_room ? 2 * line->edge_room : 256;
        uint32_t *more = realloc(line->edges, room * sizeof *more);
        line->full = !more;
        if (!more) return false;
        line->edges = more;
        line->edge_room = room;
    }
    line->edges[line->edge_count++] = edge;
    return true;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

static void stretch_make(struct line *line, struct coord a, struct coord b)
{
    struct geodesic_plane plane = geodesic_plane_at((a.lat + b.lat) / 2);
    double east = (b.lon - a.lon) * plane.m_per_lon_deg;
    double north = (b.lat - a.lat) * plane.m_per_lat_deg, length_m = hypot(east, north);
    if (length_m <= 0) return; /* a doubled point */
    line->stretches[line->count++] =
        (struct stretch){a, plane, east / length_m, north / length_m, length_m, true, true};
    line->length_m += length_m;
}

/* Everything the line comes near, each edge once. */
static void find_candidates(struct line *line, const struct cover_shape *shape)
{
    for (size_t i = 0; i + 1 < shape->point_count && !line->full; i++) {
        struct geodesic_plane plane = geodesic_plane_at(shape->points[i].lat);
        double lon = cover_line_m * 1.01 / plane.m_per_lon_deg;
        double lat = cover_line_m * 1.01 / plane.m_per_lat_deg;
        struct box box =
            box_extend(box_extend(box_empty(), shape->points[i]), shape->points[i + 1]);
        box = (struct box){fmax(box.min_lon - lon, -180), fmax(box.min_lat - lat, -90),
                           fmin(box.max_lon + lon, 180), fmin(box.max_lat + lat, 90)};
        rtree_search(graph_edge_tree(line->graph), box_to_e7(box), collect, line);
    }
    if (line->edge_count) qsort(line->edges, line->edge_count, sizeof *line->edges, by_number);
    size_t n = 0;
    for (size_t i = 0; i < line->edge_count; i++)
        if (n == 0 || line->edges[n - 1] != line->edges[i]) line->edges[n++] = line->edges[i];
    line->edge_count = n;
}

/* Narrows `span` to where low <= at + t * rate <= high. */
static void clip(struct span *span, double at, double rate, double low, double high)
{
    if (rate == 0) {
        if (at < low || at > high) span->to = -1;
        return;
    }
    double enter = (low - at) / rate, leave = (high - at) / rate;
    span->from = fmax(span->from, fmin(enter, leave));
    span->to = fmin(span->to, fmax(enter, leave));
}

/* The part of segment a-b that runs beside the stretch; empty when `to` is not above `from`. */
static struct span beside(const struct stretch *s, struct coord a, struct coord b)
{
    const double degree = 3.14159265358979323846 / 180;
    struct span span = {0, 1};
    double x = (a.lon - s->from.lon) * s->plane.m_per_lon_deg;
    double y = (a.lat - s->from.lat) * s->plane.m_per_lat_deg;
    double dx = (b.lon - a.lon) * s->plane.m_per_lon_deg;
    double dy = (b.lat - a.lat) * s->plane.m_per_lat_deg;
    double along = dx * s->east + dy * s->north, aside = dy * s->east - dx * s->north;
    if (fabs(along) < hypot(dx, dy) * cos(cover_line_deg * degree)) return (struct span){0, 0};
    clip(&span, x * s->east + y * s->north, along, s->joined_before ? -cover_line_m : 0,
         s->length_m + (s->joined_after ? cover_line_m : 0));
    clip(&span, y * s->east - x * s->north, aside, -cover_line_m, cover_line_m);
    return span;
}

/* Which share of segment a-b runs beside some stretch of the line. */
static double share_beside(const struct line *line, struct coord a, struct coord b)
{
    size_t n = 0;
    double share = 0, end = 0;
    for (size_t i = 0; i < line->count; i++) {
        struct span span = beside(&line->stretches[i], a, b);
        if (span.to > span.from) line->spans[n++] = span;
    }
    if (n > 1) qsort(line->spans, n, sizeof *line->spans, by_start);
    for (size_t i = 0; i < n; i++) {
        double from = fmax(line->spans[i].from, end);
        if (line->spans[i].to > from) share += line->spans[i].to - from;
        end = fmax(end, line->spans[i].to);
    }
    return share;
}

static bool runs_along(const struct line *line, uint32_t edge)
{
    struct graph_edge e = graph_edge_at(line->graph, edge);
    double all_m = 0, along_m = 0;
    for (uint32_t i = 0; i + 1 < e.point_count; i++) {
        struct coord a = coord_from_e7(e.points[i]), b = coord_from_e7(e.points[i + 1]);
        struct geodesic_plane plane = geodesic_plane_at(a.lat);
        double length_m = geodesic_plane_distance_m(&plane, a, b);
        all_m += length_m;
        if (length_m > 0) along_m += length_m * share_beside(line, a, b);
    }
    double wanted_m = fmin(cover_line_run_m, fmin(all_m, line->length_m) / 2);
    return along_m > 0 && along_m >= wanted_m;
}

enum err cover_line_walk(const struct graph *graph, const struct cover_shape *shape,
                         void (*visit)(void *user, uint32_t edge), void *user)
{
    struct line line = {.graph = graph};
    enum err e = ERR_NOMEM;
    line.stretches = calloc(shape->point_count, sizeof *line.stretches);
    line.spans = calloc(shape->point_count, sizeof *line.spans);
    if (!line.stretches || !line.spans) goto out;
    for (size_t i = 0; i + 1 < shape->point_count; i++)
        stretch_make(&line, shape->points[i], shape->points[i + 1]);
    if (line.count) {
        line.stretches[0].joined_before = false;
        line.stretches[line.count - 1].joined_after = false;
    }
    find_candidates(&line, shape);
    if (line.full) goto out;
    for (size_t i = 0; i < line.edge_count; i++)
        if (runs_along(&line, line.edges[i])) visit(user, line.edges[i]);
    e = ERR_OK;
out:
    free(line.stretches);
    free(line.spans);
    free(line.edges);
    return e;
}
