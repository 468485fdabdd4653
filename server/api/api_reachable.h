/* How far one gets from a point within given times, as areas. */
#ifndef YZ_SERVER_API_API_REACHABLE_H
#define YZ_SERVER_API_API_REACHABLE_H

#include "server/router.h"

enum err api_reachable_areas(struct request *request, struct response *response,
                             struct tools *tools);

#endif
