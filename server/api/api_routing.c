#include "server/api/api_routing.h"

#include "server/api/api_line.h"
#include "server/api/api_road.h"
#include "server/api/instruction.h"

#include <string.h>

/* How far a road may be from a point: farther is another place, not another road. */
static const double snap_max_m = 2000;

enum { ALTERNATIVES_MAX = 3 };

struct routing_query {
    struct api_crs crs;
    struct coord points[ROUTE_MAX_POINTS];
    size_t point_count;
    unsigned profile;
    int form, lang;
    bool steps;
    int64_t alternatives;
    struct network_bar bar;
};

/* from, via…, to: one list, and which parameter a point of it came from. */
static enum err read_points(struct request *request, struct routing_query *q)
{
    bool has_from = false, has_to = false;
    struct coord to = {0, 0};
    size_t via_count = 0;
    enum err e = api_crs_point(request, &q->crs, "from", &q->points[0], &has_from);
    if (!e) e = api_crs_point(request, &q->crs, "to", &to, &has_to);
    if (!e) e = request_points(request, "via", q->points + 1, ROUTE_MAX_POINTS - 2, &via_count);
    if (!e && via_count) e = api_crs_inward(request, &q->crs, "via", q->points + 1, via_count);
    if (e) return e;
    if (!has_from || !has_to)
        return problem_say(request->problem, PROBLEM_PARAMETER, has_from ? "to" : "from",
                           "is missing: give longitude,latitude");
    q->points[via_count + 1] = to;
    q->point_count = via_count + 2;
    return ERR_OK;
}

static enum err read_query(struct request *request, struct tools *tools, const struct graph *graph,
                           struct routing_query *q)
{
    *q = (struct routing_query){.form = API_LINE_GEOJSON, .lang = INSTRUCTION_ZH};
    enum err e = api_crs_read(request, tools, &q->crs);
    if (!e) e = read_points(request, q);
    if (!e) e = api_road_profile(request, graph, &q->profile);
    if (!e) e = request_word(request, "geometries", api_line_forms, &q->form);
    if (!e) e = request_word(request, "lang", instruction_langs, &q->lang);
    if (!e) e = request_bool(request, "steps", &q->steps);
    if (!e) e = request_int(request, "alternatives", 0, ALTERNATIVES_MAX, &q->alternatives);
    if (!e && q->alternatives && q->point_count > 2)
        return problem_say(request->problem, PROBLEM_PARAMETER, "alternatives",
                           "there are none with via points; leave out one or the other");
    return e ? e : api_road_bar(request, tools, &q->crs, graph, &q->bar);
}

static enum err refuse(struct request *request, const struct routing_query *q, enum err e,
                       size_t culprit)
{
    const char *parameter = culprit == 0 ? "from" : culprit + 1 == q->point_count ? "to" : "via";
    if (e == ERR_NOSEGMENT)
        return problem_say(request->problem, PROBLEM_NO_ROAD, parameter,
                           "no road that this profile can use%s is within %g m",
                           api_road_barred(&q->bar) ? " and that is not to be avoided" : "",
                           snap_max_m);
    if (e == ERR_UNREACHABLE)
        return problem_say(request->problem, PROBLEM_NO_ROUTE, NULL,
                           "no way that this profile can use leads there");
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_CONTENT, q->point_count > 2 ? "via" : NULL,
                           "looking for this route takes too long; ask for it in shorter parts");
    return problem_from_err(request->problem, e, NULL);
}

static enum err write_step(struct jsonw *json, const struct routing_query *q,
                           const struct route_leg *leg, const struct route_step *step,
                           struct arena *arena)
{
    jsonw_object(json);
    jsonw_key_number(json, "distance_m", step->distance_m, 1);
    jsonw_key_number(json, "duration_s", step->duration_s, 1);
    jsonw_key_string(json, "name", step->name ? step->name : "");
    if (step->ref && step->ref[0]) jsonw_key_string(json, "ref", step->ref);
    jsonw_key_string(json, "mode", instruction_mode(step->mode));
    jsonw_key_string(json, "instruction",
                     instruction_text(step, (enum instruction_lang)q->lang, arena));
    jsonw_key(json, "maneuver");
    jsonw_object(json);
    jsonw_key_string(json, "type", instruction_type(step->type));
    if (instruction_has_modifier(step))
        jsonw_key_string(json, "modifier", instruction_modifier(step->modifier));
    jsonw_key(json, "location");
    api_crs_write(json, &q->crs, leg->points[step->first_point]);
    jsonw_key_int(json, "bearing_before", step->bearing_before);
    jsonw_key_int(json, "bearing_after", step->bearing_after);
    if (step->exit > 0) jsonw_key_int(json, "exit", step->exit);
    jsonw_object_end(json);
    jsonw_key(json, "geometry");
    enum err e =
        api_line_write(json, &q->crs, (enum api_line_form)q->form, leg->points + step->first_point,
                       step->last_point - step->first_point + 1, arena);
    jsonw_object_end(json);
    return e;
}

