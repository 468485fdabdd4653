/* POST /v1/sessions/wechat; GET, PUT, DELETE /v1/me/wechat; GET /v1/messages/deliveries, POST
 * /v1/messages/deliveries/{id}/retry. */
#ifndef YZ_SERVER_API_API_WECHAT_H
#define YZ_SERVER_API_API_WECHAT_H

#include "server/response.h"
#include "server/tools.h"

enum err api_wechat_sign_in(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_wechat_get(struct request *request, struct response *response, struct tools *tools);
enum err api_wechat_bind(struct request *request, struct response *response, struct tools *tools);
enum err api_wechat_free(struct request *request, struct response *response, struct tools *tools);
enum err api_wechat_deliveries(struct request *request, struct response *response,
                               struct tools *tools);
enum err api_wechat_retry(struct request *request, struct response *response, struct tools *tools);

#endif
