/* GET /v1/audit: who looked at which private case, and what was done to people and rights. */
#ifndef YZ_SERVER_API_API_AUDIT_H
#define YZ_SERVER_API_API_AUDIT_H

#include "server/response.h"
#include "server/tools.h"

enum err api_audit_list(struct request *request, struct response *response, struct tools *tools);

#endif
