/* Places: near a point, along a way, in an area; one by id. */
#ifndef YZ_SERVER_API_API_PLACES_H
#define YZ_SERVER_API_API_PLACES_H

#include "server/router.h"

enum err api_places_list(struct request *request, struct response *response, struct tools *tools);
enum err api_places_get(struct request *request, struct response *response, struct tools *tools);

#endif
