#include "server/api/api_osrm.h"

#include "geo/space/geodesic.h"
#include "server/api/api_line.h"
#include "server/api/instruction.h"
#include "server/api/osrm_query.h"

#include <math.h>
#include <string.h>

/* Of the simplified overview: what cannot be seen when the whole route is. */
static const double overview_tolerance_share = 1.0 / 2000, overview_tolerance_max_m = 50;

static const struct api_crs wgs84 = {.out = NULL};

struct osrm {
    struct osrm_query query;
    const struct graph *roads;
    struct route_work *work;
    unsigned profile;
    struct arena *arena;
    struct jsonw *json;
};

static enum err osrm_begin(struct request *request, struct tools *tools, struct osrm *o)
{
    o->roads = tools->snapshot->roads;
    o->arena = request->arena;
    if (!o->roads)
        return problem_say(request->problem, PROBLEM_UNAVAILABLE, NULL,
                           "this server has no road file yet");
    enum err e = osrm_query_read(request, &o->query);
    if (e) return e;
    const char *name = request_arg(request, "profile");
    int profile = graph_profile_find(o->roads, name);
    if (profile < 0)
        return problem_say(request->problem, PROBLEM_TARGET, "profile", "Profile %.40s is unknown",
                           name);
    o->profile = (unsigned)profile;
    return tools_route(tools, &o->work);
}

static enum api_line_form line_form(const struct osrm *o)
{
    static const enum api_line_form forms[] = {[OSRM_GEOJSON] = API_LINE_GEOJSON,
                                               [OSRM_POLYLINE] = API_LINE_POLYLINE,
                                               [OSRM_POLYLINE6] = API_LINE_POLYLINE6};
    return forms[o->query.geometries];
}

static void write_waypoint(struct jsonw *json, const struct route_waypoint *w)
{
    jsonw_object(json);
    jsonw_key_string(json, "name", w->name ? w->name : "");
    jsonw_key(json, "location");
    api_crs_write(json, &wgs84, w->at);
    jsonw_key_number(json, "distance", w->distance_m, 1);
    jsonw_key_string(json, "hint", "");
    jsonw_object_end(json);
}

static void write_maneuver(struct jsonw *json, const struct route_leg *leg,
                           const struct route_step *step)
{
    jsonw_key(json, "maneuver");
    jsonw_object(json);
    jsonw_key_string(json, "type", instruction_type(step->type));
    if (instruction_has_modifier(step) || step->modifier != ROUTE_UTURN)
        jsonw_key_string(json, "modifier", instruction_modifier(step->modifier));
    jsonw_key(json, "location");
    api_crs_write(json, &wgs84, leg->points[step->first_point]);
    jsonw_key_int(json, "bearing_before", step->bearing_before);
    jsonw_key_int(json, "bearing_after", step->bearing_after);
    if (step->exit > 0) jsonw_key_int(json, "exit", step->exit);
    jsonw_object_end(json);
}

static void write_intersection(struct jsonw *json, const struct route_intersection *x)
{
    jsonw_object(json);
    jsonw_key(json, "location");
    api_crs_write(json, &wgs84, x->at);
    jsonw_key(json, "bearings");
    jsonw_array(json);
    for (unsigned i = 0; i < x->bearing_count; i++)
        jsonw_int(json, x->bearings[i]);
    jsonw_array_end(json);
    jsonw_key(json, "entry");
    jsonw_array(json);
    for (unsigned i = 0; i < x->bearing_count; i++)
        jsonw_bool(json, x->entry[i]);
    jsonw_array_end(json);
    if (x->in >= 0) jsonw_key_int(json, "in", x->in);
    if (x->out >= 0) jsonw_key_int(json, "out", x->out);
    jsonw_object_end(json);
}

