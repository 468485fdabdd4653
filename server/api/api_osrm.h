/* The facade that speaks OSRM's HTTP API v1
 * (https://project-osrm.org/docs/v5.24.0/api/). */
#ifndef YZ_SERVER_API_API_OSRM_H
#define YZ_SERVER_API_API_OSRM_H

#include "server/router.h"

enum err api_osrm_route(struct request *request, struct response *response, struct tools *tools);
enum err api_osrm_nearest(struct request *request, struct response *response, struct tools *tools);
enum err api_osrm_match(struct request *request, struct response *response, struct tools *tools);

#endif
