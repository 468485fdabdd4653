/* Vector tiles of what the server holds: roads, places and areas, for one tile of the Web Mercator
 * pyramid (OGC 17-083r4, WebMercatorQuad; MVT 2.1). */
#ifndef YZ_GEO_TILE_TILE_H
#define YZ_GEO_TILE_TILE_H

#include "geo/base/buf.h"
#include "geo/place/placeset.h"
#include "geo/road/roads.h"
#include "geo/space/areaset.h"
#include "geo/tile/clusterset.h"

enum { TILE_MAX_ZOOM = 18, TILE_CLUSTER_ZOOM = 15 }; /* the last with clusters */

/* Before a category's code: how many places of it a cluster has ("count_toilet"). */
#define TILE_COUNT_PREFIX "count_"

struct tile_id {
    uint32_t z, x, y; /* z <= TILE_MAX_ZOOM; x, y < 2^z; y counts from the north */
};

/* What to draw; a NULL member is simply not drawn. `category_codes` has the operator's code for
 * each category index ("toilet"), which becomes the feature's `category`. `clusters` is made of
 * `places`, and up to TILE_CLUSTER_ZOOM what is drawn of them. */
struct tile_source {
    const struct placeset *places;
    const struct clusterset *clusters;
    uint64_t categories; /* of the places to draw, bit i for category i; 0: all */
    const struct graph *roads;
    const struct areaset *areas;
    const struct roads_closed *closed; /* of `roads`, ascending by edge */
    size_t closed_count;
    const char *const *category_codes;
    size_t category_count;
};

/* A layer's index in tile_layers, and its bit. In the order of drawing: what comes later lies
 * above. */
enum { TILE_AREAS, TILE_ROADS, TILE_CLOSURES, TILE_PLACES, TILE_LAYERS };

/* Layer names, fields and zooms, for TileJSON. */
struct tile_layer {
    const char *id;
    const char *const *fields; /* name, type ("String", "Number" or "Boolean"), ..., NULL */
    uint32_t min_zoom;
    bool live;      /* changes from one moment to the next */
    bool clustered; /* has a field for each category besides */
};
extern const struct tile_layer tile_layers[];
extern const size_t tile_layer_count;

/* Whether the numbers name a tile. */
bool tile_valid(struct tile_id id);
struct box tile_box(struct tile_id id);

/* Appends the tile: layers `areas` (id, name, name_en, level), `roads` (class, name, oneway; minor
 * classes and names only from the zoom where they can be seen), `closures` (effect: "closed" or
 * "slowed"; factor of what is slowed; until, in seconds since 1970, unless it is open), `places`
 * (id, name, name_en, category), each clipped to the tile plus a margin and simplified to its grid.
 * `layers` is a bit set over tile_layers; an empty layer is left out, and so are empty names and a
 * oneway that is false.
 *
 * Up to TILE_CLUSTER_ZOOM places that share a cell of a grid over the world are one feature at
 * their middle, with an id of its cell: cluster (true), point_count, category (the most frequent),
 * count_CODE for each category that it has, expansion_zoom (from which they are apart). Tiles of
 * one zoom count every place once, not counting their margins, which repeat the neighbours'.
 *
 * ERR_RANGE for what is no tile, ERR_NOMEM, ERR_LIMIT when it does not fit `out`. */
enum err tile_encode(const struct tile_source *source, struct tile_id id, unsigned layers,
                     struct buf *out);

#endif
