#include "geo/space/border.h"

#include "geo/space/rtree.h"

#include <math.h>
#include <stdlib.h>

struct side {
    struct coord a, b;
};

struct border {
    const struct polygon *polygon;
    struct side *sides;
    uint32_t count;
    struct rtree tree;
};

static void count_sides(void *user, const struct coord *points, size_t count, bool hole)
{
    struct border *border = user;
    (void)points, (void)hole;
    border->count += (uint32_t)(count - 1);
}

static void add_sides(void *user, const struct coord *points, size_t count, bool hole)
{
    struct border *border = user;
    (void)hole;
    for (size_t i = 1; i < count; i++)
        border->sides[border->count++] = (struct side){points[i - 1], points[i]};
}

static struct box_e7 box_of(struct coord a, struct coord b)
{
    struct box box = {fmin(a.lon, b.lon), fmin(a.lat, b.lat), fmax(a.lon, b.lon),
                      fmax(a.lat, b.lat)};
    return box_to_e7(box);
}

enum err border_new(const struct polygon *polygon, struct border **border)
{
    struct border *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->polygon = polygon;
    polygon_rings(polygon, count_sides, made);
    struct box_e7 *boxes = calloc(made->count, sizeof *boxes);
    made->sides = calloc(made->count, sizeof *made->sides);
    enum err e = boxes && made->sides ? ERR_OK : ERR_NOMEM;
    if (!e) {
        made->count = 0;
        polygon_rings(polygon, add_sides, made);
        for (uint32_t i = 0; i < made->count; i++)
            boxes[i] = box_of(made->sides[i].a, made->sides[i].b);
        e = rtree_build(boxes, made->count, &made->tree);
    }
    free(boxes);
    if (e) {
        border_free(made);
        return e;
    }
    *border = made;
    return ERR_OK;
}

void border_free(struct border *border)
{
    if (!border) return;
    rtree_fini(&border->tree);
    free(border->sides);
    free(border);
}

/* ---- lines ---- */

static bool stop_at_once(void *user, uint32_t side)
{
    bool *any = user;
    (void)side;
    *any = true;
    return false;
}

static bool meets_any(const struct border *border, struct box_e7 box)
{
    bool any = false;
    rtree_search(&border->tree, box, stop_at_once, &any);
    return any;
}

/* Where a piece crosses sides, as fractions of it. */
struct crossings {
    const struct border *border;
    struct coord a, b;
    double *at;
    size_t count, room;
    enum err e;
};

static bool add_at(struct crossings *c, double at)
{
    if (c->count == c->room) {
        size_t room = 2 * c->room + 16;
        double *more = realloc(c->at, room * sizeof *more);
        if (!more) {
            c->e = ERR_NOMEM;
            return false;
        }
        c->at = more;
        c->room = room;
    }
    c->at[c->count++] = at;
    return true;
}

/* A side along the piece crosses nowhere: its neighbours do. */
static bool cross_side(void *user, uint32_t number)
{
    struct crossings *c = user;
    const struct side *side = &c->border->sides[number];
    double dx = c->b.lon - c->a.lon, dy = c->b.lat - c->a.lat;
    double sx = side->b.lon - side->a.lon, sy = side->b.lat - side->a.lat;
    double px = side->a.lon - c->a.lon, py = side->a.lat - c->a.lat;
    double cross = dx * sy - dy * sx;
    if (cross == 0) return true;
    double at = (px * sy - py * sx) / cross, along = (px * dy - py * dx) / cross;
    if (at <= 0 || at >= 1 || along < -1e-9 || along > 1 + 1e-9) return true;
    return add_at(c, at);
}

static int compare(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void walk_piece(struct crossings *c, size_t piece,
                       void (*inside)(void *user, size_t piece, double from, double to), void *user)
{
    c->count = 0;
    if (!add_at(c, 0) || !add_at(c, 1)) return;
    rtree_search(&c->border->tree, box_of(c->a, c->b), cross_side, c);
    qsort(c->at, c->count, sizeof *c->at, compare);
    for (size_t i = 1; i < c->count && !c->e; i++) {
        double t = (c->at[i - 1] + c->at[i]) / 2;
        struct coord middle = {c->a.lon + t * (c->b.lon - c->a.lon),
                               c->a.lat + t * (c->b.lat - c->a.lat)};
        if (c->at[i] > c->at[i - 1] && polygon_covers(c->border->polygon, middle))
            inside(user, piece, c->at[i - 1], c->at[i]);
    }
}

enum err border_walk(const struct border *border, const struct coord *line, size_t count,
                     void (*inside)(void *user, size_t piece, double from, double to), void *user)
{
    struct box box = box_empty();
    for (size_t i = 0; i < count; i++)
        box = box_extend(box, line[i]);
    if (!meets_any(border, box_to_e7(box))) {
        bool all = count && polygon_covers(border->polygon, line[0]);
        for (size_t i = 0; i + 1 < count && all; i++)
            inside(user, i, 0, 1);
        return ERR_OK;
    }
    struct crossings c = {.border = border};
    for (size_t i = 0; i + 1 < count && !c.e; i++) {
        c.a = line[i];
        c.b = line[i + 1];
        walk_piece(&c, i, inside, user);
    }
    free(c.at);
    return c.e;
}
