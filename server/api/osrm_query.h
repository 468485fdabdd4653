/* The text of an OSRM request as values: coordinates and options, judged as OSRM's own grammar
 * does (https://project-osrm.org/docs/v5.24.0/api/). */
#ifndef YZ_SERVER_API_OSRM_QUERY_H
#define YZ_SERVER_API_OSRM_QUERY_H

#include "geo/road/route.h"
#include "server/request.h"

#include <stdbool.h>

enum osrm_overview { OSRM_SIMPLIFIED, OSRM_FULL, OSRM_NO_OVERVIEW };
enum osrm_geometry { OSRM_GEOJSON, OSRM_POLYLINE, OSRM_POLYLINE6 };
enum { OSRM_ANNOTATE_DISTANCE = 1, OSRM_ANNOTATE_DURATION = 2 };

struct osrm_query {
    struct coord points[ROUTE_MAX_POINTS];
    double radius_m[ROUTE_MAX_POINTS]; /* INFINITY where not limited */
    size_t point_count;
    bool has_radiuses, steps, continue_straight, skip_waypoints;
    bool wants_bearings, wants_curb; /* not offered */
    unsigned annotations;
    int overview, geometries;
    int64_t number; /* of nearest */
};

/* `lon,lat;lon,lat…`, `polyline(…)` or `polyline6(…)`, `text` being percent-decoded; a trailing
 * ".json" is dropped. */
enum err osrm_query_coordinates(struct request *request, const char *text,
                                struct osrm_query *query);

/* Reads the coordinates of the path and all options; faults are noted with OSRM's codes. Options
 * that ask for something this server does not do (exclude, narrow bearings, the curb, other
 * annotations) are refused, those that are mere hints are checked for their number and taken. */
enum err osrm_query_read(struct request *request, struct osrm_query *query);

#endif
