#include "geo/road/cover_polygon.h"

#include <math.h>
#include <stdlib.h>

struct side {
    struct coord_e7 a, b;
};

/* The border as single sides, and a tree over them. */
struct border {
    const struct graph *graph;
    struct side *sides;
    struct rtree tree;
    void (*visit)(void *user, uint32_t edge);
    void *user;
};

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t most(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static struct box_e7 box_of(struct side s)
{
    return (struct box_e7){least(s.a.lon_e7, s.b.lon_e7), least(s.a.lat_e7, s.b.lat_e7),
                           most(s.a.lon_e7, s.b.lon_e7), most(s.a.lat_e7, s.b.lat_e7)};
}

/* On which side of the line through s the point lies: -1, 0, 1. Exact up to six degrees; beyond, a
 * point within a hair of the line may count as beside it. */
static int turn_to(struct side s, struct coord_e7 c)
{
    double x = ((double)s.b.lon_e7 - s.a.lon_e7) * ((double)c.lat_e7 - s.a.lat_e7);
    double y = ((double)s.b.lat_e7 - s.a.lat_e7) * ((double)c.lon_e7 - s.a.lon_e7);
    return (x > y) - (x < y);
}

static bool boxes_meet(const struct box_e7 *a, const struct box_e7 *b)
{
    return a->min_lon <= b->max_lon && b->min_lon <= a->max_lon && a->min_lat <= b->max_lat &&
           b->min_lat <= a->max_lat;
}

/* Two stretches whose boxes meet touch unless one lies wholly beside the line through the other. */
static bool sides_touch(struct side s, struct side t)
{
    struct box_e7 a = box_of(s), b = box_of(t);
    return boxes_meet(&a, &b) && turn_to(s, t.a) * turn_to(s, t.b) <= 0 &&
           turn_to(t, s.a) * turn_to(t, s.b) <= 0;
}

/* The same for a box: its corners are not all on one side of the line. */
static bool side_touches_box(struct side s, const struct box_e7 *box)
{
    int turns = turn_to(s, (struct coord_e7){box->min_lon, box->min_lat}) +
                turn_to(s, (struct coord_e7){box->min_lon, box->max_lat}) +
                turn_to(s, (struct coord_e7){box->max_lon, box->min_lat}) +
                turn_to(s, (struct coord_e7){box->max_lon, box->max_lat});
    return turns > -4 && turns < 4;
}

/* --- questions to the border; each is a search of its tree --- */

struct asking {
    const struct border *border;
    const struct box_e7 *box;
    struct side side;
    struct coord_e7 at;
    bool yes;
};

static bool ask_box(void *user, uint32_t i)
{
    struct asking *q = user;
    q->yes = side_touches_box(q->border->sides[i], q->box);
    return !q->yes;
}

static bool ask_side(void *user, uint32_t i)
{
    struct asking *q = user;
    q->yes = sides_touch(q->border->sides[i], q->side);
    return !q->yes;
}

/* Whether the ray east of the point crosses the side; a side owns its lower end, not its upper. */
static bool ask_ray(void *user, uint32_t i)
{
    struct asking *q = user;
    struct side s = q->border->sides[i];
    bool up = s.b.lat_e7 > s.a.lat_e7;
    if ((s.a.lat_e7 > q->at.lat_e7) != (s.b.lat_e7 > q->at.lat_e7) &&
        turn_to(s, q->at) == (up ? 1 : -1))
        q->yes = !q->yes;
    return true;
}

/* Of a point that is not on the border. */
static bool inside(const struct border *border, struct coord_e7 at)
{
    struct asking q = {.border = border, .at = at};
    struct box_e7 ray = {at.lon_e7, at.lat_e7, INT32_MAX, at.lat_e7};
    rtree_search(&border->tree, ray, ask_ray, &q);
    return q.yes;
}

static enum rtree_side box_side(const void *user, const struct box_e7 *box)
{
    struct asking q = {.border = user, .box = box};
    rtree_search(&q.border->tree, *box, ask_box, &q);
    if (q.yes) return RTREE_PARTLY;
    return inside(q.border, (struct coord_e7){box->min_lon, box->min_lat}) ? RTREE_IN : RTREE_OUT;
}

/* An edge whose box the border passes. */
static bool touches(const struct border *border, uint32_t edge)
{
    struct graph_edge e = graph_edge_at(border->graph, edge);
    for (uint32_t i = 0; i + 1 < e.point_count; i++) {
        struct asking q = {.border = border, .side = {e.points[i], e.points[i + 1]}};
        rtree_search(&border->tree, box_of(q.side), ask_side, &q);
        if (q.yes) return true;
    }
    return inside(border, e.points[0]);
}

static void visit_edge(void *user, uint32_t edge, bool whole)
{
    const struct border *border = user;
    if (whole || touches(border, edge)) border->visit(border->user, edge);
}

static enum err border_make(const struct cover_shape *shape, struct border *border)
{
    uint32_t n = 0;
    struct box_e7 *boxes = calloc(shape->point_count, sizeof *boxes);
    border->sides = calloc(shape->point_count, sizeof *border->sides);
    if (!boxes || !border->sides) {
        free(boxes);
        return ERR_NOMEM;
    }
    for (size_t r = 0; r < shape->ring_count; r++)
        for (size_t i = shape->ring_starts[r]; i + 1 < shape->ring_starts[r + 1]; i++) {
            border->sides[n] =
                (struct side){coord_to_e7(shape->points[i]), coord_to_e7(shape->points[i + 1])};
            boxes[n] = box_of(border->sides[n]);
            n++;
        }
    enum err e = rtree_build(boxes, n, &border->tree);
    free(boxes);
    return e;
}

enum err cover_polygon_walk(const struct graph *graph, const struct cover_shape *shape,
                            void (*visit)(void *user, uint32_t edge), void *user)
{
    struct border border = {.graph = graph, .visit = visit, .user = user};
    enum err e = border_make(shape, &border);
    const struct rtree_sieve sieve = {box_side, visit_edge, &border};
    if (!e) rtree_sift(graph_edge_tree(graph), &sieve);
    rtree_fini(&border.tree);
    free(border.sides);
    return e;
}
