/* What happens at one junction of a path. */
#ifndef YZ_GEO_ROAD_MANEUVER_H
#define YZ_GEO_ROAD_MANEUVER_H

#include "geo/road/network.h"
#include "geo/road/route.h"

/* A street as seen from a junction that one has come to. */
struct maneuver_arm {
    uint32_t half;    /* leaves the junction */
    double heading;   /* there, in degrees */
    uint16_t bearing; /* the same as a whole number, 0 to 359 */
    bool entry;       /* whether one may go on by it */
};

/* How many arms maneuver_look finds at most. */
uint32_t maneuver_most_arms(const struct network *net, uint32_t from);

/* The arms at the end of arc `from` that the profile travels, in or out, by rising bearing; their
 * number. Among them are the one come by and any that one may leave by. */
uint16_t maneuver_look(const struct network_view *view, uint32_t from, struct maneuver_arm *arms);

struct maneuver {
    bool needed; /* false: one simply goes on */
    enum route_maneuver_type type;
    enum route_modifier modifier;
    int bearing_before, bearing_after;
};

/* From arc `from` to arc `to` at a junction with these arms. Within roundabouts only leaving
 * counts. */
struct maneuver maneuver_at(const struct network_view *view, uint32_t from, uint32_t to,
                            const struct maneuver_arm *arms, uint16_t count);

/* Roads other than roundabouts that one may leave by from the end of `arc`. */
int maneuver_exits(const struct network_view *view, uint32_t arc);

/* A heading as a whole number of degrees, 0 to 359. */
int maneuver_bearing(double heading_deg);

#endif
