/* People who sign in, systems with keys, and what they may do: for those who give out roles. */
#ifndef YZ_SERVER_API_API_PEOPLE_H
#define YZ_SERVER_API_API_PEOPLE_H

#include "server/tools.h"

/* GET and POST /v1/people, GET and PUT /v1/people/{id}. Each caller reaches what people_reach.h
 * says; keys of integrators do none of this. */
enum err api_people_list(struct request *request, struct response *response, struct tools *tools);
enum err api_people_create(struct request *request, struct response *response, struct tools *tools);
enum err api_people_get(struct request *request, struct response *response, struct tools *tools);
enum err api_people_put(struct request *request, struct response *response, struct tools *tools);

/* POST /v1/people/{id}/grants, DELETE /v1/people/{id}/grants/{grant}. */
enum err api_people_grant(struct request *request, struct response *response, struct tools *tools);
enum err api_people_ungrant(struct request *request, struct response *response,
                            struct tools *tools);

#endif
