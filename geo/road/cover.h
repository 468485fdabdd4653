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

/* WGS 84. Rings as in geo/space/polygon.h: closed; ring_starts has ring_count + 1 entries. What an
 * odd number of rings surrounds is inside, so that the rings after the first are holes. */
struct cover_shape {
    enum cover_kind kind;
    const struct coord *points;
    size_t point_count;
    const size_t *ring_starts; /* of a polygon only */
    size_t ring_count;
    double radius_m; /* of a disc only */
};

/* A line covers an edge that runs beside it (at most cover_line_m aside, at an angle of at most
 * cover_line_deg) for at least cover_line_run_m, or for half of the edge's or half of the line's
 * own length where that is less. Either way round; so a line on one roadway of a divided street
 * covers that roadway, and one down its middle both if they are within reach. */
extern const double cover_line_m, cover_line_deg, cover_line_run_m;

/* Whether the shape is one: ERR_INVALID with a sentence for too few points, a ring that is not
 * closed or surrounds nothing, a coordinate outside of the world, a radius that is none. */
enum err cover_check(const struct cover_shape *shape, struct why *why);

/* Calls `visit` once for every edge covered, in no order. Errors are cover_check's; ERR_NOMEM. */
enum err cover_walk(const struct graph *graph, const struct cover_shape *shape,
                    void (*visit)(void *user, uint32_t edge), void *user, struct why *why);

/* The edges covered, ascending, in memory from `arena`. Errors likewise. */
enum err cover_edges(const struct graph *graph, const struct cover_shape *shape,
                     struct arena *arena, const uint32_t **edges, size_t *count, struct why *why);

#endif
