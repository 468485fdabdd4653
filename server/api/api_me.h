/* GET /v1/me, PUT /v1/me/password, POST and PUT /v1/me/totp, POST /v1/me/totp/remove. */
#ifndef YZ_SERVER_API_API_ME_H
#define YZ_SERVER_API_API_ME_H

#include "server/response.h"
#include "server/tools.h"

enum err api_me_get(struct request *request, struct response *response, struct tools *tools);
enum err api_me_password(struct request *request, struct response *response, struct tools *tools);
enum err api_me_totp_begin(struct request *request, struct response *response, struct tools *tools);
enum err api_me_totp_confirm(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_me_totp_remove(struct request *request, struct response *response,
                            struct tools *tools);

#endif
