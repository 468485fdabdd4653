/* The fastest way between points, in this API's own words. */
#ifndef YZ_SERVER_API_API_ROUTING_H
#define YZ_SERVER_API_API_ROUTING_H

#include "server/router.h"

enum err api_routing_route(struct request *request, struct response *response, struct tools *tools);

/* Whether a request has so many points, or such conditions, that an event loop should not answer.
 */
bool api_routing_is_long(const struct request *request);

#endif
