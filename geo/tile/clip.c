#include "geo/tile/clip.h"

#include <math.h>
#include <stdlib.h>

void clip_points_fini(struct clip_points *points)
{
    free(points->items);
    *points = (struct clip_points){0};
}

static bool same(struct clip_point a, struct clip_point b)
{
    return a.x == b.x && a.y == b.y;
}

enum err clip_points_add(struct clip_points *points, struct clip_point p)
{
    if (points->count > 0 && same(points->items[points->count - 1], p)) return ERR_OK;
    if (points->count == points->size) {
        size_t size = points->size ? points->size * 2 : 64;
        struct clip_point *items = realloc(points->items, size * sizeof *items);
        if (!items) return ERR_NOMEM;
        points->items = items;
        points->size = size;
    }
    points->items[points->count++] = p;
    return ERR_OK;
}

/* Narrows [*from, *to], the share of a stretch that is inside, by one edge: inside is where
 * start + t * by >= 0. False when nothing is left. */
static bool narrow(double start, double by, double *from, double *to)
{
    if (by == 0) return start >= 0;
    double t = -start / by;
    if (by > 0)
        *from = fmax(*from, t);
    else
        *to = fmin(*to, t);
    return *from <= *to;
}

static bool inside_share(struct clip_point a, struct clip_point b, struct clip_rect rect,
                         double *from, double *to)
{
    double dx = (double)b.x - a.x, dy = (double)b.y - a.y;
    *from = 0;
    *to = 1;
    return narrow((double)a.x - rect.min_x, dx, from, to) &&
           narrow((double)rect.max_x - a.x, -dx, from, to) &&
           narrow((double)a.y - rect.min_y, dy, from, to) &&
           narrow((double)rect.max_y - a.y, -dy, from, to);
}

static int32_t within(double value, int32_t min, int32_t max)
{
    return (int32_t)lround(fmax(min, fmin(max, value)));
}

/* The point at a share of the stretch a–b, which lies in the rectangle. */
static struct clip_point point_at(struct clip_point a, struct clip_point b, double share,
                                  struct clip_rect rect)
{
    if (share <= 0) return a;
    if (share >= 1) return b;
    double x = a.x + share * ((double)b.x - a.x), y = a.y + share * ((double)b.y - a.y);
    return (struct clip_point){within(x, rect.min_x, rect.max_x),
                               within(y, rect.min_y, rect.max_y)};
}

typedef enum err take_piece(void *user, const struct clip_point *points, size_t count);

static enum err flush(struct clip_points *work, take_piece *piece, void *user)
{
    enum err e = work->count > 1 ? piece(user, work->items, work->count) : ERR_OK;
    work->count = 0;
    return e;
}

enum err clip_line(const struct clip_point *points, size_t count, struct clip_rect rect,
                   struct clip_points *work, take_piece *piece, void *user)
{
    enum err e = ERR_OK;
    work->count = 0;
    for (size_t i = 1; i < count && !e; i++) {
        struct clip_point a = points[i - 1], b = points[i];
        double from, to;
        bool inside = inside_share(a, b, rect, &from, &to);
        if (inside && work->count == 0) e = clip_points_add(work, point_at(a, b, from, rect));
        if (inside && !e) e = clip_points_add(work, point_at(a, b, to, rect));
        /* A piece ends where the line leaves, which may be where a stretch ends. */
        if (!e && (!inside || to < 1)) e = flush(work, piece, user);
    }
    return e ? e : flush(work, piece, user);
}

/* One edge of the rectangle: a half plane, inside where side() >= 0. */
enum edge { LEFT, RIGHT, TOP, BOTTOM, EDGES };

static int64_t side(struct clip_point p, struct clip_rect rect, enum edge edge)
{
    switch (edge) {
    case LEFT:
        return (int64_t)p.x - rect.min_x;
    case RIGHT:
        return (int64_t)rect.max_x - p.x;
    case TOP:
        return (int64_t)p.y - rect.min_y;
    default:
        return (int64_t)rect.max_y - p.y;
    }
}

/* Where the stretch a–b, which crosses the edge, meets it: on the edge exactly, rounded along it.
 */
static struct clip_point crossing(struct clip_point a, struct clip_point b, struct clip_rect rect,
                                  enum edge edge)
{
    double sa = (double)side(a, rect, edge), sb = (double)side(b, rect, edge);
    double share = sa / (sa - sb);
    int32_t x = (int32_t)lround(a.x + share * ((double)b.x - a.x));
    int32_t y = (int32_t)lround(a.y + share * ((double)b.y - a.y));
    if (edge == LEFT || edge == RIGHT)
        return (struct clip_point){edge == LEFT ? rect.min_x : rect.max_x, y};
    return (struct clip_point){x, edge == TOP ? rect.min_y : rect.max_y};
}

static enum err cut(const struct clip_points *ring, struct clip_rect rect, enum edge edge,
                    struct clip_points *out)
{
    enum err e = ERR_OK;
    out->count = 0;
    for (size_t i = 0; i < ring->count && !e; i++) {
        struct clip_point a = ring->items[i ? i - 1 : ring->count - 1], b = ring->items[i];
        bool a_in = side(a, rect, edge) >= 0, b_in = side(b, rect, edge) >= 0;
        if (a_in != b_in) e = clip_points_add(out, crossing(a, b, rect, edge));
        if (b_in && !e) e = clip_points_add(out, b);
    }
    return e;
}

enum err clip_ring(struct clip_points *ring, struct clip_rect rect, struct clip_points *work)
{
    for (int edge = LEFT; edge < EDGES; edge++) {
        enum err e = cut(ring, rect, (enum edge)edge, work);
        if (e) return e;
        struct clip_points swap = *ring;
        *ring = *work;
        *work = swap;
    }
    while (ring->count > 1 && same(ring->items[0], ring->items[ring->count - 1]))
        ring->count--;
    if (clip_ring_area2(ring->items, ring->count) == 0) ring->count = 0;
    return ERR_OK;
}

int64_t clip_ring_area2(const struct clip_point *points, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        struct clip_point a = points[i], b = points[i + 1 < count ? i + 1 : 0];
        sum += (int64_t)a.x * b.y - (int64_t)b.x * a.y;
    }
    return sum;
}

void clip_ring_reverse(struct clip_point *points, size_t count)
{
    for (size_t i = 0, j = count; i + 1 < j; i++) {
        struct clip_point swap = points[i];
        points[i] = points[--j];
        points[j] = swap;
    }
}
