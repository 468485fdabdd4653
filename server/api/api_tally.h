/* What came of activities, in an area, a time, by kind. */
#ifndef YZ_SERVER_API_API_TALLY_H
#define YZ_SERVER_API_API_TALLY_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_tally_get(struct request *request, struct response *response, struct tools *tools);

#endif
