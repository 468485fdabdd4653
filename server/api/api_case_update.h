/* A word on a case, with photos and answers: from who sent it, or from staff. */
#ifndef YZ_SERVER_API_API_CASE_UPDATE_H
#define YZ_SERVER_API_API_CASE_UPDATE_H

#include "server/router.h"

enum err api_case_update_create(struct request *request, struct response *response,
                                struct tools *tools);

#endif
