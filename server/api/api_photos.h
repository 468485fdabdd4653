/* GET /v1/photos/{id} and its thumb: of a case, or of a place. */
#ifndef YZ_SERVER_API_API_PHOTOS_H
#define YZ_SERVER_API_API_PHOTOS_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_photos_large(struct request *request, struct response *response, struct tools *tools);
enum err api_photos_middle(struct request *request, struct response *response, struct tools *tools);
enum err api_photos_small(struct request *request, struct response *response, struct tools *tools);

#endif
