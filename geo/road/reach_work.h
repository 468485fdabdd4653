/* What the parts of reach.h share. */
#ifndef YZ_GEO_ROAD_REACH_WORK_H
#define YZ_GEO_ROAD_REACH_WORK_H

#include "geo/road/barred.h"
#include "geo/road/reach.h"
#include "geo/road/reach_grid.h"

/* The cheapest way to a tail. */
struct reach_half {
    uint64_t weight;
    uint32_t stamp, arc;
};

struct reach {
    struct barred search;
    struct reach_half *halves; /* [half edge]; those of an older stamp do not count */
    uint32_t *edges;           /* those reached in time, and those started on */
    uint32_t edge_size, stamp, edge_count;
    struct reach_grid grid;
    struct reach_rings rings;
};

/* The box of all edges in the list. */
struct reach_box reach_work_box(const struct reach *reach, const struct network *net);

/* Draws an edge between two fractions, in any order, as reached within limit `limit`. */
void reach_work_street(struct reach *reach, const struct network *net, uint32_t edge, size_t limit,
                       double from, double to);

#endif
