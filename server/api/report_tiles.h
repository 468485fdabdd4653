/* Tiles of reports, for staff: those of the areas where the caller works on them, and no others. */
#ifndef YZ_SERVER_API_REPORT_TILES_H
#define YZ_SERVER_API_REPORT_TILES_H

#include "server/router.h"

enum err report_tiles_json(struct request *request, struct response *response, struct tools *tools);
enum err report_tiles_tile(struct request *request, struct response *response, struct tools *tools);

#endif
