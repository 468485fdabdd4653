/* GET /v1/reports/heat: where how many cases are. */
#ifndef YZ_SERVER_API_API_HEAT_H
#define YZ_SERVER_API_API_HEAT_H

#include "server/router.h"

enum err api_heat_get(struct request *request, struct response *response, struct tools *tools);

#endif
