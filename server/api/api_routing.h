/* The fastest way between points, in this API's own words. */
#ifndef YZ_SERVER_API_API_ROUTING_H
#define YZ_SERVER_API_API_ROUTING_H

#include "server/router.h"

enum err api_routing_route(struct request *request, struct response *response, struct tools *tools);

#endif
