/* The plain judge: E. W. Dijkstra's algorithm (Numerische Mathematik 1, 1959) over arc states,
 * without bound or trick, kept apart from the searches that it is held against.
 *
 * `bar` may be NULL: nothing barred. Ends on arcs that are closed or barred do not count. */
#ifndef YZ_GEO_ROAD_DIJKSTRA_H
#define YZ_GEO_ROAD_DIJKSTRA_H

#include "geo/base/heap.h"
#include "geo/road/network.h"

/* One thread's workspace; zero-initialised is fresh. */
struct dijkstra {
    uint64_t *weights; /* [arc]: at its tail, the turn into it paid */
    uint32_t *stamps;
    uint32_t size, stamp;
    struct heap heap;
};
void dijkstra_fini(struct dijkstra *dijkstra);

/* The weight of the cheapest way from any source to any target; WEIGHT_NONE when there is none.
 * ERR_NOMEM. */
enum err dijkstra_find(struct dijkstra *dijkstra, const struct network_view *view,
                       const struct network_bar *bar, const struct network_ends *ends,
                       uint64_t *weight);

/* The same to every target on its own: weights [ends->target_count]. The targets may be any number.
 */
enum err dijkstra_each(struct dijkstra *dijkstra, const struct network_view *view,
                       const struct network_bar *bar, const struct network_ends *ends,
                       uint64_t *weights);

/* From any source to the tail of every arc, the turn into it paid: weights [arc_count]. A source's
 * own arc counts only when it is come back to. */
enum err dijkstra_all(struct dijkstra *dijkstra, const struct network_view *view,
                      const struct network_bar *bar, const struct network_end *sources,
                      size_t source_count, uint64_t *weights);

#endif
