/* Points that come one by one, from a database say, to be drawn as places are: close together as
 * clusters, by themselves from where they are apart. */
#ifndef YZ_GEO_TILE_SPOTS_H
#define YZ_GEO_TILE_SPOTS_H

#include "geo/tile/mvt.h"
#include "geo/tile/tile.h"

/* The most that a tile without clusters draws. */
enum { SPOTS_MAX = 20000 };

struct spots; /* one tile's, one thread's */
/* `id` must be a tile. ERR_NOMEM. */
enum err spots_new(struct tile_id id, struct spots **spots);
/* NULL does nothing. */
void spots_free(struct spots *spots);

/* The box whose points make the tile: its own and the cells round it, which its margin shows. */
struct box spots_box(struct tile_id id);

/* Takes a point with its number, 1 to 2^52 - 1. What lies outside of the box does no harm.
 * ERR_NOMEM, ERR_LIMIT beyond SPOTS_MAX on a tile without clusters. */
enum err spots_add(struct spots *spots, struct coord at, uint64_t number);

/* Writes the features of the open layer: clusters with `cluster`, `point_count` and
 * `expansion_zoom`; a single point with what `tag` gives it, whose error ends it. */
enum err spots_draw(const struct spots *spots, struct mvt *mvt,
                    enum err (*tag)(void *user, struct mvt *mvt, uint64_t number), void *user);

#endif
