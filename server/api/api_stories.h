/* Stories that riders send to be posts (投稿), and what staff say to them. */
#ifndef YZ_SERVER_API_API_STORIES_H
#define YZ_SERVER_API_API_STORIES_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

/* One's own. */
enum err api_stories_send(struct request *request, struct response *response, struct tools *tools);
enum err api_stories_list(struct request *request, struct response *response, struct tools *tools);
enum err api_stories_get(struct request *request, struct response *response, struct tools *tools);
enum err api_stories_put(struct request *request, struct response *response, struct tools *tools);
enum err api_stories_delete(struct request *request, struct response *response,
                            struct tools *tools);

/* By who writes posts for its area. */
enum err api_stories_judge(struct request *request, struct response *response, struct tools *tools);

/* The member `stories` of what is told of everything that is kept. */
enum err api_stories_export(struct request *request, struct jsonw *json, const struct tools *tools,
                            struct db *db);

#endif
