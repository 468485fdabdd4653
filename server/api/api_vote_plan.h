/* How a sum is divided by the weights of a vote.
 *
 * GET and PUT /v1/votes/{id}/plan */
#ifndef YZ_SERVER_API_API_VOTE_PLAN_H
#define YZ_SERVER_API_API_VOTE_PLAN_H

#include "server/response.h"
#include "server/tools.h"

enum err api_vote_plan_get(struct request *request, struct response *response, struct tools *tools);
enum err api_vote_plan_put(struct request *request, struct response *response, struct tools *tools);

#endif
