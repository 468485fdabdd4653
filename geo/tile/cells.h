/* The grid over the world whose cells clusters fill. A cell is 64 pixels wide on a map of 512
 * pixels a tile, and from some zoom 32, which is about the size of an icon. Cells of a tile fill it
 * exactly, so that a point counts in one tile of each zoom; a tile's margin repeats what its
 * neighbours draw there. */
#ifndef YZ_GEO_TILE_CELLS_H
#define YZ_GEO_TILE_CELLS_H

#include "geo/tile/morton.h"
#include "geo/tile/mvt.h"
#include "geo/tile/tile.h"

#include <stdbool.h>

/* How often the world's side is halved into cells of a zoom, up to TILE_CLUSTER_ZOOM. */
unsigned cells_depth(uint32_t zoom);

/* Along a tile's side. */
int64_t cells_across(struct tile_id id);

/* The first zoom at which two codes lie in cells of their own: TILE_CLUSTER_ZOOM + 1 for those that
 * never do. */
uint32_t cells_apart(uint64_t a, uint64_t b);

/* A feature's id for the cell of this code (morton.h, its upper bits alone): the same on every
 * tile; 2^52 and more, so that ids of what is counted stay below. */
uint64_t cells_id(unsigned depth, uint64_t code);

/* The unit of the tile's grid that holds a point of the world: rounded down, so that every point
 * lies in one tile. */
struct clip_point cells_unit(struct tile_id id, struct mercator_grid p);

/* Whether a unit lies on the tile or its margin. */
bool cells_on_tile(struct clip_point unit);

/* The middle of `count` points whose coordinates add up to x and y. */
static inline struct mercator_grid cells_middle(uint64_t x, uint64_t y, uint64_t count)
{
    return (struct mercator_grid){(uint32_t)(x / count), (uint32_t)(y / count)};
}

#endif
