/* What is in a set of tiles, as TileJSON 3.0.0 (https://github.com/mapbox/tilejson-spec). */
#ifndef YZ_SERVER_API_TILE_JSON_H
#define YZ_SERVER_API_TILE_JSON_H

#include "server/router.h"
#include "server/tools.h"

enum err tile_json_answer(struct request *request, struct response *response, struct tools *tools);

/* The first members of any set: `tilejson` to `maxzoom`, for the tiles at "{base}/tiles/{path}". */
struct tile_json_head {
    const char *name, *attribution, *url;
    int64_t min_zoom, max_zoom;
};
void tile_json_head(struct jsonw *json, const struct tile_json_head *head);

/* A box as `bounds`. */
void tile_json_box(struct jsonw *json, struct box box);

/* The box of everything that the server shows, as `bounds`; nothing where there is nothing. */
void tile_json_bounds(struct jsonw *json, const struct snapshot *snapshot);

#endif
