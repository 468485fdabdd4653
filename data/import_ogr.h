/* Places from tables and maps, areas from maps of polygons, grids of weights from either and from
 * rasters, through GDAL/OGR: the formats of import_file.h, and GeoTIFF.
 *
 * Which column is what is guessed from its name, in English or Chinese, without regard to case,
 * spaces and underscores (import_columns.h has the words), or given. The header of a table need not
 * be its first row: titles above it are passed over. */
#ifndef YZ_DATA_IMPORT_OGR_H
#define YZ_DATA_IMPORT_OGR_H

#include "data/categories.h"
#include "data/db.h"
#include "data/import_columns.h"
#include "data/import_report.h"
#include "geo/base/progress.h"
#include "geo/space/crs.h"

#include <stdbool.h>
#include <stdint.h>

enum import_ogr_kind { IMPORT_OGR_PLACES, IMPORT_OGR_AREAS, IMPORT_OGR_GRID };

/* A file: by its path, or sent as bytes under a name that tells its format. */
struct import_ogr_input {
    const char *path; /* NULL: the bytes */
    const char *name; /* for people, and for the format of bytes */
    const void *bytes;
    size_t len;
};

struct import_ogr_options {
    const struct categories *categories; /* borrowed; places only */
    struct crs_context *crs_context;     /* borrowed; belongs to this thread */
    const char *crs;                     /* of the file's coordinates; NULL: what the file says,
                                            else wgs84 */
    const char *source;                  /* whose objects these are ("district"), or the name of
                                            the grid (grids_name_ok); never NULL */
    const char *category;                /* for rows that name none; NULL: such rows are refused */
    int level;                           /* of areas that name none; 0: such areas are refused */
    const char *encoding; /* of text, as import_text_find takes it; NULL: found out */
    const char *layer;    /* of several; NULL: the first that has rows */
    const struct import_columns_map *map; /* NULL: guess all */
    bool strict;                          /* any bad row refuses the file; else it is left out */
    bool dry_run;                         /* do all of it, then undo it */
    bool allow_shrink;                    /* though most of the source vanishes (import_shrink.h) */
    bool keep_missing; /* do not mark as vanished what this source had and the file has not */
    uint64_t max_rows; /* 0: 5 million */
    size_t max_bytes;  /* of a file, and of what comes out of an archive; 0: 512 MiB */
    /* Whether the caller may make, move, change or let vanish a place here; NULL: everywhere. */
    bool (*may)(void *user, struct coord at);
    /* Called last within the transaction of an import that is no dry run, with its row in
     * `imports`; what it returns ends the import. NULL: nothing. */
    enum err (*seal)(void *user, struct db *db, int64_t import);
    void *user; /* of both */
};

/* Imports in one transaction: all or nothing. The report is begun by the caller and filled as far
 * as the import came, on failure too: `report->error` then has the sentence, and what the lines say
 * is what would have been. A row without an id is known by its name and position. A grid takes the
 * place of the one of its name; its lines are told only where they are refused. ERR_NOTFOUND,
 * ERR_FORMAT and ERR_UNSUPPORTED (not a file that can be read, or no coordinates in it; columns or
 * layers that are not there), ERR_INVALID (no row can be used; a bad row in strict mode),
 * ERR_CONFLICT (most of the source would vanish), ERR_LIMIT, ERR_CANCELLED, what the database says;
 * `why` names the culprit. */
enum err import_ogr_run(struct db *db, enum import_ogr_kind kind,
                        const struct import_ogr_input *input,
                        const struct import_ogr_options *options, const struct progress *progress,
                        struct import_report *report, struct why *why);

#endif