static enum err write_step(struct osrm *o, const struct route_leg *leg,
                           const struct route_step *step)
{
    struct jsonw *json = o->json;
    size_t count = step->last_point - step->first_point + 1;
    const struct coord *points = leg->points + step->first_point;
    struct coord twice[2] = {points[0], points[0]};
    if (count == 1) points = twice; /* OSRM's arrival is a line of two equal points */
    jsonw_object(json);
    jsonw_key_number(json, "distance", step->distance_m, 1);
    jsonw_key_number(json, "duration", step->duration_s, 1);
    jsonw_key_number(json, "weight", step->duration_s, 1);
    jsonw_key(json, "geometry");
    enum err e =
        api_line_write(json, &wgs84, line_form(o), points, count == 1 ? 2 : count, o->arena);
    jsonw_key_string(json, "name", step->name ? step->name : "");
    if (step->ref && step->ref[0]) jsonw_key_string(json, "ref", step->ref);
    jsonw_key_string(json, "mode", instruction_mode(step->mode));
    jsonw_key_string(json, "driving_side", "right");
    write_maneuver(json, leg, step);
    jsonw_key(json, "intersections");
    jsonw_array(json);
    for (size_t i = 0; i < step->intersection_count; i++)
        write_intersection(json, &step->intersections[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
    return e;
}

/* Length of each stretch between points; durations share the step's by length. */
static void write_annotation(struct osrm *o, const struct route_leg *leg)
{
    struct jsonw *json = o->json;
    struct geodesic_plane plane = geodesic_plane_at(leg->point_count ? leg->points[0].lat : 0);
    double speed = leg->distance_m > 0 ? leg->duration_s / leg->distance_m : 0;
    static const char *const names[] = {"distance", "duration"};
    jsonw_key(json, "annotation");
    jsonw_object(json);
    for (unsigned k = 0; k < 2; k++) {
        if (!(o->query.annotations & (1u << k))) continue;
        jsonw_key(json, names[k]);
        jsonw_array(json);
        for (size_t i = 1; i < leg->point_count; i++) {
            double m = geodesic_plane_distance_m(&plane, leg->points[i - 1], leg->points[i]);
            jsonw_number(json, k ? m * speed : m, 2);
        }
        jsonw_array_end(json);
    }
    jsonw_object_end(json);
}

static enum err write_leg(struct osrm *o, const struct route_leg *leg)
{
    struct jsonw *json = o->json;
    enum err e = ERR_OK;
    jsonw_object(json);
    jsonw_key_number(json, "distance", leg->distance_m, 1);
    jsonw_key_number(json, "duration", leg->duration_s, 1);
    jsonw_key_number(json, "weight", leg->duration_s, 1);
    jsonw_key_string(json, "summary", o->query.steps && leg->summary ? leg->summary : "");
    jsonw_key(json, "steps");
    jsonw_array(json);
    for (size_t i = 0; !e && o->query.steps && i < leg->step_count; i++)
        e = write_step(o, leg, &leg->steps[i]);
    jsonw_array_end(json);
    if (o->query.annotations) write_annotation(o, leg);
    jsonw_object_end(json);
    return e;
}

static enum err write_overview(struct osrm *o, const struct route *route)
{
    const struct coord *points;
    size_t count;
    double tolerance_m = 0;
    if (o->query.overview == OSRM_NO_OVERVIEW) return ERR_OK;
    if (o->query.overview == OSRM_SIMPLIFIED)
        tolerance_m = fmin(route->distance_m * overview_tolerance_share, overview_tolerance_max_m);
    enum err e = api_line_of_route(route, tolerance_m, o->arena, &points, &count);
    if (e) return e;
    jsonw_key(o->json, "geometry");
    return api_line_write(o->json, &wgs84, line_form(o), points, count, o->arena);
}

static void write_waypoints(struct osrm *o, const struct route_waypoint *waypoints, size_t count)
{
    if (o->query.skip_waypoints) return;
    jsonw_key(o->json, "waypoints");
    jsonw_array(o->json);
    for (size_t i = 0; i < count; i++)
        write_waypoint(o->json, &waypoints[i]);
    jsonw_array_end(o->json);
}

static enum err write_route(struct osrm *o, const struct route *route)
{
    struct jsonw *json = o->json;
    jsonw_object(json);
    jsonw_key_string(json, "code", "Ok");
    jsonw_key(json, "routes");
    jsonw_array(json);
    jsonw_object(json);
    jsonw_key_number(json, "distance", route->distance_m, 1);
    jsonw_key_number(json, "duration", route->duration_s, 1);
    jsonw_key_number(json, "weight", route->duration_s, 1);
    jsonw_key_string(json, "weight_name", "duration");
    enum err e = write_overview(o, route);
    jsonw_key(json, "legs");
    jsonw_array(json);
    for (size_t i = 0; !e && i < route->leg_count; i++)
        e = write_leg(o, &route->legs[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
    jsonw_array_end(json);
    write_waypoints(o, route->waypoints, route->waypoint_count);
    jsonw_object_end(json);
    return e;
}

static enum err refuse(struct request *request, enum err e, size_t culprit)
{
    if (e == ERR_NOSEGMENT)
        return problem_say(request->problem, PROBLEM_NO_ROAD, NULL,
                           "Could not find a matching segment for coordinate %zu", culprit);
    if (e == ERR_UNREACHABLE)
        return problem_say(request->problem, PROBLEM_NO_ROUTE, NULL,
                           "Impossible route between points");
    if (e == ERR_LIMIT)
        return problem_say(request->problem, PROBLEM_TOO_LARGE, NULL,
                           "Looking for this route takes too long; ask for it in shorter parts");
    return problem_from_err(request->problem, e, NULL);
}

enum err api_osrm_route(struct request *request, struct response *response, struct tools *tools)
{
    struct osrm o;
    struct route route;
    size_t culprit = 0;
    enum err e = osrm_begin(request, tools, &o);
    if (e) return e;
    if (o.query.point_count < 2)
        return problem_say(request->problem, PROBLEM_OPTION, NULL,
                           "Number of coordinates needs to be at least two.");
    const struct route_query query = {.profile = o.profile,
                                      .points = o.query.points,
                                      .point_count = o.query.point_count,
                                      .radius_m = o.query.has_radiuses ? o.query.radius_m : NULL,
                                      .continue_straight = o.query.continue_straight,
                                      .states_max = ROUTE_FAIR_STATES};
    e = route_find(o.roads, o.work, &query, request->arena, &route, &culprit);
    if (e) return refuse(request, e, culprit);
    o.json = response_json(response);
    return write_route(&o, &route);
}

enum err api_osrm_nearest(struct request *request, struct response *response, struct tools *tools)
{
    struct osrm o;
    const struct route_waypoint *waypoints;
    size_t count;
    enum err e = osrm_begin(request, tools, &o);
    if (e) return e;
    if (o.query.point_count != 1)
        return problem_say(request->problem, PROBLEM_OPTION, NULL,
                           "Only one input coordinate is supported");
    e = route_snap(o.roads, o.work, o.profile, o.query.points[0], o.query.radius_m[0],
                   (uint32_t)o.query.number, request->arena, &waypoints, &count);
    if (e) return refuse(request, e, 0);
    o.json = response_json(response);
    jsonw_object(o.json);
    jsonw_key_string(o.json, "code", "Ok");
    write_waypoints(&o, waypoints, count);
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
