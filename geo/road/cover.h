/* Which streets a drawn shape covers: of a closure, and of an area that a request avoids. */
#ifndef YZ_GEO_ROAD_COVER_H
#define YZ_GEO_ROAD_COVER_H

#include "geo/base/arena.h"
#include "geo/road/graph.h"

enum cover_kind {
    COVER_DISC,   /* one point and a radius: edges that come so near */
    COVER_LINE,   /* a line drawn along a street: edges that run beside it, not those it crosses */
    COVER_POLYGON /* edges any part of which lies inside or on the border */
};

/* WGS 84. Rings as in geo/space/polygon.h: ring_starts has ring_count + 1 entries, the first ring
 * of a polygon is its shell. */
struct cover_shape {
    enum cover_kind kind;
    const struct coord *points;
    size_t point_count;
    const size_t *ring_starts;
    size_t ring_count;
    double radius_m;
};

/* How far beside a line an edge still counts as drawn along, and how much of an edge must. */
extern const double cover_line_m;

/* The edges covered, ascending, in memory from `arena`. ERR_INVALID with a sentence for a shape
 * that is none (too few points, a ring that is not closed, no area); ERR_NOMEM. */
enum err cover_edges(const struct graph *graph, const struct cover_shape *shape,
                     struct arena *arena, const uint32_t **edges, size_t *count, struct why *why);

#endif
