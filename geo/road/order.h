/* In which order a hierarchy contracts the arcs of a network.
 *
 * Nested dissection cuts the network through streets (dissect.h); the arcs of a street, both
 * directions and all copies, are the vertices of the separator that it is in (V. Buchhold,
 * D. Wagner, T. Zeitz, M. Zündorf, Customizable Contraction Hierarchies with Turn Costs, ATMOS
 * 2020). Then numbered anew so that every subtree of the elimination tree is contiguous, its root
 * last: the same links, closer together. */
#ifndef YZ_GEO_ROAD_ORDER_H
#define YZ_GEO_ROAD_ORDER_H

#include "geo/base/err.h"
#include "geo/base/progress.h"
#include "geo/road/network.h"

/* Fills `order` [net->arc_count] with all arcs, the one to be contracted first first. The same for
 * the same network. Uses nodes, edges, arcs and turns: no profile, no time. ERR_NOMEM,
 * ERR_CANCELLED. */
enum err order_make(const struct network *net, const struct progress *progress, uint32_t *order);

#endif
