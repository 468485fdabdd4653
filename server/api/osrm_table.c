#include "server/api/osrm_table.h"

#include "geo/road/query.h"
#include "geo/space/geodesic.h"
#include "server/api/osrm_call.h"

#include <string.h>

/* Distances need the ways themselves, one search a pair. */
enum { MAX_DISTANCE_PAIRS = 2500 };

struct filling {
    struct osrm_call call;
    struct stop *stops; /* of every coordinate; those that nobody asks for are empty */
    struct table_point sources[ROUTE_MAX_POINTS], destinations[ROUTE_MAX_POINTS];
    size_t rows, columns;
    uint64_t *weights;   /* [rows * columns] */
    double *distances_m; /* likewise, below 0 where there is no way; or NULL */
};

static enum err check(const struct filling *f)
{
    struct problem *problem = f->call.request->problem;
    const struct osrm_query *q = &f->call.query;
    if (q->annotations & ~(unsigned)(OSRM_DISTANCE | OSRM_DURATION))
        return problem_say(problem, PROBLEM_OPTION, "annotations",
                           "Option annotations is invalid: duration, distance or both");
    if (!(q->annotations & OSRM_DISTANCE)) return ERR_OK;
    if (f->rows * f->columns > MAX_DISTANCE_PAIRS)
        return problem_say(problem, PROBLEM_TOO_LARGE, "annotations",
                           "Distances are told of at most %d pairs", MAX_DISTANCE_PAIRS);
    if (osrm_call_bar(&f->call))
        return problem_say(problem, PROBLEM_NOT_OFFERED, "exclude",
                           "Distances are not told together with exclude");
    return ERR_OK;
}

/* A point that is only left need not be reached, and the other way round. */
static enum err find_stops(struct filling *f)
{
    enum { LEFT = 1, REACHED = 2 };
    static const enum snap_role roles[] = {
        [LEFT] = SNAP_START, [REACHED] = SNAP_END, [LEFT | REACHED] = SNAP_VIA};
    const struct osrm_query *q = &f->call.query;
    unsigned char uses[ROUTE_MAX_POINTS] = {0};
    enum err e = ERR_OK;
    for (size_t i = 0; i < f->rows; i++)
        uses[q->sources.items[i]] |= LEFT;
    for (size_t i = 0; i < f->columns; i++)
        uses[q->destinations.items[i]] |= REACHED;
    for (size_t i = 0; !e && i < q->point_count; i++)
        if (uses[i]) e = osrm_call_stop(&f->call, i, roles[uses[i]], &f->stops[i]);
    for (size_t i = 0; i < f->rows; i++) {
        const struct stop *stop = &f->stops[q->sources.items[i]];
        f->sources[i] = (struct table_point){stop->ends, stop->count};
    }
    for (size_t i = 0; i < f->columns; i++) {
        const struct stop *stop = &f->stops[q->destinations.items[i]];
        f->destinations[i] = (struct table_point){stop->ends, stop->count};
    }
    return e;
}

static double path_length_m(const struct network *net, const struct network_path *path,
                            const struct network_end *from, const struct network_end *to)
{
    double all_m = 0;
    for (size_t i = 0; i < path->arc_count; i++) {
        double begin = i == 0 ? from->fraction : 0;
        double end = i + 1 == path->arc_count ? to->fraction : 1;
        all_m += net->edges[net->arc_half[path->arcs[i]] >> 1].length_mm / 1e3 * (end - begin);
    }
    return all_m;
}

static enum err measure(struct filling *f)
{
    struct arena scratch = {0};
    struct query query = {0};
    enum err e = ERR_OK;
    f->distances_m =
        arena_calloc(f->call.request->arena, f->rows * f->columns, sizeof *f->distances_m);
    if (!f->distances_m) return ERR_NOMEM;
    for (size_t i = 0; !e && i < f->rows * f->columns; i++) {
        const struct table_point *from = &f->sources[i / f->columns];
        const struct table_point *to = &f->destinations[i % f->columns];
        const struct network_ends ends = {from->ends, to->ends, from->count, to->count};
        struct network_path path;
        e = query_find(&query, f->call.metric, &ends, &scratch, &path);
        f->distances_m[i] = -1;
        if (!e && path.weight != WEIGHT_NONE)
            f->distances_m[i] = path_length_m(f->call.metric->view.net, &path,
                                              &from->ends[path.source], &to->ends[path.target]);
        arena_reset(&scratch);
    }
    query_fini(&query);
    arena_fini(&scratch);
    return e;
}

