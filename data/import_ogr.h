/* GDAL/OGR's door: places from tables and maps, areas from maps of polygons.
 *
 * Read today: CSV with a header row (UTF-8, with or without byte order mark; separated by comma,
 * semicolon or tab) and GeoJSON. Only regular files are opened: no URL, no virtual file system of
 * GDAL. The driver table in import_ogr.c is all that must grow for another format.
 *
 * Which column is what is guessed from its name, in English or Chinese, without regard to case,
 * spaces and underscores (import_columns.h has the words). */
#ifndef YZ_DATA_IMPORT_OGR_H
#define YZ_DATA_IMPORT_OGR_H

#include "data/categories.h"
#include "data/db.h"
#include "data/import_columns.h"
#include "geo/base/progress.h"
#include "geo/space/crs.h"

#include <stdbool.h>
#include <stdint.h>

enum { IMPORT_OGR_PROBLEMS = 100 };

struct import_ogr_options {
    const struct categories *categories; /* borrowed; places only */
    struct crs_context *crs_context;     /* borrowed; belongs to this thread */
    const char *crs;      /* of the file's coordinates; NULL: what the file says, else wgs84 */
    const char *source;   /* whose objects these are ("demo", "district"); never NULL */
    const char *category; /* for rows that name none; NULL: such rows are refused */
    int level;            /* of areas that name none; 0: such areas are refused */
    bool strict;          /* any bad row refuses the file; otherwise bad rows are left out */
    bool dry_run;         /* do all of it, then undo it */
    bool allow_shrink;    /* though more than half of the source vanishes (import_shrink.h) */
    bool keep_missing;    /* do not mark as vanished what this source had and the file has not */
};

/* One thing wrong with one row. */
struct import_ogr_problem {
    uint64_t line; /* of the file for CSV (the header is 1), the feature's number from 1 else */
    bool fatal;    /* the row was left out; false: it was taken, a part of it was not */
    char reason[160];
};

struct import_ogr_report {
    bool is_table;                          /* `line` is a line; false: a feature's number */
    char columns[IMPORT_COLUMNS_COUNT][64]; /* the file's column for each field, "" if none */
    uint64_t rows, kept, refused;           /* refused: left out for a fatal problem */
    uint64_t created, updated, unchanged;   /* of those kept */
    uint64_t vanished;                      /* marked: this source had them before */
    uint64_t mended;                        /* areas whose invalid outline was repaired */
    uint64_t problem_count;                 /* all of them */
    struct import_ogr_problem problems[IMPORT_OGR_PROBLEMS]; /* the first ones */
};

/* Import in one transaction: all or nothing. In strict mode, and when no row at all is usable, a
 * bad row gives ERR_INVALID and nothing is stored; the report tells the rows in every case, so it
 * is filled on failure too. A row without an id is known by its name and position. ERR_NOTFOUND,
 * ERR_FORMAT (not a file of a known format, or no coordinates in it), ERR_CONFLICT (most of
 * the source would vanish), ERR_CANCELLED, ERR_LIMIT (above 5 million rows), what the database
 * says; `why` names the culprit. */
enum err import_ogr_places(struct db *db, const char *path,
                           const struct import_ogr_options *options,
                           const struct progress *progress, struct import_ogr_report *report,
                           struct why *why);
enum err import_ogr_areas(struct db *db, const char *path, const struct import_ogr_options *options,
                          const struct progress *progress, struct import_ogr_report *report,
                          struct why *why);

#endif
