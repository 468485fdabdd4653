/* A file of vector tiles that somebody else made: MBTiles 1.3
 * (https://github.com/mapbox/mbtiles-spec), as tilemaker writes the base map. Nothing in it is
 * believed (DB_FOREIGN): what does not fit the specification is an error. */
#ifndef YZ_DATA_MBTILES_H
#define YZ_DATA_MBTILES_H

#include "geo/base/buf.h"
#include "geo/space/coord.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    MBTILES_MAX_ZOOM = 22,
    MBTILES_LAYERS_MAX = 64,
    MBTILES_FIELDS_MAX = 64, /* of a layer */
    MBTILES_TEXT_MAX = 2000, /* bytes */
    MBTILES_TILE_MAX = 4 * 1024 * 1024
};

struct mbtiles_field {
    const char *name, *type;
};
struct mbtiles_layer {
    const char *id;
    uint32_t min_zoom, max_zoom;
    const struct mbtiles_field *fields;
    size_t field_count;
};

/* What the file says about itself; valid UTF-8, never NULL. */
struct mbtiles_info {
    const char *name, *attribution;
    uint32_t min_zoom, max_zoom;
    struct box bounds; /* the world where it does not say */
    const struct mbtiles_layer *layers;
    size_t layer_count;
};

struct mbtiles; /* of one thread */

/* Opens a file and reads what it says. ERR_NOTFOUND, ERR_FORMAT and ERR_LIMIT with a sentence that
 * names what is wrong with it. mbtiles_close(NULL) does nothing. */
enum err mbtiles_open(const char *path, struct mbtiles **mbtiles, struct why *why);
void mbtiles_close(struct mbtiles *mbtiles);

/* Borrowed until it is closed. */
const struct mbtiles_info *mbtiles_info(const struct mbtiles *mbtiles);

/* Appends tile x, y of zoom z (y counts from the north, below 2^z) as it is stored: an MVT as gzip.
 * ERR_NOTFOUND; ERR_FORMAT: it is no gzip; ERR_LIMIT above MBTILES_TILE_MAX. */
enum err mbtiles_tile(struct mbtiles *mbtiles, uint32_t z, uint32_t x, uint32_t y, struct buf *out);

#endif
