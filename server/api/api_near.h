/* Places by travel time from a point, and along a way by the detour they cost. */
#ifndef YZ_SERVER_API_API_NEAR_H
#define YZ_SERVER_API_API_NEAR_H

#include "server/api/near_query.h"

/* Works on `query`. */
enum err api_near_list(struct request *request, struct response *response, struct tools *tools,
                       struct near_query *query);

#endif
