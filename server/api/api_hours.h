/* GET /v1/hours: whether a text of opening hours is understood, and what it says. */
#ifndef YZ_SERVER_API_API_HOURS_H
#define YZ_SERVER_API_API_HOURS_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_hours_check(struct request *request, struct response *response, struct tools *tools);

#endif