/* As the crow flies, where there is no way and a speed is given for that. */
static double crow_m(const struct filling *f, size_t row, size_t column)
{
    const struct osrm_query *q = &f->call.query;
    size_t a = q->sources.items[row], b = q->destinations.items[column];
    return q->fallback_snapped
               ? geodesic_distance_m(f->stops[a].places[0].at, f->stops[b].places[0].at)
               : geodesic_distance_m(q->points[a], q->points[b]);
}

static double duration_s(const struct filling *f, size_t row, size_t column)
{
    const struct osrm_query *q = &f->call.query;
    uint64_t weight = f->weights[row * f->columns + column];
    if (weight != WEIGHT_NONE) return weight_time_ms(weight) / 1e3 * q->scale_factor;
    return q->fallback_speed > 0 ? crow_m(f, row, column) / q->fallback_speed * q->scale_factor
                                 : -1;
}

static double distance_m(const struct filling *f, size_t row, size_t column)
{
    double told_m = f->distances_m[row * f->columns + column];
    return told_m < 0 && f->call.query.fallback_speed > 0 ? crow_m(f, row, column) : told_m;
}

static void write_matrix(struct jsonw *json, const struct filling *f, const char *name,
                         double (*value)(const struct filling *f, size_t row, size_t column))
{
    jsonw_key(json, name);
    jsonw_array(json);
    for (size_t row = 0; row < f->rows; row++) {
        jsonw_array(json);
        for (size_t column = 0; column < f->columns; column++) {
            double number = value(f, row, column);
            if (number < 0)
                jsonw_null(json);
            else
                jsonw_number(json, number, 1);
        }
        jsonw_array_end(json);
    }
    jsonw_array_end(json);
}

static void write_fallbacks(struct jsonw *json, const struct filling *f)
{
    jsonw_key(json, "fallback_speed_cells");
    jsonw_array(json);
    for (size_t i = 0; i < f->rows * f->columns; i++) {
        if (f->weights[i] != WEIGHT_NONE) continue;
        jsonw_array(json);
        jsonw_int(json, (int64_t)(i / f->columns));
        jsonw_int(json, (int64_t)(i % f->columns));
        jsonw_array_end(json);
    }
    jsonw_array_end(json);
}

static void write_points(const struct osrm_json *o, const struct filling *f, const char *name,
                         const struct osrm_choice *choice)
{
    jsonw_key(o->json, name);
    jsonw_array(o->json);
    for (size_t i = 0; i < choice->count; i++) {
        const struct stop *stop = &f->stops[choice->items[i]];
        const struct route_waypoint waypoint = stop_waypoint(o->view->net, &stop->places[0]);
        osrm_json_waypoint(o, &waypoint, NULL);
    }
    jsonw_array_end(o->json);
}

static void write_answer(const struct filling *f, struct response *response)
{
    const struct osrm_query *q = &f->call.query;
    struct osrm_json o = osrm_call_answer(&f->call, response);
    if (q->annotations != OSRM_DISTANCE) write_matrix(o.json, f, "durations", duration_s);
    if (f->distances_m) write_matrix(o.json, f, "distances", distance_m);
    if (q->fallback_speed > 0) write_fallbacks(o.json, f);
    if (!q->skip_waypoints) {
        write_points(&o, f, "sources", &q->sources);
        write_points(&o, f, "destinations", &q->destinations);
    }
    jsonw_object_end(o.json);
}

enum err osrm_table_answer(struct request *request, struct response *response, struct tools *tools)
{
    struct filling *f = arena_calloc(request->arena, 1, sizeof *f);
    struct table *table;
    if (!f) return ERR_NOMEM;
    enum err e = osrm_call_begin(&f->call, request, tools);
    if (e) return e;
    f->rows = f->call.query.sources.count;
    f->columns = f->call.query.destinations.count;
    f->stops = arena_calloc(request->arena, f->call.query.point_count, sizeof *f->stops);
    f->weights = arena_calloc(request->arena, f->rows * f->columns, sizeof *f->weights);
    if (!f->stops || !f->weights) return ERR_NOMEM;
    e = check(f);
    if (!e) e = find_stops(f);
    if (!e) e = tools_table(tools, &table);
    if (e) return e;
    e = table_fill(table, f->call.metric, osrm_call_bar(&f->call), ROUTE_FAIR_STATES, f->sources,
                   f->rows, f->destinations, f->columns, f->weights);
    if (!e && f->call.query.annotations & OSRM_DISTANCE) e = measure(f);
    if (e) return osrm_call_refuse(&f->call, e, 0);
    write_answer(f, response);
    return ERR_OK;
}
