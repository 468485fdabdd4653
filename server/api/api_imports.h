/* Lists that staff bring in, and what became of them. */
#ifndef YZ_SERVER_API_API_IMPORTS_H
#define YZ_SERVER_API_API_IMPORTS_H

#include "server/router.h"

enum err api_imports_create(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_imports_list(struct request *request, struct response *response, struct tools *tools);
enum err api_imports_get(struct request *request, struct response *response, struct tools *tools);

#endif
