/* What happens at one junction of a path. */
#ifndef YZ_GEO_ROAD_MANEUVER_H
#define YZ_GEO_ROAD_MANEUVER_H

#include "geo/road/network.h"
#include "geo/road/route.h"

struct maneuver {
    bool needed; /* false: one simply goes on */
    enum route_maneuver_type type;
    enum route_modifier modifier;
    int bearing_before, bearing_after;
};

/* From arc `from` by `turn` to the arc it leads to. Within roundabouts only leaving counts. */
struct maneuver maneuver_at(const struct network_view *view, uint32_t from, uint32_t turn);

/* Roads other than roundabouts that one may leave by from the end of `arc`. */
int maneuver_exits(const struct network_view *view, uint32_t arc);

/* A heading as a whole number of degrees, 0 to 359. */
int maneuver_bearing(double heading_deg);

#endif
