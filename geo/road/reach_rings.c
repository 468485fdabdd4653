#include "geo/road/reach_rings.h"

#include "geo/base/room.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reach_rings_line {
    struct coord_e7 a, b;
    int32_t min_lon, max_lon;
    uint32_t ring;
    uint32_t from, to; /* points of the ring; to may be its count, which is the first again */
};

void reach_rings_fini(struct reach_rings *rings)
{
    free(rings->points);
    free(rings->kept);
    free(rings->rings);
    free(rings->lines);
    *rings = (struct reach_rings){0};
}

void reach_rings_clear(struct reach_rings *rings, double x_per_e7, double y_per_e7)
{
    rings->point_count = rings->ring_count = rings->line_count = 0;
    rings->x_per_e7 = x_per_e7;
    rings->y_per_e7 = y_per_e7;
}

/* ---- collecting ---- */

enum err reach_rings_begin(struct reach_rings *rings, size_t limit)
{
    enum err e =
        room_grow(&rings->rings, sizeof *rings->rings, rings->ring_count, &rings->ring_size);
    if (e) return e;
    rings->rings[rings->ring_count] =
        (struct reach_ring){.first = rings->point_count,
                            .limit = limit,
                            .box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN}};
    return ERR_OK;
}

static bool same(struct coord_e7 a, struct coord_e7 b)
{
    return a.lon_e7 == b.lon_e7 && a.lat_e7 == b.lat_e7;
}

enum err reach_rings_point(struct reach_rings *rings, struct coord_e7 c)
{
    struct reach_ring *ring = &rings->rings[rings->ring_count];
    if (ring->count && same(rings->points[rings->point_count - 1], c)) return ERR_OK;
    enum err e =
        room_grow(&rings->points, sizeof *rings->points, rings->point_count, &rings->point_size);
    if (e) return e;
    rings->points[rings->point_count++] = c;
    ring->count++;
    if (c.lon_e7 < ring->box.min_lon) ring->box.min_lon = c.lon_e7;
    if (c.lon_e7 > ring->box.max_lon) ring->box.max_lon = c.lon_e7;
    if (c.lat_e7 < ring->box.min_lat) ring->box.min_lat = c.lat_e7;
    if (c.lat_e7 > ring->box.max_lat) ring->box.max_lat = c.lat_e7;
    return ERR_OK;
}

void reach_rings_end(struct reach_rings *rings, double narrow)
{
    struct reach_ring *ring = &rings->rings[rings->ring_count];
    const struct coord_e7 *p = rings->points + ring->first;
    if (ring->count > 1 && same(p[0], p[ring->count - 1])) {
        ring->count--;
        rings->point_count--;
    }
    double twice = 0;
    for (size_t i = 1; i + 1 < ring->count; i++) {
        double ax = (double)p[i].lon_e7 - p[0].lon_e7, ay = (double)p[i].lat_e7 - p[0].lat_e7;
        double bx = (double)p[i + 1].lon_e7 - p[0].lon_e7;
        double by = (double)p[i + 1].lat_e7 - p[0].lat_e7;
        twice += ax * by - ay * bx;
    }
    ring->area = twice / 2 * rings->x_per_e7 * rings->y_per_e7;
    double width = ((double)ring->box.max_lon - ring->box.min_lon) * rings->x_per_e7;
    double height = ((double)ring->box.max_lat - ring->box.min_lat) * rings->y_per_e7;
    if (ring->area > 0 || (ring->area < 0 && width >= narrow && height >= narrow))
        rings->ring_count++;
    else
        rings->point_count = ring->first;
}

/* ---- simplifying ---- */

static struct coord_e7 point_at(const struct reach_rings *rings, const struct reach_ring *ring,
                                size_t i)
{
    return rings->points[ring->first + (i < ring->count ? i : i - ring->count)];
}

