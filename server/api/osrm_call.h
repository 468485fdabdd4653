/* What every service of the OSRM facade begins with, and how it refuses. */
#ifndef YZ_SERVER_API_OSRM_CALL_H
#define YZ_SERVER_API_OSRM_CALL_H

#include "server/api/osrm_json.h"
#include "server/tools.h"

/* One request being answered. */
struct osrm_call {
    struct osrm_query query;
    const struct graph *graph;
    struct network_view view;
    unsigned profile;
    struct route_work *work;
    struct request *request;
};

/* Reads the request and finds its profile: 503 without roads, OSRM's codes for what is wrong. */
enum err osrm_call_begin(struct osrm_call *call, struct request *request, struct tools *tools);

/* Begins the answer: `{"code":"Ok"`, and a writer for what follows. */
struct osrm_json osrm_call_answer(const struct osrm_call *call, struct response *response);

/* What an error of the engine means; `culprit` is the index of a coordinate. */
enum err osrm_call_refuse(const struct osrm_call *call, enum err e, size_t culprit);

#endif
