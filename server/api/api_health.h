/* Whether the server lives, whether it is ready, its figures; and the pages. */
#ifndef YZ_SERVER_API_API_HEALTH_H
#define YZ_SERVER_API_API_HEALTH_H

#include "server/router.h"

enum err api_health_alive(struct request *request, struct response *response, struct tools *tools);
enum err api_health_ready(struct request *request, struct response *response, struct tools *tools);
enum err api_health_metrics(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_health_page(struct request *request, struct response *response, struct tools *tools);

#endif
