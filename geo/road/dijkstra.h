/* The plain judge: E. W. Dijkstra's algorithm (Numerische Mathematik 1, 1959) over arc states,
 * without bound or trick, kept apart from the searches that it is held against. */
#ifndef YZ_GEO_ROAD_DIJKSTRA_H
#define YZ_GEO_ROAD_DIJKSTRA_H

#include "geo/base/heap.h"
#include "geo/road/astar.h"
#include "geo/road/network.h"

/* One thread's workspace; zero-initialised is fresh. */
struct dijkstra {
    uint64_t *cost_ms; /* [arc]: of having travelled all of it */
    uint32_t *stamps;
    uint32_t size, stamp;
    struct heap heap;
};
void dijkstra_fini(struct dijkstra *dijkstra);

/* The cost of the cheapest way from any source to any target; ASTAR_NO_WAY when there is none.
 * ERR_NOMEM. */
enum err dijkstra_cost(struct dijkstra *dijkstra, const struct network_view *view,
                       const struct astar_end *sources, size_t source_count,
                       const struct astar_end *targets, size_t target_count, uint64_t *cost_ms);

#endif
