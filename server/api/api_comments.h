/* What is said to proposals and the like, and what of it is hidden.
 *
 * GET, POST /v1/reports/{id}/comments, GET /v1/comments (to moderate), DELETE
 * /v1/comments/{comment}, PUT /v1/comments/{comment}/hidden, GET /v1/me/comments */
#ifndef YZ_SERVER_API_API_COMMENTS_H
#define YZ_SERVER_API_API_COMMENTS_H

#include "server/response.h"
#include "server/tools.h"

enum err api_comments_list(struct request *request, struct response *response, struct tools *tools);
enum err api_comments_create(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_comments_review(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_comments_remove(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_comments_hide(struct request *request, struct response *response, struct tools *tools);
enum err api_comments_mine(struct request *request, struct response *response, struct tools *tools);

/* `"comments"` of an export: the newest, and the address of the others. */
enum err api_comments_export(struct request *request, struct jsonw *json, const struct tools *tools,
                             struct db *db);

#endif
