/* GET /ogc/collections/{collection}/items[/{feature}]: features (OGC 17-069r4, 7.15 and 7.16). */
#ifndef YZ_SERVER_API_OGC_ITEMS_H
#define YZ_SERVER_API_OGC_ITEMS_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err ogc_items_list(struct request *request, struct response *response, struct tools *tools);
enum err ogc_items_one(struct request *request, struct response *response, struct tools *tools);

#endif