/* Squared distance, in cells, from a point to the line from a to b. */
static double distance_2(const struct reach_rings *rings, struct coord_e7 c, struct coord_e7 a,
                         struct coord_e7 b)
{
    double dx = ((double)b.lon_e7 - a.lon_e7) * rings->x_per_e7;
    double dy = ((double)b.lat_e7 - a.lat_e7) * rings->y_per_e7;
    double px = ((double)c.lon_e7 - a.lon_e7) * rings->x_per_e7;
    double py = ((double)c.lat_e7 - a.lat_e7) * rings->y_per_e7;
    double square = dx * dx + dy * dy;
    double t = square > 0 ? fmin(fmax((px * dx + py * dy) / square, 0), 1) : 0;
    px -= t * dx;
    py -= t * dy;
    return px * px + py * py;
}

/* The point between two of a ring that is farthest from the line between them; `from` when there is
 * none. */
static size_t farthest(const struct reach_rings *rings, const struct reach_ring *ring, size_t from,
                       size_t to, double *square)
{
    struct coord_e7 a = point_at(rings, ring, from), b = point_at(rings, ring, to);
    size_t best = from;
    *square = -1;
    for (size_t i = from + 1; i < to; i++) {
        double d = distance_2(rings, point_at(rings, ring, i), a, b);
        if (d <= *square) continue;
        *square = d;
        best = i;
    }
    return best;
}

static void keep(struct reach_rings *rings, const struct reach_ring *ring, size_t i)
{
    rings->kept[ring->first + (i < ring->count ? i : 0)] = true;
}

/* Without a stack: the stretch from a kept point to the next is cut until all of it is near, then
 * the next stretch is looked at. */
static void thin_out(struct reach_rings *rings, const struct reach_ring *ring, size_t from,
                     size_t to, double tolerance)
{
    double square;
    size_t middle = farthest(rings, ring, from, to, &square);
    keep(rings, ring, from);
    keep(rings, ring, to);
    if (middle != from) keep(rings, ring, middle); /* so that no ring collapses */
    for (size_t start = from; start < to;) {
        size_t end = start + 1;
        while (end < to && !rings->kept[ring->first + end])
            end++;
        middle = farthest(rings, ring, start, end, &square);
        if (middle != start && square > tolerance * tolerance)
            keep(rings, ring, middle);
        else
            start = end;
    }
}

static bool on_seam(struct coord_e7 c)
{
    return c.lon_e7 == 1800000000 || c.lon_e7 == -1800000000;
}

/* Streets lie up to the very seam; there the line stays as it is. */
static void keep_seam(struct reach_rings *rings, const struct reach_ring *ring)
{
    for (size_t i = 0; i < ring->count; i++) {
        bool here = on_seam(point_at(rings, ring, i));
        if (here != on_seam(point_at(rings, ring, i + 1))) keep(rings, ring, here ? i : i + 1);
    }
}

static void thin_out_ring(struct reach_rings *rings, const struct reach_ring *ring,
                          double tolerance)
{
    struct coord_e7 first = point_at(rings, ring, 0);
    size_t across = 1;
    double most = -1;
    for (size_t i = 1; i < ring->count; i++) {
        struct coord_e7 c = point_at(rings, ring, i);
        double d = distance_2(rings, c, first, first);
        if (d <= most) continue;
        most = d;
        across = i;
    }
    keep_seam(rings, ring);
    thin_out(rings, ring, 0, across, tolerance);
    thin_out(rings, ring, across, ring->count, tolerance);
}

/* ---- keeping lines apart ---- */

static enum err list_lines(struct reach_rings *rings)
{
    rings->line_count = 0;
    for (size_t r = 0; r < rings->ring_count; r++) {
        const struct reach_ring *ring = &rings->rings[r];
        for (size_t from = 0, to; from < ring->count; from = to) {
            to = from + 1;
            while (to < ring->count && !rings->kept[ring->first + to])
                to++;
            enum err e = room_grow(&rings->lines, sizeof *rings->lines, rings->line_count,
                                   &rings->line_size);
            if (e) return e;
            struct coord_e7 a = point_at(rings, ring, from), b = point_at(rings, ring, to);
            rings->lines[rings->line_count++] =
                (struct reach_rings_line){.a = a,
                                          .b = b,
                                          .min_lon = a.lon_e7 < b.lon_e7 ? a.lon_e7 : b.lon_e7,
                                          .max_lon = a.lon_e7 < b.lon_e7 ? b.lon_e7 : a.lon_e7,
                                          .ring = (uint32_t)r,
                                          .from = (uint32_t)from,
                                          .to = (uint32_t)to};
        }
    }
    return ERR_OK;
}

