/* What a tile's address asks for: which layers, of which places, which tile. */
#ifndef YZ_SERVER_API_TILE_SET_H
#define YZ_SERVER_API_TILE_SET_H

#include "geo/tile/tile.h"
#include "server/request.h"
#include "server/tools.h"

struct tile_set {
    const char *name;    /* as the path has it */
    unsigned layers;     /* bits over tile_layers */
    uint64_t categories; /* of places, bit i for category i; 0: all */
};

/* The layers that change from one moment to the next, and those that do not. */
unsigned tile_set_live(void);
unsigned tile_set_still(void);

/* Reads {layers} ("all": those that stand still; or names joined with commas) and `category`. Notes
 * what is wrong. */
enum err tile_set_read(struct request *request, const struct tools *tools, struct tile_set *set);

/* Reads {z}, {x}, {y}. */
enum err tile_set_tile(struct request *request, struct tile_id *id);

#endif
