/* Places and areas as files that offices read: what import_ogr_run brings in again unchanged.
 *
 * Columns have the names of import_columns.h. Tables carry positions as lon and lat, areas in CSV
 * their outlines as WKT; a workbook's cells are too small for outlines, so that areas in XLSX or
 * ODS cannot come back. A cell of CSV that a spreadsheet would run as a formula gets an apostrophe
 * in front, which an import takes off again. */
#ifndef YZ_DATA_EXPORT_H
#define YZ_DATA_EXPORT_H

#include "data/categories.h"
#include "data/db.h"
#include "data/ogr_format.h"
#include "geo/base/buf.h"
#include "geo/base/progress.h"
#include "geo/space/crs.h"

#include <stdint.h>

struct export_options {
    enum ogr_format format;
    const struct crs *crs;          /* of the coordinates; KML has WGS 84 alone */
    const char *source;             /* only what it brought; NULL: all */
    const struct categories *words; /* what `categories` is of */
    uint64_t categories;            /* only places of these: bits by their index; 0: all */
    const struct box *box;          /* only what lies in it (places), or touches it (areas) */
    bool gb18030;                   /* CSV in GB18030 rather than UTF-8 with a byte order mark */
    uint64_t max_rows;              /* 0: 5 million */
    const struct progress *progress;
};

/* Appends the file of all places that are shown, or areas that have not vanished; `*count` is their
 * number. An empty file with its columns is ERR_OK. ERR_INVALID: a system that the format cannot
 * have; ERR_LIMIT: too many rows, or text that the format cannot hold whole, or the buffer's
 * maximum; ERR_CANCELLED, what the database says. */
enum err export_places(struct db *db, const struct export_options *options, struct buf *out,
                       uint64_t *count, struct why *why);
enum err export_areas(struct db *db, const struct export_options *options, struct buf *out,
                      uint64_t *count, struct why *why);

#endif
