#include "server/api/api_reachable.h"

#include "geo/base/text.h"
#include "geo/road/reach.h"
#include "geo/road/stop.h"
#include "server/anchoring.h"
#include "server/api/api_crs.h"
#include "server/api/api_road.h"

#include <stdlib.h>

enum { MAX_S = 7200 };

struct reachable_query {
    struct api_crs crs;
    struct coord from;
    struct network_bar bar;
    struct stop stop;
    struct reach_query reach;
};

static int compare_limits(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Seconds, in any order. */
static enum err read_limits(struct request *request, struct reach_query *q)
{
    const char *rest = request_query(request, "limits"), *item;
    size_t len;
    int64_t seconds = 0;
    if (!rest)
        return problem_say(request->problem, PROBLEM_PARAMETER, "limits",
                           "is missing: give travel times in seconds, separated by commas");
    while (request_next(&rest, ',', &item, &len)) {
        if (q->limit_count == REACH_MAX_LIMITS)
            return problem_say(request->problem, PROBLEM_PARAMETER, "limits",
                               "must be at most %d numbers", REACH_MAX_LIMITS);
        if (!text_int(item, len, 1, MAX_S, &seconds))
            return problem_say(request->problem, PROBLEM_PARAMETER, "limits",
                               "must be whole seconds from 1 to %d, separated by commas", MAX_S);
        q->limits_ms[q->limit_count++] = (uint32_t)seconds * 1000;
    }
    qsort(q->limits_ms, q->limit_count, sizeof *q->limits_ms, compare_limits);
    for (size_t i = 1; i < q->limit_count; i++)
        if (q->limits_ms[i] == q->limits_ms[i - 1])
            return problem_say(request->problem, PROBLEM_PARAMETER, "limits",
                               "has %u twice: give each number once", q->limits_ms[i] / 1000);
    return ERR_OK;
}

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
    if (!e) e = read_limits(request, &q->reach);
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
                                       q->reach.bar, &tools->nearest.heap};
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

static void write_polygons(struct jsonw *json, const struct api_crs *crs, const struct shape *shape)
{
    jsonw_array(json);
    for (size_t r = 0; r < shape->ring_count; r++) {
        size_t count;
        const struct coord *points = shape_ring_at(shape, r, &count);
        if (!shape->rings[r].hole) {
            if (r) jsonw_array_end(json);
            jsonw_array(json);
        }
        jsonw_array(json);
        for (size_t i = 0; i < count; i++)
            api_crs_write(json, crs, points[i]);
        jsonw_array_end(json);
    }
    if (shape->ring_count) jsonw_array_end(json);
    jsonw_array_end(json);
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
        jsonw_object(json);
        jsonw_key_string(json, "type", "MultiPolygon");
        jsonw_key(json, "coordinates");
        write_polygons(json, &q->crs, &shapes[i]);
        jsonw_object_end(json);
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
