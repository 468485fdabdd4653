#include "server/api/api_osrm.h"

#include "server/api/osrm_call.h"

enum err api_osrm_route(struct request *request, struct response *response, struct tools *tools)
{
    struct osrm_call call;
    struct route route;
    uint8_t order[ROUTE_MAX_POINTS];
    enum err e = osrm_call_begin(&call, request, tools);
    if (e) return e;
    if (call.query.point_count < 2)
        return problem_say(request->problem, PROBLEM_OPTION, NULL,
                           "Number of coordinates needs to be at least two.");
    for (size_t i = 0; i < call.query.point_count; i++)
        order[i] = (uint8_t)i;
    e = osrm_call_route(&call, order, call.query.point_count, &route);
    if (e) return e;
    struct osrm_json o = osrm_call_answer(&call, response);
    jsonw_key(o.json, "routes");
    jsonw_array(o.json);
    e = osrm_json_route(&o, &route);
    for (size_t i = 0; !e && i < route.alternative_count; i++)
        e = osrm_json_route(&o, &route.alternatives[i]);
    jsonw_array_end(o.json);
    osrm_json_waypoints(&o, route.waypoints, route.waypoint_count);
    jsonw_object_end(o.json);
    return e;
}

/* The nearest streets as they are met. */
struct listing {
    const struct osrm_call *call;
    struct route_waypoint *waypoints;
    size_t count;
};

static bool list_place(void *user, const struct snap_place *place)
{
    struct listing *l = user;
    const struct osrm_call *call = l->call;
    const struct network_view *view = &call->metric->view;
    bool serves = false;
    for (uint32_t direction = 0; direction < 2; direction++) {
        uint32_t arc = view->net->half_arc[place->edge << 1 | direction];
        if (!snap_wished(view, place, direction, call->query.points[0], call->wishes[0])) continue;
        serves = serves || snap_serves(view, arc, SNAP_START) || snap_serves(view, arc, SNAP_END);
    }
    if (serves) l->waypoints[l->count++] = stop_waypoint(view->net, place);
    return l->count < (size_t)call->query.number;
}

enum err api_osrm_nearest(struct request *request, struct response *response, struct tools *tools)
{
    struct osrm_call call;
    enum err e = osrm_call_begin(&call, request, tools);
    if (e) return e;
    if (call.query.point_count != 1)
        return problem_say(request->problem, PROBLEM_OPTION, NULL,
                           "Only one input coordinate is supported");
    struct listing l = {.call = &call};
    l.waypoints = arena_calloc(request->arena, (size_t)call.query.number, sizeof *l.waypoints);
    if (!l.waypoints) return ERR_NOMEM;
    const struct snap_ground ground =
        stop_ground(call.roads, call.profile, osrm_call_bar(&call), &tools->heap);
    double radius_m = call.query.radius_m[0];
    if (call.wishes[0] && radius_m > snap_wish_radius_m) radius_m = snap_wish_radius_m;
    e = snap_walk(&ground, call.query.points[0], radius_m, list_place, &l);
    if (!e && l.count == 0) e = ERR_NOSEGMENT;
    if (e) return osrm_call_refuse(&call, e, 0);
    struct osrm_json o = osrm_call_answer(&call, response);
    osrm_json_waypoints(&o, l.waypoints, l.count);
    jsonw_object_end(o.json);
    return ERR_OK;
}

enum err api_osrm_match(struct request *request, struct response *response, struct tools *tools)
{
    (void)response, (void)tools;
    return problem_say(request->problem, PROBLEM_NOT_OFFERED, NULL,
                       "Traces are not matched to roads by this server; route, table, nearest and "
                       "trip are offered");
}
