/* GET /v1/kinds: what people may send and what becomes of it, as the operator's data says it. */
#ifndef YZ_SERVER_API_API_KINDS_H
#define YZ_SERVER_API_API_KINDS_H

#include "server/router.h"

enum err api_kinds_list(struct request *request, struct response *response, struct tools *tools);

#endif
