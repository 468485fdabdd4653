/* /v1/closures: streets that staff close or slow. */
#ifndef YZ_SERVER_API_API_CLOSURES_H
#define YZ_SERVER_API_API_CLOSURES_H

#include "server/router.h"

enum err api_closures_create(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_closures_list(struct request *request, struct response *response, struct tools *tools);
enum err api_closures_get(struct request *request, struct response *response, struct tools *tools);
enum err api_closures_put(struct request *request, struct response *response, struct tools *tools);
enum err api_closures_delete(struct request *request, struct response *response,
                             struct tools *tools);

#endif
