/* The text of an OSRM request as values: coordinates and options, judged as OSRM's own grammar
 * does (https://project-osrm.org/docs/v5.24.0/api/). */
#ifndef YZ_SERVER_API_OSRM_QUERY_H
#define YZ_SERVER_API_OSRM_QUERY_H

#include "geo/road/route.h"
#include "geo/road/snap.h"
#include "geo/road/trip.h"
#include "server/request.h"

#include <stdbool.h>

enum osrm_overview { OSRM_SIMPLIFIED, OSRM_FULL, OSRM_NO_OVERVIEW };
enum osrm_geometry { OSRM_GEOJSON, OSRM_POLYLINE, OSRM_POLYLINE6 };
enum {
    OSRM_DISTANCE = 1,
    OSRM_DURATION = 2,
    OSRM_WEIGHT = 4,
    OSRM_SPEED = 8,
    OSRM_DATASOURCES = 16,
    OSRM_ALL = 31
};
enum { OSRM_MAX_ALTERNATIVES = 3, OSRM_MAX_PAIRS = 32 };

/* Some of the coordinates, by index; in the order given. */
struct osrm_choice {
    uint8_t items[ROUTE_MAX_POINTS];
    size_t count;
};

struct osrm_query {
    struct coord points[ROUTE_MAX_POINTS];
    size_t point_count;
    /* Of every coordinate. */
    double radius_m[ROUTE_MAX_POINTS]; /* INFINITY where not limited */
    struct snap_wish wish[ROUTE_MAX_POINTS];
    bool has_radiuses, has_wishes;
    bool skip_waypoints, no_hints, no_steps, no_pushing;
    /* route and trip */
    bool steps, continue_straight;
    unsigned alternatives, annotations;
    int overview, geometries;
    /* nearest */
    int64_t number;
    /* table */
    struct osrm_choice sources, destinations;
    double fallback_speed, scale_factor; /* metres a second, 0: none; 1: none */
    int fallback_snapped;
    /* trip */
    bool roundtrip;
    int source_first, destination_last;
    struct trip_pair pairs[OSRM_MAX_PAIRS];
    size_t pair_count;
};

/* `lon,lat;lon,lat…`, `polyline(…)` or `polyline6(…)`, `text` being percent-decoded; a trailing
 * ".json" is dropped. */
enum err osrm_query_coordinates(struct request *request, const char *text,
                                struct osrm_query *query);

/* Reads the coordinates of the path and all options; faults are noted with OSRM's codes. Options
 * that ask for something this server does not do are refused by name; hints are checked for their
 * number and otherwise not needed. */
enum err osrm_query_read(struct request *request, struct osrm_query *query);

/* Notes that an option has a value that it cannot have: ERR_INVALID. */
enum err osrm_query_bad(struct request *request, const char *name, const char *expected);

#endif
