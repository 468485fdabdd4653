/* GET /v1/reports/similar: what may have been reported already, for whoever is about to. */
#ifndef YZ_SERVER_API_API_SIMILAR_H
#define YZ_SERVER_API_API_SIMILAR_H

#include "server/router.h"

enum err api_similar_list(struct request *request, struct response *response, struct tools *tools);

#endif
