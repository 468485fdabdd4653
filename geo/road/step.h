/* Where a rider must do something, and what: the maneuvers of OSRM's API
 * (https://project-osrm.org/docs/v5.24.0/api/, "StepManeuver object"). */
#ifndef YZ_GEO_ROAD_STEP_H
#define YZ_GEO_ROAD_STEP_H

#include "geo/road/leg.h"

/* Fills in the steps and the summary of a leg whose points and stretches are there. ERR_NOMEM. */
enum err step_make(const struct leg_path *path, struct arena *arena, struct route_leg *leg);

#endif
