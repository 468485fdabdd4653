#include "geo/space/tangle.h"

#include "geo/space/rtree.h"

#include <stdlib.h>

enum { PAIRS_EACH = 64, PAIRS_ANYWAY = 1000000 };

/* Side i goes from points[from[i]] to the point after it. */
struct sides {
    const struct coord *points;
    uint32_t *from;
    struct box_e7 *boxes;
    uint32_t count;
    struct rtree tree;
    uint32_t at; /* the side whose neighbours are looked at */
    uint64_t pairs_left;
    size_t crossings_left;
    bool over;
};

/* Twice the area of a triangle, positive counter-clockwise. */
static double turn(struct coord a, struct coord b, struct coord c)
{
    return (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon);
}

static bool on_both_sides(struct coord a, struct coord b, struct coord c, struct coord d)
{
    double first = turn(a, b, c), second = turn(a, b, d);
    return (first < 0 && second > 0) || (first > 0 && second < 0);
}

static bool look(void *user, uint32_t other)
{
    struct sides *s = user;
    const struct coord *a = s->points + s->from[s->at], *b = s->points + s->from[other];
    if (other <= s->at) return true; /* each pair once */
    if (s->pairs_left-- == 0) s->over = true;
    if (on_both_sides(a[0], a[1], b[0], b[1]) && on_both_sides(b[0], b[1], a[0], a[1]) &&
        s->crossings_left-- == 0)
        s->over = true;
    return !s->over;
}

static void collect(const struct shape *shape, struct sides *s)
{
    for (size_t r = 0; r < shape->ring_count; r++) {
        size_t count;
        const struct coord *ring = shape_ring_at(shape, r, &count);
        for (size_t i = 0; i + 1 < count; i++) {
            struct box box = box_extend(box_extend(box_empty(), ring[i]), ring[i + 1]);
            s->from[s->count] = (uint32_t)(ring + i - shape->points);
            s->boxes[s->count++] = box_to_e7(box);
        }
    }
}

enum err tangle_check(const struct shape *shape, size_t most)
{
    size_t n = shape->point_count;
    struct sides s = {.points = shape->points,
                      .pairs_left = PAIRS_EACH * (uint64_t)n + PAIRS_ANYWAY,
                      .crossings_left = most};
    if (n > INT32_MAX) return ERR_LIMIT;
    uint32_t *from = s.from = malloc((n + 1) * sizeof *from);
    struct box_e7 *boxes = s.boxes = malloc((n + 1) * sizeof *boxes);
    enum err e = from && boxes ? ERR_OK : ERR_NOMEM;
    if (!e) collect(shape, &s);
    if (!e) e = rtree_build(s.boxes, s.count, &s.tree);
    for (s.at = 0; !e && s.at < s.count; s.at++) {
        rtree_search(&s.tree, s.boxes[s.at], look, &s);
        if (s.over) e = ERR_LIMIT;
    }
    rtree_fini(&s.tree);
    free(from);
    free(boxes);
    return e;
}
