/* Open311: where the service is, which services there are, and what each asks. */
#ifndef YZ_SERVER_API_OPEN311_SERVICES_H
#define YZ_SERVER_API_OPEN311_SERVICES_H

#include "server/response.h"
#include "server/tools.h"

enum err open311_services_discover(struct request *request, struct response *response,
                                   struct tools *tools);
enum err open311_services_list(struct request *request, struct response *response,
                               struct tools *tools);
enum err open311_services_define(struct request *request, struct response *response,
                                 struct tools *tools);

#endif
