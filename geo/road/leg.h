/* From a found path to what a person follows: geometry, distances, times and steps of one leg. */
#ifndef YZ_GEO_ROAD_LEG_H
#define YZ_GEO_ROAD_LEG_H

#include "geo/road/network.h"
#include "geo/road/route.h"

/* A path and where it starts and ends. Fractions are along the first and the last arc, in their own
 * directions. */
struct leg_path {
    struct network_view view;
    const uint32_t *arcs; /* each joined to the next by an open turn */
    size_t arc_count;
    double from_fraction, to_fraction;
    struct coord from, to; /* on the road */
    struct coord asked_to; /* beside it: the side on which one arrives */
    uint64_t cost_ms;
    enum route_detail detail;
};

/* Everything in `*leg` is in `arena` or borrowed from the network. ERR_NOMEM. */
enum err leg_make(const struct leg_path *path, struct arena *arena, struct route_leg *leg);

#endif
