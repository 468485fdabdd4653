/* Web Mercator (EPSG:3857) as vector tiles use it: the square world, cut into 2^z by 2^z tiles
 * (OGC 17-083r4, annex D, WebMercatorQuad), each with a grid of its own. */
#ifndef YZ_GEO_TILE_MERCATOR_H
#define YZ_GEO_TILE_MERCATOR_H

#include "geo/space/coord.h"

#include <stdint.h>

/* Where the square world ends: atan(sinh(pi)) in degrees. */
#define MERCATOR_MAX_LAT 85.0511287798066

/* A point of the square world: x east from -180, y south from MERCATOR_MAX_LAT, both in [0, 1].
 * Latitudes beyond the square lie on its edge. */
struct mercator_point {
    double x, y;
};
struct mercator_point mercator_from_coord(struct coord c);
struct coord mercator_to_coord(struct mercator_point p);

/* The same in whole steps of 2^-32, for what must come out alike on every tile: the square of zoom
 * z that a point lies in is its upper z bits. */
struct mercator_grid {
    uint32_t x, y;
};
struct mercator_grid mercator_grid(struct coord c);

/* The box of tile x, y at zoom z, grown by `margin` (a share of the tile's side) on all sides and
 * cut off at ±180 and the square's edges. */
struct box mercator_tile_box(uint32_t z, uint32_t x, uint32_t y, double margin);

/* Metres on the ground that one unit of a tile's grid of `extent` units stands for at a latitude.
 */
double mercator_unit_m(uint32_t z, double lat, uint32_t extent);

#endif
