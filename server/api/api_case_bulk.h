/* One act on many cases at once. */
#ifndef YZ_SERVER_API_API_CASE_BULK_H
#define YZ_SERVER_API_API_CASE_BULK_H

#include "server/router.h"

enum err api_case_bulk(struct request *request, struct response *response, struct tools *tools);

#endif
