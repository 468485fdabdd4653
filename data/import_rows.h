/* Rows of a stranger's table or map, checked one by one and stored together: the half of
 * import_ogr that knows what a place or a cell is and has not heard of GDAL. */
#ifndef YZ_DATA_IMPORT_ROWS_H
#define YZ_DATA_IMPORT_ROWS_H

#include "data/import_ogr.h"

/* One row; all of it is borrowed for the length of a call. */
struct import_row {
    uint64_t line;                           /* as told in the report */
    const char *texts[IMPORT_COLUMNS_COUNT]; /* "" for what it does not say, never NULL */
    unsigned columns;                        /* those that the file has, bits 1 << column */
    bool has_point;                          /* the geometry's point, in the file's system */
    struct coord at;
    const unsigned char *wkb; /* of an area, WGS 84; NULL if the row has no polygon */
    size_t wkb_len;
    const char *trouble; /* what is wrong with its geometry, or NULL */
};

struct import_rows;

/* Borrows all of it. `crs` is the file's. What is refused is added to the report as it is met, the
 * rest when it is stored. ERR_INVALID for a category that there is not. */
enum err import_rows_new(enum import_ogr_kind kind, const struct import_ogr_options *options,
                         const struct crs *crs, struct import_report *report,
                         struct import_rows **rows, struct why *why);
void import_rows_free(struct import_rows *rows);

/* Checks and keeps a row. What is wrong with it goes into the report and is ERR_OK; errors are
 * those that end an import: ERR_NOMEM, ERR_LIMIT. */
enum err import_rows_add(struct import_rows *rows, const struct import_row *row, struct why *why);

/* Stores what was kept in one transaction, as import_ogr.h tells. `file` is for people to read. */
enum err import_rows_store(struct import_rows *rows, struct db *db, const char *file,
                           const struct progress *progress, struct why *why);

#endif
