/* /v1/categories: the operator's words. */
#ifndef YZ_SERVER_API_API_CATEGORIES_H
#define YZ_SERVER_API_API_CATEGORIES_H

#include "server/router.h"

enum err api_categories_list(struct request *request, struct response *response,
                             struct tools *tools);

#endif
