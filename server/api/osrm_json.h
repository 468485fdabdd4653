/* Routes and waypoints as OSRM's clients read them
 * (https://project-osrm.org/docs/v5.24.0/api/, "Result objects"). */
#ifndef YZ_SERVER_API_OSRM_JSON_H
#define YZ_SERVER_API_OSRM_JSON_H

#include "geo/base/jsonw.h"
#include "geo/road/network.h"
#include "server/api/osrm_query.h"

/* All borrowed; `view` is the one that the routes were found under. */
struct osrm_json {
    struct jsonw *json;
    const struct osrm_query *query;
    const struct network_view *view;
    struct arena *arena;
};

/* Where a waypoint of a trip stands: in which trip, and as which of its stops. */
struct osrm_json_stop {
    size_t trip, index;
};

/* One waypoint; `stop` may be NULL. */
void osrm_json_waypoint(const struct osrm_json *o, const struct route_waypoint *waypoint,
                        const struct osrm_json_stop *stop);

/* `"waypoints": […]`, unless the query skips them. */
void osrm_json_waypoints(const struct osrm_json *o, const struct route_waypoint *waypoints,
                         size_t count);

/* One route with what of it the query asks for. ERR_NOMEM. */
enum err osrm_json_route(const struct osrm_json *o, const struct route *route);

/* How much of a route that needs. */
enum route_detail osrm_json_detail(const struct osrm_query *query);

#endif
