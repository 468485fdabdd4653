/* In which order a hierarchy contracts the arcs of a network: METIS's door.
 *
 * Nested dissection of the graph whose vertices are the edges (streets between junctions) and whose
 * links are the turns between them, so that a separator is a cut of the road network, taken with
 * both directions of its streets and their copies (V. Buchhold, D. Wagner, T. Zeitz, M. Zündorf,
 * Customizable Contraction Hierarchies with Turn Costs, ATMOS 2020). Then numbered anew so that
 * every subtree of the elimination tree is contiguous, its root last: the same links, closer
 * together. */
#ifndef YZ_GEO_ROAD_ORDER_H
#define YZ_GEO_ROAD_ORDER_H

#include "geo/base/err.h"
#include "geo/base/progress.h"
#include "geo/road/network.h"

/* Fills `order` [net->arc_count] with all arcs, the one to be contracted first first. The same for
 * the same network. Uses turns and arcs only: no profile, no time. ERR_NOMEM, ERR_CANCELLED;
 * ERR_LIMIT above 2^30 turns. METIS draws from rand(), so two threads must not order at once. */
enum err order_make(const struct network *net, const struct progress *progress, uint32_t *order);

#endif
