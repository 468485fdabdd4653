/* GDAL's door, inward, for rasters: the cells of a GeoTIFF with one band, read in memory. What
 * ogr_file.h says of files holds here, too. */
#ifndef YZ_DATA_OGR_RASTER_H
#define YZ_DATA_OGR_RASTER_H

#include "data/ogr_file.h"

enum {
    OGR_RASTER_SIDE = 100000,
    OGR_RASTER_CELLS = 400000000,
    OGR_RASTER_BLOCK_BYTES = 64 << 20 /* of a tile or strip: it is read as a whole */
};

struct ogr_raster;

/* Borrows the bytes until ogr_raster_close. ERR_FORMAT (no GeoTIFF, or one that does not say where
 * it lies, or whose cells have no size), ERR_UNSUPPORTED (several bands), ERR_LIMIT (too many
 * cells, or blocks that are too large), ERR_NOMEM. */
enum err ogr_raster_open(const void *bytes, size_t len, struct ogr_raster **raster,
                         struct why *why);
void ogr_raster_close(struct ogr_raster *raster); /* NULL does nothing */

/* As ogr_file_crs. */
enum err ogr_raster_crs(const struct ogr_raster *raster, char name[OGR_FILE_CRS_SIZE],
                        struct why *why);

uint32_t ogr_raster_width(const struct ogr_raster *raster);
uint32_t ogr_raster_height(const struct ogr_raster *raster);

/* The middle of a cell, in the raster's system. */
struct coord ogr_raster_at(const struct ogr_raster *raster, uint32_t x, uint32_t y);

/* A row's values [width], NAN where there is none. ERR_FORMAT for what is damaged. */
enum err ogr_raster_row(struct ogr_raster *raster, uint32_t y, double *values, struct why *why);

#endif
