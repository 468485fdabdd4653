/* Votes: what is asked, of whom, and what came out.
 *
 * GET and POST /v1/votes, GET, PUT and DELETE /v1/votes/{id}, POST /v1/votes/{id}/open */
#ifndef YZ_SERVER_API_API_VOTES_H
#define YZ_SERVER_API_API_VOTES_H

#include "server/response.h"
#include "server/tools.h"

enum err api_votes_list(struct request *request, struct response *response, struct tools *tools);
enum err api_votes_get(struct request *request, struct response *response, struct tools *tools);
enum err api_votes_create(struct request *request, struct response *response, struct tools *tools);
enum err api_votes_put(struct request *request, struct response *response, struct tools *tools);
enum err api_votes_delete(struct request *request, struct response *response, struct tools *tools);
enum err api_votes_open(struct request *request, struct response *response, struct tools *tools);

#endif
