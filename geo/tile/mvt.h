/* A writer of Mapbox Vector Tiles 2.1 (https://github.com/mapbox/vector-tile-spec), protobuf and
 * all.
 *
 *   mvt_init(&mvt, out);
 *   mvt_layer(&mvt, "roads");
 *   mvt_feature(&mvt, MVT_LINE, id); mvt_tag_string(...); mvt_line(...); mvt_feature_end(&mvt);
 *   mvt_layer_end(&mvt);
 *   err = mvt_fini(&mvt);
 *
 * Keys and values are stored once a layer. Errors stick, as in `struct buf`, and are told by
 * mvt_fini. */
#ifndef YZ_GEO_TILE_MVT_H
#define YZ_GEO_TILE_MVT_H

#include "geo/base/buf.h"
#include "geo/tile/clip.h"

#include <stdbool.h>
#include <stdint.h>

enum { MVT_EXTENT = 4096, MVT_BUFFER = 64 };

enum mvt_type { MVT_POINT = 1, MVT_LINE = 2, MVT_POLYGON = 3 };

/* A layer's values, found again by hash. */
struct mvt_dictionary {
    struct buf bytes;  /* the entries as they go into the layer */
    uint32_t *offsets; /* of each entry in `bytes`, count + 1 of them */
    uint32_t *slots;   /* open addressing: index + 1; 0 is free */
    uint32_t count, size, slot_count;
};

/* Belongs to one thread; borrows `out`. */
struct mvt {
    struct buf *out;
    struct buf features, tags, geometry, entry;
    struct mvt_dictionary keys, values;
    const char *layer;
    uint64_t id;
    enum mvt_type type;
    struct clip_point cursor;
    uint32_t feature_count;
    enum err err;
};

void mvt_init(struct mvt *mvt, struct buf *out);

/* Frees what it holds; the first error of all that was written, or ERR_OK. */
enum err mvt_fini(struct mvt *mvt);

/* Opens a layer; `name` is borrowed until its end. A layer without features leaves no trace. */
void mvt_layer(struct mvt *mvt, const char *name);
void mvt_layer_end(struct mvt *mvt);

/* Opens a feature. An id of 0 is none. A feature without geometry leaves no trace. */
void mvt_feature(struct mvt *mvt, enum mvt_type type, uint64_t id);
void mvt_feature_end(struct mvt *mvt);

/* Gives the open feature a value; each key at most once. Texts must be UTF-8. */
void mvt_tag_string(struct mvt *mvt, const char *key, const char *value);
void mvt_tag_int(struct mvt *mvt, const char *key, int64_t value);
void mvt_tag_real(struct mvt *mvt, const char *key, double value);
void mvt_tag_bool(struct mvt *mvt, const char *key, bool value);

/* Adds geometry to the open feature: one point in all; lines of two points or more; open rings of
 * three or more, exterior wound so that clip_ring_area2 is positive, its holes behind it negative.
 */
void mvt_point(struct mvt *mvt, struct clip_point point);
void mvt_line(struct mvt *mvt, const struct clip_point *points, size_t count);
void mvt_ring(struct mvt *mvt, const struct clip_point *points, size_t count);

#endif
