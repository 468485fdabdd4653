/* GET /ogc, /ogc/conformance, /ogc/collections[/{collection}[/queryables]]: what there is to read
 * (OGC 17-069r4, 7.2 to 7.14; 19-079r2, 6). */
#ifndef YZ_SERVER_API_OGC_ROOT_H
#define YZ_SERVER_API_OGC_ROOT_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err ogc_root_landing(struct request *request, struct response *response, struct tools *tools);
enum err ogc_root_conformance(struct request *request, struct response *response,
                              struct tools *tools);
enum err ogc_root_collections(struct request *request, struct response *response,
                              struct tools *tools);
enum err ogc_root_collection(struct request *request, struct response *response,
                             struct tools *tools);
enum err ogc_root_queryables(struct request *request, struct response *response,
                             struct tools *tools);

#endif
