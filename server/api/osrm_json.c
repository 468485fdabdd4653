#include "server/api/osrm_json.h"

#include "geo/space/geodesic.h"
#include "server/api/api_line.h"
#include "server/api/instruction.h"

#include <math.h>

/* Of the simplified overview: what cannot be seen when the whole route is. */
static const double overview_tolerance_share = 1.0 / 2000, overview_tolerance_max_m = 50;

/* As OSRM has them: some clients look for a waypoint's location among the points of a line that was
 * encoded with as many. */
enum { DECIMALS = 6 };

static void write_point(struct jsonw *json, struct coord at)
{
    jsonw_pair(json, at.lon, at.lat, DECIMALS);
}

enum route_detail osrm_json_detail(const struct osrm_query *query)
{
    if (query->steps) return ROUTE_STEPS;
    bool points = query->annotations || query->overview != OSRM_NO_OVERVIEW;
    return points ? ROUTE_POINTS : ROUTE_SUMS;
}

static enum api_line_form line_form(const struct osrm_json *o)
{
    static const enum api_line_form forms[] = {[OSRM_GEOJSON] = API_LINE_GEOJSON,
                                               [OSRM_POLYLINE] = API_LINE_POLYLINE,
                                               [OSRM_POLYLINE6] = API_LINE_POLYLINE6};
    return forms[o->query->geometries];
}

/* What routes, legs and steps begin with. The weight is what the search minimised: seconds, and the
 * reluctance to use some streets. */
static void write_sums(struct jsonw *json, double distance_m, double duration_s, double weight)
{
    jsonw_key_number(json, "distance", distance_m, 1);
    jsonw_key_number(json, "duration", duration_s, 1);
    jsonw_key_number(json, "weight", weight, 1);
}

void osrm_json_waypoint(const struct osrm_json *o, const struct route_waypoint *waypoint,
                        const struct osrm_json_stop *stop)
{
    struct jsonw *json = o->json;
    jsonw_object(json);
    jsonw_key_string(json, "name", waypoint->name ? waypoint->name : "");
    jsonw_key(json, "location");
    write_point(json, waypoint->at);
    jsonw_key_number(json, "distance", waypoint->distance_m, 1);
    if (!o->query->no_hints) jsonw_key_string(json, "hint", "");
    if (stop) {
        jsonw_key_int(json, "trips_index", (int64_t)stop->trip);
        jsonw_key_int(json, "waypoint_index", (int64_t)stop->index);
    }
    jsonw_object_end(json);
}

void osrm_json_waypoints(const struct osrm_json *o, const struct route_waypoint *waypoints,
                         size_t count)
{
    if (o->query->skip_waypoints) return;
    jsonw_key(o->json, "waypoints");
    jsonw_array(o->json);
    for (size_t i = 0; i < count; i++)
        osrm_json_waypoint(o, &waypoints[i], NULL);
    jsonw_array_end(o->json);
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
    write_point(json, leg->points[step->first_point]);
    jsonw_key_int(json, "bearing_before", step->bearing_before);
    jsonw_key_int(json, "bearing_after", step->bearing_after);
    if (step->exit > 0) jsonw_key_int(json, "exit", step->exit);
    jsonw_object_end(json);
}

