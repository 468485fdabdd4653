/* Views of the queue that staff keep. */
#ifndef YZ_SERVER_API_API_VIEWS_H
#define YZ_SERVER_API_API_VIEWS_H

#include "server/tools.h"

/* GET and POST /v1/views, PUT and DELETE /v1/views/{id}: the caller's own, and what others share
 * where the caller works. What is saved is what GET /v1/reports takes: its own reader reads it. */
enum err api_views_list(struct request *request, struct response *response, struct tools *tools);
enum err api_views_create(struct request *request, struct response *response, struct tools *tools);
enum err api_views_put(struct request *request, struct response *response, struct tools *tools);
enum err api_views_delete(struct request *request, struct response *response, struct tools *tools);

#endif
