/* Vector tiles, and a style that draws them. */
#ifndef YZ_SERVER_API_API_TILES_H
#define YZ_SERVER_API_API_TILES_H

#include "server/router.h"

enum err api_tiles_style(struct request *request, struct response *response, struct tools *tools);

/* A tile: made, kept and answered; and one that is kept already. */
enum err api_tiles_tile(struct request *request, struct response *response, struct tools *tools);
bool api_tiles_recall(struct request *request, struct response *response, struct tools *tools);

#endif
