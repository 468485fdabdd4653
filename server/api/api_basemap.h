/* Tiles of the base map, and what is in them. */
#ifndef YZ_SERVER_API_API_BASEMAP_H
#define YZ_SERVER_API_API_BASEMAP_H

#include "server/router.h"

enum err api_basemap_json(struct request *request, struct response *response, struct tools *tools);
enum err api_basemap_tile(struct request *request, struct response *response, struct tools *tools);
bool api_basemap_recall(struct request *request, struct response *response, struct tools *tools);

#endif
