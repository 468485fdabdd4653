/* GDAL/OGR's door, outward: tables and maps written in memory. A file being written belongs to one
 * thread, which has one of these or of ogr_file.h open at a time. */
#ifndef YZ_DATA_OGR_OUT_H
#define YZ_DATA_OGR_OUT_H

#include "data/ogr_format.h"
#include "geo/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct ogr_out;

struct ogr_column {
    const char *name; /* at most 10 ASCII letters, where a shapefile shall be possible */
    enum ogr_column_type { OGR_COLUMN_TEXT, OGR_COLUMN_REAL, OGR_COLUMN_WHOLE } type;
};

/* Starts a layer in memory. `epsg` is the code of its coordinates, 0 for one without; `polygons`:
 * areas rather than points. All of it is borrowed for the length of the call. */
enum err ogr_out_new(enum ogr_format format, const char *layer, const struct ogr_column *columns,
                     size_t count, int epsg, bool polygons, struct ogr_out **out, struct why *why);
void ogr_out_free(struct ogr_out *out);

/* Adds a row: a cell for every column (UTF-8; "" leaves it empty), and the geometry as WKB in the
 * file's system (ignored by tables; none where `len` is 0). ERR_LIMIT for text that the format
 * cannot hold whole. */
enum err ogr_out_row(struct ogr_out *out, const char *const *cells, const void *wkb, size_t len,
                     struct why *why);

/* Finishes and appends the file: a shapefile as a ZIP archive of its parts. */
enum err ogr_out_end(struct ogr_out *out, struct buf *to, struct why *why);

#endif
