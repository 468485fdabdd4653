/* Grids of weights from rasters (GeoTIFF): every cell with a value is a row with a position. */
#ifndef YZ_DATA_IMPORT_RASTER_H
#define YZ_DATA_IMPORT_RASTER_H

#include "data/import_ogr.h"
#include "data/import_rows.h"
#include "data/ogr_raster.h"
#include "geo/base/file.h"

/* Whether a name ends as that of a raster that is read. */
bool import_raster_is(const char *name);

struct import_raster {
    struct file_map map;
    struct ogr_raster *raster;
};

/* Opens a path or bytes, and finds the system of its coordinates: that of the options, else its
 * own. ERR_FORMAT, ERR_LIMIT, ERR_INVALID with a sentence that does not name the file. Close with
 * import_raster_fini also after a failure. */
enum err import_raster_open(struct import_raster *raster, const struct import_ogr_input *input,
                            size_t max_bytes, const struct import_ogr_options *options,
                            const struct crs **crs, struct why *why);

/* Adds its cells that are not empty nor nothing. ERR_CANCELLED, ERR_FORMAT for what is damaged,
 * and what import_rows_add says. */
enum err import_raster_read(struct import_raster *raster, struct import_rows *rows,
                            const struct progress *progress, struct why *why);
void import_raster_fini(struct import_raster *raster);

#endif
