/* GET /v1/places/{id}/history: what happened to a place. */
#ifndef YZ_SERVER_API_API_PLACE_HISTORY_H
#define YZ_SERVER_API_API_PLACE_HISTORY_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_place_history_list(struct request *request, struct response *response,
                                struct tools *tools);

#endif
