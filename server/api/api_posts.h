/* Posts (data/posts.h): GET /v1/posts/kinds, GET and POST /v1/posts, GET, PUT and DELETE
 * /v1/posts/{id}, POST /v1/posts/{id}/read, GET /v1/posts/{id}/figures, GET /v1/me/reads. */
#ifndef YZ_SERVER_API_API_POSTS_H
#define YZ_SERVER_API_API_POSTS_H

#include "geo/base/jsonw.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_posts_kinds(struct request *request, struct response *response, struct tools *tools);
enum err api_posts_list(struct request *request, struct response *response, struct tools *tools);
enum err api_posts_get(struct request *request, struct response *response, struct tools *tools);
enum err api_posts_create(struct request *request, struct response *response, struct tools *tools);
enum err api_posts_put(struct request *request, struct response *response, struct tools *tools);
enum err api_posts_delete(struct request *request, struct response *response, struct tools *tools);
enum err api_posts_read(struct request *request, struct response *response, struct tools *tools);
enum err api_posts_figures(struct request *request, struct response *response, struct tools *tools);
enum err api_posts_reads(struct request *request, struct response *response, struct tools *tools);

/* The member `reads` of all that is kept of the caller. */
enum err api_posts_export(struct request *request, struct jsonw *json, const struct tools *tools,
                          struct db *db);

#endif
