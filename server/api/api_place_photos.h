/* POST and PUT /v1/places/{id}/photos, DELETE /v1/places/{id}/photos/{photo}: staff show a place.
 */
#ifndef YZ_SERVER_API_API_PLACE_PHOTOS_H
#define YZ_SERVER_API_API_PLACE_PHOTOS_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_place_photos_add(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_place_photos_order(struct request *request, struct response *response,
                                struct tools *tools);
enum err api_place_photos_remove(struct request *request, struct response *response,
                                 struct tools *tools);

#endif