static int compare_lines(const void *x, const void *y)
{
    const struct reach_rings_line *a = x, *b = y;
    if (a->min_lon != b->min_lon) return a->min_lon < b->min_lon ? -1 : 1;
    if (a->ring != b->ring) return a->ring < b->ring ? -1 : 1;
    return a->from < b->from ? -1 : a->from > b->from;
}

/* Positive: c lies to the left of the line from a to b. Exact: the differences have 32 bits. */
static int turn(struct coord_e7 a, struct coord_e7 b, struct coord_e7 c)
{
    int64_t abx = (int64_t)b.lon_e7 - a.lon_e7, aby = (int64_t)b.lat_e7 - a.lat_e7;
    int64_t acx = (int64_t)c.lon_e7 - a.lon_e7, acy = (int64_t)c.lat_e7 - a.lat_e7;
    int64_t left = abx * acy, right = aby * acx;
    return (left > right) - (left < right);
}

static bool boxes_meet(struct coord_e7 a, struct coord_e7 b, struct coord_e7 c, struct coord_e7 d)
{
    int32_t low = a.lat_e7 < b.lat_e7 ? a.lat_e7 : b.lat_e7;
    int32_t high = a.lat_e7 < b.lat_e7 ? b.lat_e7 : a.lat_e7;
    if ((c.lat_e7 < low && d.lat_e7 < low) || (c.lat_e7 > high && d.lat_e7 > high)) return false;
    low = a.lon_e7 < b.lon_e7 ? a.lon_e7 : b.lon_e7;
    high = a.lon_e7 < b.lon_e7 ? b.lon_e7 : a.lon_e7;
    return !((c.lon_e7 < low && d.lon_e7 < low) || (c.lon_e7 > high && d.lon_e7 > high));
}

/* Whether two lines have a point in common; of neighbours on a ring, another than the shared one.
 */
static bool lines_meet(const struct reach_rings *rings, const struct reach_rings_line *s,
                       const struct reach_rings_line *t)
{
    if (!boxes_meet(s->a, s->b, t->a, t->b)) return false;
    if (s->ring == t->ring) {
        uint32_t count = (uint32_t)rings->rings[s->ring].count;
        if (s->to % count == t->from)
            return turn(s->a, s->b, t->b) == 0 && !boxes_meet(s->b, s->b, s->a, t->b);
        if (t->to % count == s->from)
            return turn(t->a, t->b, s->b) == 0 && !boxes_meet(t->b, t->b, t->a, s->b);
    }
    return turn(s->a, s->b, t->a) * turn(s->a, s->b, t->b) <= 0 &&
           turn(t->a, t->b, s->a) * turn(t->a, t->b, s->b) <= 0;
}

/* Gives back the farthest point that was left out; false: there is none. */
static bool cut(struct reach_rings *rings, const struct reach_rings_line *line)
{
    const struct reach_ring *ring = &rings->rings[line->ring];
    double square;
    size_t middle = farthest(rings, ring, line->from, line->to, &square);
    if (middle == line->from || rings->kept[ring->first + middle]) return false;
    keep(rings, ring, middle);
    return true;
}

/* One round; whether something was cut. */
static bool cut_what_meets(struct reach_rings *rings)
{
    bool any = false;
    if (!rings->line_count) return false;
    qsort(rings->lines, rings->line_count, sizeof *rings->lines, compare_lines);
    for (size_t i = 0; i < rings->line_count; i++) {
        const struct reach_rings_line *s = &rings->lines[i];
        for (size_t k = i + 1; k < rings->line_count; k++) {
            const struct reach_rings_line *t = &rings->lines[k];
            if (t->min_lon > s->max_lon) break;
            if (!lines_meet(rings, s, t)) continue;
            any |= cut(rings, s);
            any |= cut(rings, t);
        }
    }
    return any;
}

