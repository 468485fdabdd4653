/* Open311: which service requests there are, and what became of one. */
#ifndef YZ_SERVER_API_OPEN311_REQUESTS_H
#define YZ_SERVER_API_OPEN311_REQUESTS_H

#include "server/response.h"
#include "server/tools.h"

enum err open311_requests_list(struct request *request, struct response *response,
                               struct tools *tools);
enum err open311_requests_get(struct request *request, struct response *response,
                              struct tools *tools);
/* An id is given at once, so that a token is the id. */
enum err open311_requests_token(struct request *request, struct response *response,
                                struct tools *tools);

#endif
