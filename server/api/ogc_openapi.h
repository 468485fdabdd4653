/* GET /ogc/api: the API document of the façade, made from the table of ogc_table.h. */
#ifndef YZ_SERVER_API_OGC_OPENAPI_H
#define YZ_SERVER_API_OGC_OPENAPI_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err ogc_openapi_answer(struct request *request, struct response *response,
                            struct tools *tools);

#endif
