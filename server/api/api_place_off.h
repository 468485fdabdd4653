/* GET /v1/places/off: the places that are off the map, for staff of where they stood. */
#ifndef YZ_SERVER_API_API_PLACE_OFF_H
#define YZ_SERVER_API_API_PLACE_OFF_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_place_off_list(struct request *request, struct response *response,
                            struct tools *tools);

#endif
