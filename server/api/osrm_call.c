#include "server/api/osrm_call.h"

#include "server/api/api_road.h"

enum err osrm_call_begin(struct osrm_call *call, struct request *request, struct tools *tools)
{
    call->request = request;
    enum err e = api_road_graph(request, tools, &call->graph);
    if (!e) e = osrm_query_read(request, &call->query);
    if (e) return e;
    const char *name = request_arg(request, "profile");
    int profile = graph_profile_find(call->graph, name);
    if (profile < 0)
        return problem_say(request->problem, PROBLEM_TARGET, "profile", "Profile %.40s is unknown",
                           name);
    call->profile = (unsigned)profile;
    call->view = network_view_of(graph_network(call->graph), call->profile);
    return tools_route(tools, &call->work);
}

struct osrm_json osrm_call_answer(const struct osrm_call *call, struct response *response)
{
    struct osrm_json o = {response_json(response), &call->query, &call->view, call->request->arena};
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
