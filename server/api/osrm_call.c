#include "server/api/osrm_call.h"

#include "server/api/api_road.h"

#include <string.h>

enum err osrm_call_begin(struct osrm_call *call, struct request *request, struct tools *tools)
{
    const struct graph *graph;
    call->request = request;
    call->tools = tools;
    enum err e = api_road_graph(request, tools, &graph);
    if (!e) e = osrm_query_read(request, &call->query);
    if (e) return e;
    const char *name = request_arg(request, "profile");
    int profile = graph_profile_find(graph, name);
    if (profile < 0)
        return problem_say(request->problem, PROBLEM_TARGET, "profile", "Profile %.40s is unknown",
                           name);
    call->roads = tools->snapshot->roads;
    call->profile = (unsigned)profile;
    call->metric = roads_metric(call->roads, call->profile);
    call->bar = (struct network_bar){.no_steps = call->query.no_steps,
                                     .no_pushing = call->query.no_pushing};
    for (size_t i = 0; i < call->query.point_count; i++)
        call->wishes[i] = call->query.has_wishes ? &call->query.wish[i] : NULL;
    return ERR_OK;
}

const struct network_bar *osrm_call_bar(const struct osrm_call *call)
{
    return call->bar.no_steps || call->bar.no_pushing ? &call->bar : NULL;
}

enum err osrm_call_stop(const struct osrm_call *call, size_t i, enum snap_role role,
                        struct stop *stop)
{
    const struct snap_ground ground =
        stop_ground(call->roads, call->profile, osrm_call_bar(call), &call->tools->heap);
    const struct stop_query query = {.at = call->query.points[i],
                                     .radius_m = call->query.radius_m[i],
                                     .role = role,
                                     .wish = call->wishes[i]};
    enum err e = stop_find(&ground, &query, stop);
    return e ? osrm_call_refuse(call, e, i) : ERR_OK;
}

enum err osrm_call_route(const struct osrm_call *call, const uint8_t *order, size_t count,
                         struct route *route)
{
    struct coord points[ROUTE_MAX_POINTS];
    double radius_m[ROUTE_MAX_POINTS];
    const struct snap_wish *wishes[ROUTE_MAX_POINTS];
    struct route_work *work;
    size_t culprit = 0;
    for (size_t i = 0; i < count; i++) {
        points[i] = call->query.points[order[i]];
        radius_m[i] = call->query.radius_m[order[i]];
        wishes[i] = call->wishes[order[i]];
    }
    const struct route_query query = {.profile = call->profile,
                                      .points = points,
                                      .point_count = count,
                                      .radius_m = radius_m,
                                      .wishes = wishes,
                                      .bar = osrm_call_bar(call),
                                      .continue_straight = call->query.continue_straight,
                                      .alternatives = count == 2 ? call->query.alternatives : 0,
                                      .detail = osrm_json_detail(&call->query),
                                      .states_max = ROUTE_FAIR_STATES};
    enum err e = tools_route(call->tools, &work);
    if (!e) e = route_find(call->roads, work, &query, call->request->arena, route, &culprit);
    return e ? osrm_call_refuse(call, e, e == ERR_NOSEGMENT ? order[culprit] : 0) : ERR_OK;
}

struct osrm_json osrm_call_answer(const struct osrm_call *call, struct response *response)
{
    struct osrm_json o = {response_json(response), &call->query, &call->metric->view,
                          call->request->arena};
    jsonw_object(o.json);
    jsonw_key_string(o.json, "code", "Ok");
    return o;
}

enum err osrm_call_refuse(const struct osrm_call *call, enum err e, size_t culprit)
{
    struct problem *problem = call->request->problem;
    if (e == ERR_NOSEGMENT)
        return problem_say(problem, PROBLEM_NO_ROAD, NULL,
                           "Could not find a matching segment for coordinate %zu", culprit);
    if (e == ERR_UNREACHABLE)
        return problem_say(problem, PROBLEM_NO_ROUTE, NULL, "Impossible route between points");
    if (e == ERR_LIMIT)
        return problem_say(problem, PROBLEM_TOO_LARGE, NULL,
                           "Looking for this takes too long; ask for it in smaller parts");
    return problem_from_err(problem, e, NULL);
}

static size_t count_items(const char *text)
{
    size_t count = 1;
    for (; *text; text++)
        count += *text == ';';
    return count;
}

/* How many coordinates an option chooses of `all`. */
static size_t count_chosen(const struct request *request, const char *name, size_t all)
{
    const char *text = request_query(request, name);
    return text && strcmp(text, "all") != 0 ? count_items(text) : all;
}

bool osrm_call_is_long(const struct request *request)
{
    enum { QUICK_POINTS = 8, QUICK_PAIRS = 200 };
    const char *coordinates = request_arg(request, "coordinates");
    const char *alternatives = request_query(request, "alternatives");
    if (!coordinates || coordinates[0] == 'p' || request_query(request, "exclude")) return true;
    if (alternatives && strcmp(alternatives, "false") != 0) return true;
    size_t points = count_items(coordinates);
    if (strncmp(request->path, "/table/", 7) != 0) return points > QUICK_POINTS;
    return request_query(request, "annotations") ||
           count_chosen(request, "sources", points) *
                   count_chosen(request, "destinations", points) >
               QUICK_PAIRS;
}