static enum err write_leg(struct jsonw *json, const struct routing_query *q,
                          const struct route_leg *leg, struct arena *arena)
{
    enum err e = ERR_OK;
    jsonw_object(json);
    jsonw_key_number(json, "distance_m", leg->distance_m, 1);
    jsonw_key_number(json, "duration_s", leg->duration_s, 1);
    jsonw_key_string(json, "summary", leg->summary ? leg->summary : "");
    if (q->steps) {
        jsonw_key(json, "steps");
        jsonw_array(json);
        for (size_t i = 0; !e && i < leg->step_count; i++)
            e = write_step(json, q, leg, &leg->steps[i], arena);
        jsonw_array_end(json);
    }
    jsonw_object_end(json);
    return e;
}

static void write_waypoints(struct jsonw *json, const struct routing_query *q,
                            const struct route *route)
{
    jsonw_key(json, "waypoints");
    jsonw_array(json);
    for (size_t i = 0; i < route->waypoint_count; i++) {
        jsonw_object(json);
        jsonw_key(json, "location");
        api_crs_write(json, &q->crs, route->waypoints[i].at);
        jsonw_key_string(json, "name", route->waypoints[i].name ? route->waypoints[i].name : "");
        jsonw_key_number(json, "distance_m", route->waypoints[i].distance_m, 1);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

/* The members of one route, without those that alternatives share with the first. */
static enum err write_way(struct jsonw *json, const struct routing_query *q,
                          const struct route *route, struct arena *arena)
{
    const struct coord *points;
    size_t count;
    enum err e = api_line_of_route(route, 0, arena, &points, &count);
    if (e) return e;
    jsonw_key_number(json, "distance_m", route->distance_m, 1);
    jsonw_key_number(json, "duration_s", route->duration_s, 1);
    jsonw_key(json, "geometry");
    e = api_line_write(json, &q->crs, (enum api_line_form)q->form, points, count, arena);
    jsonw_key(json, "legs");
    jsonw_array(json);
    for (size_t i = 0; !e && i < route->leg_count; i++)
        e = write_leg(json, q, &route->legs[i], arena);
    jsonw_array_end(json);
    return e;
}

static enum err write_alternatives(struct jsonw *json, const struct routing_query *q,
                                   const struct route *route, struct arena *arena)
{
    enum err e = ERR_OK;
    if (!q->alternatives) return ERR_OK;
    jsonw_key(json, "alternatives");
    jsonw_array(json);
    for (size_t i = 0; !e && i < route->alternative_count; i++) {
        jsonw_object(json);
        e = write_way(json, q, &route->alternatives[i], arena);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    return e;
}

static enum err write_route(struct jsonw *json, const struct tools *tools,
                            const struct routing_query *q, const struct route *route,
                            struct arena *arena)
{
    jsonw_object(json);
    jsonw_key_string(json, "profile", graph_profile_name(api_road_present(tools), q->profile));
    api_crs_write_name(json, &q->crs);
    write_waypoints(json, q, route);
    enum err e = write_way(json, q, route, arena);
    if (!e) e = write_alternatives(json, q, route, arena);
    jsonw_object_end(json);
    return e;
}

enum err api_routing_route(struct request *request, struct response *response, struct tools *tools)
{
    struct routing_query q;
    struct route_work *work;
    struct route route;
    double radius_m[ROUTE_MAX_POINTS];
    size_t culprit = 0;
    const struct graph *graph = NULL;
    enum err e = api_road_graph(request, tools, &graph);
    if (!e) e = read_query(request, tools, graph, &q);
    if (!e) e = tools_route(tools, &work);
    if (e) return e;
    for (size_t i = 0; i < q.point_count; i++)
        radius_m[i] = snap_max_m;
    const struct route_query query = {.profile = q.profile,
                                      .points = q.points,
                                      .point_count = q.point_count,
                                      .radius_m = radius_m,
                                      .bar = api_road_barred(&q.bar),
                                      .alternatives = (unsigned)q.alternatives,
                                      .states_max = ROUTE_FAIR_STATES};
    e = route_find(tools->snapshot->roads, work, &query, request->arena, &route, &culprit);
    if (e) return refuse(request, &q, e, culprit);
    return write_route(response_json(response), tools, &q, &route, request->arena);
}

bool api_routing_is_long(const struct request *request)
{
    enum { QUICK_VIAS = 6 };
    static const char *const conditions[] = {"avoid", "no_steps", "no_pushing", "alternatives"};
    const char *via = request_query(request, "via");
    size_t count = 0;
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        if (request_query(request, conditions[i])) return true;
    for (; via && *via; via++)
        count += *via == ';';
    return count >= QUICK_VIAS;
}
