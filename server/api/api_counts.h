/* GET /v1/reports/counts: how many there are of each sort in the caller's queue. */
#ifndef YZ_SERVER_API_API_COUNTS_H
#define YZ_SERVER_API_API_COUNTS_H

#include "server/router.h"

enum err api_counts_get(struct request *request, struct response *response, struct tools *tools);

#endif
