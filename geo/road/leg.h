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

/* The same, measured. Arrays of arc_count, in the arena. */
struct leg_measure {
    double *metres;    /* travelled on the arc */
    uint64_t *ms;      /* on the arc */
    uint64_t *turn_ms; /* lost on the turn to the next one */
    uint64_t *cost_ms; /* on both, as the search counted them */
    uint32_t *point;   /* where in the leg's points the arc begins */
};

/* Everything in `*leg` is in `arena` or borrowed from the network. ERR_NOMEM. */
enum err leg_make(const struct leg_path *path, struct arena *arena, struct route_leg *leg);

#endif
