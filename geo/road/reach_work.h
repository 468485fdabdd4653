/* What the parts of reach.h share. */
#ifndef YZ_GEO_ROAD_REACH_WORK_H
#define YZ_GEO_ROAD_REACH_WORK_H

#include "geo/road/barred.h"
#include "geo/road/reach.h"
#include "geo/road/reach_grid.h"

/* The cheapest way to a tail, of REACH_FROM. */
struct reach_half {
    uint64_t weight;
    uint32_t stamp;  /* an older one: it does not count */
    uint32_t listed; /* of the first half of an edge: likewise, whether the edge is in the list */
};

/* A way to be on a half edge: from `key` on in the direction of the search. The weight at a place
 * is its own and that of what lies between the half edge's beginning, as the search sees it, and
 * the place: whole milliseconds, so that two of the same half edge differ by the same everywhere.
 */
struct reach_start {
    double key;               /* REACH_FROM: the fraction of the arc; REACH_TO: less than nothing */
    int64_t cost_ms, time_ms; /* as if at the beginning */
    uint32_t half;
};

struct reach {
    const struct reach_query *query;
    struct barred search;
    struct reach_half *halves; /* [half edge] */
    uint32_t *edges;           /* those reached in time, and those of the query's ends */
    uint32_t edge_size, stamp, edge_count;
    struct reach_start *starts; /* the open ones of the query's ends, by half edge and key */
    size_t start_count, start_size;
    struct reach_start *lists[2]; /* [start_size + 1]: of an edge's two halves, as they matter */
    double *cuts;                 /* [2 * start_size + 4] */
    struct reach_grid grid;
    struct reach_rings rings;
};

/* The query's ends on a half edge, ascending by key. */
const struct reach_start *reach_work_starts(const struct reach *reach, uint32_t half,
                                            size_t *count);

/* Whether the half edge is come onto from its beginning, and then what that costs. */
bool reach_work_begin(const struct reach *reach, uint32_t half, struct reach_start *start);

/* Milliseconds from the beginning of an arc, as the search sees it, to a fraction of it. */
static inline uint32_t reach_work_part_ms(const struct reach_query *q, uint32_t arc,
                                          double fraction)
{
    uint32_t whole = q->metric->view.time_ms[arc], part = network_part_ms(whole, fraction);
    return q->side == REACH_FROM ? part : whole - part;
}

/* The box of all edges in the list, or of the window. */
struct reach_box reach_work_box(const struct reach *reach, const struct network *net);

/* Whether an edge may come near to a window that the grid is made for. */
bool reach_work_meets(const struct reach_grid *grid, const struct network *net, uint32_t edge,
                      struct box_e7 window);

/* Draws an edge between two fractions, in any order, as reached within limit `limit`. */
void reach_work_street(struct reach *reach, const struct network *net, uint32_t edge, size_t limit,
                       double from, double to);

#endif
