/* Signing in and out, and who one is. */
#ifndef YZ_SERVER_API_API_PEOPLE_H
#define YZ_SERVER_API_API_PEOPLE_H

#include "server/router.h"

enum err api_people_sign_in(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_people_sign_out(struct request *request, struct response *response,
                             struct tools *tools);
enum err api_people_me(struct request *request, struct response *response, struct tools *tools);

#endif
