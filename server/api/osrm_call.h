/* What every service of the OSRM facade begins with, and how it refuses. */
#ifndef YZ_SERVER_API_OSRM_CALL_H
#define YZ_SERVER_API_OSRM_CALL_H

#include "geo/road/stop.h"
#include "server/api/osrm_json.h"
#include "server/tools.h"

/* One request being answered. */
struct osrm_call {
    struct osrm_query query;
    const struct roads *roads;
    const struct metric *metric;
    unsigned profile;
    struct network_bar bar;
    const struct snap_wish *wishes[ROUTE_MAX_POINTS];
    struct request *request;
    struct tools *tools;
};

/* Reads the request and finds its profile: 503 without roads, OSRM's codes for what is wrong. */
enum err osrm_call_begin(struct osrm_call *call, struct request *request, struct tools *tools);

/* What the request leaves out; NULL for nothing. */
const struct network_bar *osrm_call_bar(const struct osrm_call *call);

/* Where coordinate `i` is on the network, for a role; notes it when it is nowhere. */
enum err osrm_call_stop(const struct osrm_call *call, size_t i, enum snap_role role,
                        struct stop *stop);

/* Finds the route over the query's coordinates in the given order, and notes why there is none. */
enum err osrm_call_route(const struct osrm_call *call, const uint8_t *order, size_t count,
                         struct route *route);

/* Begins the answer: `{"code":"Ok"`, and a writer for what follows. */
struct osrm_json osrm_call_answer(const struct osrm_call *call, struct response *response);

/* What an error of the engine means; `culprit` is the index of a coordinate. */
enum err osrm_call_refuse(const struct osrm_call *call, enum err e, size_t culprit);

/* Whether a request keeps a processor busy for longer than an event loop should be: judged by its
 * text, before it is read. */
bool osrm_call_is_long(const struct request *request);

#endif