static void write_intersection(struct jsonw *json, const struct route_intersection *x)
{
    jsonw_object(json);
    jsonw_key(json, "location");
    write_point(json, x->at);
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

static enum err write_step(const struct osrm_json *o, const struct route_leg *leg,
                           const struct route_step *step)
{
    struct jsonw *json = o->json;
    size_t count = step->last_point - step->first_point + 1;
    const struct coord *points = leg->points + step->first_point;
    struct coord twice[2] = {points[0], points[0]};
    if (count == 1) points = twice; /* OSRM's arrival is a line of two equal points */
    jsonw_object(json);
    write_sums(json, step->distance_m, step->duration_s, step->cost_s);
    jsonw_key(json, "geometry");
    enum err e = api_line_put(json, line_form(o), points, count == 1 ? 2 : count, DECIMALS);
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

/* What annotations tell of the way from one point of a leg to the next. */
struct segment {
    double distance_m, duration_s;
    unsigned source; /* 0: the profile; 1: a closure slows it */
};

/* Metres and seconds of an arc are shared out by the length of its segments; turns do not count. */
static void cut_stretch(const struct osrm_json *o, const struct route_leg *leg, size_t arc,
                        const struct network_view *plain, struct segment *segments)
{
    const struct route_stretch *stretch = &leg->stretches[arc];
    uint32_t from = stretch->point;
    uint32_t to = arc + 1 < leg->arc_count ? stretch[1].point : (uint32_t)(leg->point_count - 1);
    struct geodesic_plane plane = geodesic_plane_at(leg->points[from].lat);
    double all_m = 0;
    for (uint32_t i = from; i < to; i++) {
        segments[i].distance_m =
            geodesic_plane_distance_m(&plane, leg->points[i], leg->points[i + 1]);
        segments[i].source = plain->time_ms[leg->arcs[arc]] != o->view->time_ms[leg->arcs[arc]];
        all_m += segments[i].distance_m;
    }
    for (uint32_t i = from; i < to; i++) {
        double share = all_m > 0 ? segments[i].distance_m / all_m : 1.0 / (to - from);
        segments[i].distance_m = stretch->distance_m * share;
        segments[i].duration_s = (double)stretch->ms / 1000 * share;
    }
}

static double annotated(const struct segment *segment, unsigned kind)
{
    switch (kind) {
    case OSRM_DISTANCE:
        return segment->distance_m;
    case OSRM_SPEED:
        return segment->duration_s > 0 ? segment->distance_m / segment->duration_s : 0;
    case OSRM_DATASOURCES:
        return segment->source;
    default:
        return segment->duration_s;
    }
}

static void write_metadata(struct jsonw *json)
{
    jsonw_key(json, "metadata");
    jsonw_object(json);
    jsonw_key(json, "datasource_names");
    jsonw_array(json);
    jsonw_string(json, "profile");
    jsonw_string(json, "closures");
    jsonw_array_end(json);
    jsonw_object_end(json);
}

static enum err write_annotation(const struct osrm_json *o, const struct route_leg *leg)
{
    static const struct {
        const char *name;
        unsigned kind;
        int decimals;
    } kinds[] = {{"distance", OSRM_DISTANCE, 2},
                 {"duration", OSRM_DURATION, 2},
                 {"weight", OSRM_WEIGHT, 2},
                 {"speed", OSRM_SPEED, 1},
                 {"datasources", OSRM_DATASOURCES, 0}};
    struct jsonw *json = o->json;
    size_t count = leg->point_count - 1;
    struct segment *segments = arena_calloc(o->arena, count, sizeof *segments);
    const struct network *net = o->view->net;
    const struct network_view plain =
        network_view_of(net, (unsigned)(o->view->profile - net->profiles));
    if (!segments) return ERR_NOMEM;
    for (size_t i = 0; i < leg->arc_count; i++)
        cut_stretch(o, leg, i, &plain, segments);
    jsonw_key(json, "annotation");
    jsonw_object(json);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (!(o->query->annotations & kinds[k].kind)) continue;
        jsonw_key(json, kinds[k].name);
        jsonw_array(json);
        for (size_t i = 0; i < count; i++)
            jsonw_number(json, annotated(&segments[i], kinds[k].kind), kinds[k].decimals);
        jsonw_array_end(json);
    }
    if (o->query->annotations & OSRM_DATASOURCES) write_metadata(json);
    jsonw_object_end(json);
    return ERR_OK;
}

static enum err write_leg(const struct osrm_json *o, const struct route_leg *leg)
{
    struct jsonw *json = o->json;
    enum err e = ERR_OK;
    jsonw_object(json);
    write_sums(json, leg->distance_m, leg->duration_s, (double)leg->cost_ms / 1000);
    jsonw_key_string(json, "summary", leg->summary ? leg->summary : "");
    jsonw_key(json, "steps");
    jsonw_array(json);
    for (size_t i = 0; !e && i < leg->step_count; i++)
        e = write_step(o, leg, &leg->steps[i]);
    jsonw_array_end(json);
    if (!e && o->query->annotations) e = write_annotation(o, leg);
    jsonw_object_end(json);
    return e;
}

static enum err write_overview(const struct osrm_json *o, const struct route *route)
{
    const struct coord *points;
    size_t count;
    double tolerance_m = 0;
    if (o->query->overview == OSRM_NO_OVERVIEW) return ERR_OK;
    if (o->query->overview == OSRM_SIMPLIFIED)
        tolerance_m = fmin(route->distance_m * overview_tolerance_share, overview_tolerance_max_m);
    enum err e = api_line_of_route(route, tolerance_m, o->arena, &points, &count);
    if (e) return e;
    jsonw_key(o->json, "geometry");
    return api_line_put(o->json, line_form(o), points, count, DECIMALS);
}

enum err osrm_json_route(const struct osrm_json *o, const struct route *route)
{
    struct jsonw *json = o->json;
    double weight = 0;
    for (size_t i = 0; i < route->leg_count; i++)
        weight += (double)route->legs[i].cost_ms / 1000;
    jsonw_object(json);
    write_sums(json, route->distance_m, route->duration_s, weight);
    jsonw_key_string(json, "weight_name", "cost");
    enum err e = write_overview(o, route);
    jsonw_key(json, "legs");
    jsonw_array(json);
    for (size_t i = 0; !e && i < route->leg_count; i++)
        e = write_leg(o, &route->legs[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
    return e;
}
