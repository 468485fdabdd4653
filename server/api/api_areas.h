/* Administrative areas: which contain a point, and one with its outline. */
#ifndef YZ_SERVER_API_API_AREAS_H
#define YZ_SERVER_API_API_AREAS_H

#include "server/router.h"

enum err api_areas_list(struct request *request, struct response *response, struct tools *tools);
enum err api_areas_get(struct request *request, struct response *response, struct tools *tools);

#endif
