/* Where a half edge points at its ends, and what kind of turn leads from one to the next. */
#ifndef YZ_GEO_ROAD_HEADING_H
#define YZ_GEO_ROAD_HEADING_H

#include "geo/road/network.h"

/* Degrees clockwise from north in [0, 360), leaving the tail and arriving at the head: towards a
 * point some metres along the edge, because the very first segment of a drawn junction says little.
 */
double heading_leave(const struct network *net, uint32_t half);
double heading_arrive(const struct network *net, uint32_t half);

/* Degrees to the right (positive) or left, in [-180, 180), from one heading to another, both in
 * [0, 360). */
double heading_change(double from, double to);

enum profile_turn heading_turn(double arrive, double leave);

#endif
