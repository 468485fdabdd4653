/* GET /v1/suggest: what could be meant by what has been typed so far. */
#ifndef YZ_SERVER_API_API_SUGGEST_H
#define YZ_SERVER_API_API_SUGGEST_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_suggest_list(struct request *request, struct response *response, struct tools *tools);

#endif
