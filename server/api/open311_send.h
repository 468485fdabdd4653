/* Open311: a service request that somebody sends, as a form with photos or an urlencoded one. */
#ifndef YZ_SERVER_API_OPEN311_SEND_H
#define YZ_SERVER_API_OPEN311_SEND_H

#include "server/response.h"
#include "server/tools.h"

enum err open311_send_request(struct request *request, struct response *response,
                              struct tools *tools);

#endif
