/* How ways begin and end within arcs: what the searches on a metric have in common. */
#ifndef YZ_GEO_ROAD_ENDS_H
#define YZ_GEO_ROAD_ENDS_H

#include "geo/road/metric.h"

/* Leaves a source by every open turn from it: calls `seed` for each state to begin with, the tail
 * of `arc`, what has been paid there, and `end` as it is given. False when `seed` said so. */
bool ends_leave(const struct network_view *view, const struct network_bar *bar,
                const struct network_end *source, size_t end,
                bool (*seed)(void *user, uint32_t arc, uint64_t weight, size_t end), void *user);

/* Arrives at a target from the tails of its arc and of all copies; weights are of what is left. */
bool ends_arrive(const struct metric *metric, const struct network_bar *bar,
                 const struct network_end *target, size_t end,
                 bool (*seed)(void *user, uint32_t arc, uint64_t weight, size_t end), void *user);

/* From a source straight to a target further along the same half edge; WEIGHT_NONE: not so. */
uint64_t ends_straight(const struct network_view *view, const struct network_bar *bar,
                       const struct network_end *source, const struct network_end *target);

/* Whether one of some ends is on the half edge of `arc`. */
bool ends_share(const struct network *net, const struct network_end *ends, size_t count,
                uint32_t arc);

#endif