/* ---- polygons ---- */

static bool surrounds(const struct reach_rings *rings, const struct reach_ring *ring,
                      struct coord_e7 c)
{
    bool inside = false;
    if (c.lon_e7 < ring->box.min_lon || c.lon_e7 > ring->box.max_lon ||
        c.lat_e7 < ring->box.min_lat || c.lat_e7 > ring->box.max_lat)
        return false;
    struct coord_e7 a = point_at(rings, ring, 0);
    for (size_t i = 1; i <= ring->count; i++) {
        if (!rings->kept[ring->first + i % ring->count]) continue;
        struct coord_e7 b = point_at(rings, ring, i);
        if ((a.lat_e7 > c.lat_e7) != (b.lat_e7 > c.lat_e7))
            inside ^= (turn(a, b, c) > 0) == (b.lat_e7 > a.lat_e7);
        a = b;
    }
    return inside;
}

/* The smallest shell around a hole; ring_count: none. */
static size_t shell_of(const struct reach_rings *rings, const struct reach_ring *hole)
{
    size_t best = rings->ring_count;
    for (size_t r = 0; r < rings->ring_count; r++) {
        const struct reach_ring *ring = &rings->rings[r];
        if (ring->area < 0 || ring->limit != hole->limit || ring->area < -hole->area) continue;
        if (best < rings->ring_count && ring->area >= rings->rings[best].area) continue;
        if (surrounds(rings, ring, rings->points[hole->first])) best = r;
    }
    return best;
}

static enum err add_ring(const struct reach_rings *rings, const struct reach_ring *ring,
                         struct shape *shape)
{
    enum err e = shape_add_ring(shape, ring->area < 0);
    for (size_t i = 0; i < ring->count && !e; i++)
        if (rings->kept[ring->first + i])
            e = shape_add_point(shape, coord_from_e7(rings->points[ring->first + i]));
    return e ? e : shape_add_point(shape, coord_from_e7(rings->points[ring->first]));
}

/* Shells in the order of the grid, each with its holes behind it. */
static enum err add_polygons(const struct reach_rings *rings, struct shape *shapes)
{
    size_t *shells = malloc((rings->ring_count + 1) * sizeof *shells);
    if (!shells) return ERR_NOMEM;
    enum err e = ERR_OK;
    for (size_t r = 0; r < rings->ring_count; r++)
        shells[r] = rings->rings[r].area < 0 ? shell_of(rings, &rings->rings[r]) : r;
    for (size_t s = 0; s < rings->ring_count && !e; s++) {
        const struct reach_ring *shell = &rings->rings[s];
        if (shell->area < 0) continue;
        e = add_ring(rings, shell, &shapes[shell->limit]);
        for (size_t r = 0; r < rings->ring_count && !e; r++)
            if (r != s && shells[r] == s)
                e = add_ring(rings, &rings->rings[r], &shapes[shell->limit]);
    }
    free(shells);
    return e;
}

enum err reach_rings_finish(struct reach_rings *rings, double tolerance, struct shape *shapes)
{
    if (rings->kept_size < rings->point_count) {
        free(rings->kept);
        rings->kept = malloc(rings->point_size * sizeof *rings->kept);
        rings->kept_size = rings->kept ? rings->point_size : 0;
        if (!rings->kept) return ERR_NOMEM;
    }
    if (rings->point_count) memset(rings->kept, 0, rings->point_count * sizeof *rings->kept);
    for (size_t r = 0; r < rings->ring_count; r++)
        thin_out_ring(rings, &rings->rings[r], tolerance);
    enum err e = ERR_OK;
    for (bool met = true; met && !e;) {
        e = list_lines(rings);
        met = !e && cut_what_meets(rings);
    }
    return e ? e : add_polygons(rings, shapes);
}
