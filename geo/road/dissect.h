/* Nested dissection of a road network (A. George, SIAM J. Numer. Anal. 10, 1973): a least cut of
 * streets ranks above both sides, and so on within each. */
#ifndef YZ_GEO_ROAD_DISSECT_H
#define YZ_GEO_ROAD_DISSECT_H

#include "geo/base/err.h"
#include "geo/base/progress.h"
#include "geo/road/network.h"

/* Fills `rank` [net->edge_count] with the numbers from 0 on, one an edge; those of the topmost cut
 * are the highest. Edges cost as many as they have arcs. ERR_NOMEM, ERR_CANCELLED. */
enum err dissect_edges(const struct network *net, const struct progress *progress, uint32_t *rank);

#endif
