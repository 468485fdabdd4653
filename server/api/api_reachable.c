#include "server/api/api_reachable.h"

#include "geo/road/reach.h"
#include "geo/road/stop.h"
#include "server/anchoring.h"
#include "server/api/api_crs.h"
#include "server/api/api_road.h"
#include "server/api/shape_json.h"

struct reachable_query {
    struct api_crs crs;
    struct coord from;
    struct network_bar bar;
    struct stop stop;
    struct reach_query reach;
};

static enum err read_from(struct request *request, struct reachable_query *q)
{
    bool given = false;
    enum err e = api_crs_point(request, &q->crs, "from", &q->from, &given);
    if (e || given) return e;
    return problem_say(request->problem, PROBLEM_PARAMETER, "from",
                       "is missing: give longitude,latitude");
}

static enum err read_query(struct request *request, struct tools *tools, struct reachable_query *q)
{
    const struct graph *graph;
    unsigned profile = 0;
    *q = (struct reachable_query){.reach = {.states_max = ROUTE_FAIR_STATES}};
    enum err e = api_road_graph(request, tools, &graph);
    if (!e) e = api_crs_read(request, tools, &q->crs);
    if (!e) e = read_from(request, q);
    if (!e) e = api_road_limits(request, q->reach.limits_ms, &q->reach.limit_count);
    if (!e) e = api_road_profile(request, graph, &profile);
    if (!e) e = api_road_bar(request, tools, &q->crs, graph, &q->bar);
    if (e) return e;
    q->reach.metric = roads_metric(tools->snapshot->roads, profile);
    q->reach.bar = api_road_barred(&q->bar);
    return ERR_OK;
}

static enum err find_stop(struct request *request, struct tools *tools, struct reachable_query *q)
{
    const struct snap_ground ground = {roads_graph(tools->snapshot->roads), q->reach.metric->view,
                                       q->reach.bar, &tools->heap};
    const struct stop_query query = {
        .at = q->from, .radius_m = anchoring_radius_m, .role = SNAP_START};
    enum err e = stop_find(&ground, &query, &q->stop);
    if (e == ERR_NOSEGMENT || (!e && q->stop.count == 0))
        return problem_say(request->problem, PROBLEM_NO_ROAD, "from",
                           "no road that this profile can use and that is not to be avoided is "
                           "within %g m",
                           anchoring_radius_m);
    q->reach.ends = q->stop.ends;
    q->reach.end_count = q->stop.count;
    return e;
}

/* The widest first, so that what is drawn in this order hides nothing. */
static void write_areas(struct response *response, const struct reachable_query *q,
                        const struct shape *shapes, double margin_m)
{
    struct jsonw *json = response_json(response);
    response->content_type = "application/geo+json";
    jsonw_object(json);
    jsonw_key_string(json, "type", "FeatureCollection");
    jsonw_key(json, "features");
    jsonw_array(json);
    for (size_t i = q->reach.limit_count; i-- > 0;) {
        jsonw_object(json);
        jsonw_key_string(json, "type", "Feature");
        jsonw_key(json, "properties");
        jsonw_object(json);
        jsonw_key_int(json, "limit_s", q->reach.limits_ms[i] / 1000);
        jsonw_key_number(json, "margin_m", margin_m, 0);
        jsonw_object_end(json);
        jsonw_key(json, "geometry");
        shape_json_shape(json, &q->crs, &shapes[i]);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_key_string(json, "profile", q->reach.metric->view.profile->name);
    jsonw_object_end(json);
}

enum err api_reachable_areas(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct reachable_query q;
    struct shape shapes[REACH_MAX_LIMITS] = {{0}};
    struct reach *reach;
    double margin_m;
    enum err e = read_query(request, tools, &q);
    if (!e) e = find_stop(request, tools, &q);
    if (!e) e = tools_reach(tools, &reach);
    if (e) return e;
    e = reach_run(reach, &q.reach);
    if (!e) e = reach_shapes(reach, shapes, &margin_m);
    if (!e) write_areas(response, &q, shapes, margin_m);
    for (size_t i = 0; i < q.reach.limit_count; i++)
        shape_fini(&shapes[i]);
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONTENT, "limits",
                           "looking so far takes too long; ask for less time");
    return e;
}
