/* POST /v1/photos/{id}/blur: what a photo of a case shows is made unrecognisable for good. */
#ifndef YZ_SERVER_API_API_BLUR_H
#define YZ_SERVER_API_API_BLUR_H

#include "server/response.h"
#include "server/tools.h"

enum err api_blur_photo(struct request *request, struct response *response, struct tools *tools);

#endif
