/* Vector tiles, what is in them (TileJSON 3.0.0), and a style that draws them. */
#ifndef YZ_SERVER_API_API_TILES_H
#define YZ_SERVER_API_API_TILES_H

#include "server/router.h"

enum err api_tiles_style(struct request *request, struct response *response, struct tools *tools);
enum err api_tiles_json(struct request *request, struct response *response, struct tools *tools);
enum err api_tiles_tile(struct request *request, struct response *response, struct tools *tools);

#endif
