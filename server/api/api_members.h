/* /v1/branches/{id}/members and /v1/members: what a branch does with its members, and the check of
 * a card. */
#ifndef YZ_SERVER_API_API_MEMBERS_H
#define YZ_SERVER_API_API_MEMBERS_H

#include "server/tools.h"

/* Every look at members is noted in the audit trail. */
enum err api_members_list(struct request *request, struct response *response, struct tools *tools);
enum err api_members_export(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_members_get(struct request *request, struct response *response, struct tools *tools);

enum err api_members_approve(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_members_refuse(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_members_remove(struct request *request, struct response *response,
                            struct tools *tools);

enum err api_members_verify(struct request *request, struct response *response,
                            struct tools *tools);

#endif
