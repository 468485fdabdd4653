#include "server/api/api_osrm.h"

#include "server/api/osrm_call.h"

/* Options that the engine has no answer for yet. */
static enum err refuse_missing(const struct osrm_call *call)
{
    struct problem *problem = call->request->problem;
    if (call->query.has_wishes)
        return problem_say(problem, PROBLEM_NOT_OFFERED, "bearings",
                           "Streets are not chosen by bearing or side; leave it out, or give a "
                           "range of 180 and unrestricted.");
    if (call->query.no_steps || call->query.no_pushing)
        return problem_say(problem, PROBLEM_NOT_OFFERED, "exclude",
                           "Option exclude is not offered by this server");
    return ERR_OK;
}

enum err api_osrm_route(struct request *request, struct response *response, struct tools *tools)
{
    struct osrm_call call;
    struct route route;
    size_t culprit = 0;
    enum err e = osrm_call_begin(&call, request, tools);
    if (!e) e = refuse_missing(&call);
    if (e) return e;
    if (call.query.point_count < 2)
        return problem_say(request->problem, PROBLEM_OPTION, NULL,
                           "Number of coordinates needs to be at least two.");
    const struct route_query query = {.profile = call.profile,
                                      .points = call.query.points,
                                      .point_count = call.query.point_count,
                                      .radius_m =
                                          call.query.has_radiuses ? call.query.radius_m : NULL,
                                      .continue_straight = call.query.continue_straight,
                                      .detail = osrm_json_detail(&call.query),
                                      .states_max = ROUTE_FAIR_STATES};
    e = route_find(tools->snapshot->roads, call.work, &query, request->arena, &route, &culprit);
    if (e) return osrm_call_refuse(&call, e, culprit);
    struct osrm_json o = osrm_call_answer(&call, response);
    jsonw_key(o.json, "routes");
    jsonw_array(o.json);
    e = osrm_json_route(&o, &route);
    jsonw_array_end(o.json);
    osrm_json_waypoints(&o, route.waypoints, route.waypoint_count);
    jsonw_object_end(o.json);
    return e;
}

enum err api_osrm_nearest(struct request *request, struct response *response, struct tools *tools)
{
    struct osrm_call call;
    const struct route_waypoint *waypoints;
    size_t count;
    enum err e = osrm_call_begin(&call, request, tools);
    if (!e) e = refuse_missing(&call);
    if (e) return e;
    if (call.query.point_count != 1)
        return problem_say(request->problem, PROBLEM_OPTION, NULL,
                           "Only one input coordinate is supported");
    e = route_snap(tools->snapshot->roads, call.work, call.profile, call.query.points[0],
                   call.query.radius_m[0], (uint32_t)call.query.number, request->arena, &waypoints,
                   &count);
    if (e) return osrm_call_refuse(&call, e, 0);
    struct osrm_json o = osrm_call_answer(&call, response);
    osrm_json_waypoints(&o, waypoints, count);
    jsonw_object_end(o.json);
    return ERR_OK;
}

enum err api_osrm_not_offered(struct request *request, struct response *response,
                              struct tools *tools)
{
    (void)response, (void)tools;
    return problem_say(request->problem, PROBLEM_NOT_OFFERED, NULL,
                       "This service is not offered by this server yet");
}
