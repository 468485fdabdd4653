/* Where given points (places) touch the roads, found once for every profile, so that a search by
 * time need not snap them again and again. */
#ifndef YZ_GEO_ROAD_ANCHORS_H
#define YZ_GEO_ROAD_ANCHORS_H

#include "geo/base/progress.h"
#include "geo/road/graph.h"
#include "geo/road/network.h"
#include "geo/road/snap.h"

struct anchors; /* read-only once built; shared by all threads */

/* Snaps `count` points as ends of a trip. Points that stood at the same coordinate among those of
 * `before` (NULL: none; built on the same graph) take over what was found then. ERR_NOMEM,
 * ERR_CANCELLED. */
enum err anchors_build(const struct graph *graph, const struct coord_e7 *points, size_t count,
                       const struct anchors *before, const struct progress *progress,
                       struct anchors **anchors);
void anchors_free(struct anchors *anchors);
size_t anchors_count(const struct anchors *anchors);
const struct graph *anchors_graph(const struct anchors *anchors);

/* The ends of point `i` for the view's profile under its closures: every direction of every place
 * it snaps to that is open. Where closures shut them all it is snapped anew, past what is shut
 * (`heap` is the caller's workspace). At most NETWORK_MAX_ENDS; 0: no road within reach. */
enum err anchors_ends(const struct anchors *anchors, const struct network_view *view,
                      unsigned profile, uint32_t i, struct heap *heap,
                      struct network_end ends[NETWORK_MAX_ENDS], size_t *count);

#endif
