/* The catalogue of rewards.
 *
 * GET and POST /v1/rewards, GET, PUT and DELETE /v1/rewards/{id} */
#ifndef YZ_SERVER_API_API_REWARDS_H
#define YZ_SERVER_API_API_REWARDS_H

#include "server/response.h"
#include "server/tools.h"

enum err api_rewards_list(struct request *request, struct response *response, struct tools *tools);
enum err api_rewards_get(struct request *request, struct response *response, struct tools *tools);
enum err api_rewards_create(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_rewards_put(struct request *request, struct response *response, struct tools *tools);
enum err api_rewards_delete(struct request *request, struct response *response,
                            struct tools *tools);

#endif
