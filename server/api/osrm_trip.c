#include "server/api/osrm_trip.h"

#include "server/api/osrm_call.h"

static enum err check(const struct osrm_call *call)
{
    struct problem *problem = call->request->problem;
    if (call->query.point_count < 2)
        return problem_say(problem, PROBLEM_OPTION, NULL,
                           "Number of coordinates needs to be at least two.");
    if (call->query.point_count > TRIP_MAX_STOPS)
        return problem_say(problem, PROBLEM_TOO_LARGE, NULL,
                           "Number of coordinates is higher than the maximum of %d for a trip",
                           TRIP_MAX_STOPS);
    return ERR_OK;
}

/* What all ways between the stops weigh. */
static enum err weigh(const struct osrm_call *call, uint64_t *weights)
{
    size_t count = call->query.point_count;
    struct stop *stops = arena_calloc(call->request->arena, count, sizeof *stops);
    struct table_point points[TRIP_MAX_STOPS];
    struct table *table;
    if (!stops) return ERR_NOMEM;
    enum err e = tools_table(call->tools, &table);
    for (size_t i = 0; !e && i < count; i++) {
        e = osrm_call_stop(call, i, SNAP_VIA, &stops[i]);
        points[i] = (struct table_point){stops[i].ends, stops[i].count};
    }
    if (e) return e;
    e = table_fill(table, call->metric, osrm_call_bar(call), ROUTE_FAIR_STATES, points, count,
                   points, count, weights);
    return e ? osrm_call_refuse(call, e, 0) : ERR_OK;
}

/* The stops as visited; the start once more behind the last of a round. */
static enum err find_order(const struct osrm_call *call, const uint64_t *weights, uint8_t *order)
{
    const struct osrm_query *q = &call->query;
    const struct trip_query query = {.count = q->point_count,
                                     .weights = weights,
                                     .first_fixed = q->source_first,
                                     .last_fixed = q->destination_last,
                                     .round = q->roundtrip,
                                     .pairs = q->pairs,
                                     .pair_count = q->pair_count};
    uint64_t weight;
    enum err e = trip_order(&query, call->request->arena, order, &weight);
    order[q->point_count] = order[0];
    if (e == ERR_INVALID)
        return problem_say(call->request->problem, PROBLEM_OPTION, "pairs",
                           "Option pairs is invalid: the pairs contradict each other, or source "
                           "and destination");
    if (e == ERR_UNREACHABLE)
        return problem_say(call->request->problem, PROBLEM_NO_TRIP, NULL,
                           "No trip visiting all destinations possible.");
    return e ? problem_from_err(call->request->problem, e, NULL) : ERR_OK;
}

/* In the order of the coordinates. */
static void write_waypoints(const struct osrm_json *o, const struct route *route,
                            const uint8_t *order)
{
    if (o->query->skip_waypoints) return;
    jsonw_key(o->json, "waypoints");
    jsonw_array(o->json);
    for (size_t i = 0; i < o->query->point_count; i++) {
        struct osrm_json_stop stop = {0, 0};
        while (order[stop.index] != i)
            stop.index++;
        osrm_json_waypoint(o, &route->waypoints[stop.index], &stop);
    }
    jsonw_array_end(o->json);
}

enum err osrm_trip_answer(struct request *request, struct response *response, struct tools *tools)
{
    struct osrm_call call;
    struct route route;
    uint64_t weights[TRIP_MAX_STOPS * TRIP_MAX_STOPS];
    uint8_t order[TRIP_MAX_STOPS + 1];
    enum err e = osrm_call_begin(&call, request, tools);
    if (!e) e = check(&call);
    if (!e) e = weigh(&call, weights);
    if (!e) e = find_order(&call, weights, order);
    if (!e)
        e = osrm_call_route(&call, order, call.query.point_count + call.query.roundtrip, &route);
    if (e) return e;
    struct osrm_json o = osrm_call_answer(&call, response);
    jsonw_key(o.json, "trips");
    jsonw_array(o.json);
    e = osrm_json_route(&o, &route);
    jsonw_array_end(o.json);
    write_waypoints(&o, &route, order);
    jsonw_object_end(o.json);
    return e;
}
