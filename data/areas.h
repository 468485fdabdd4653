/* Administrative areas in the database. */
#ifndef YZ_DATA_AREAS_H
#define YZ_DATA_AREAS_H

#include "data/db.h"
#include "geo/base/arena.h"
#include "geo/space/areaset.h"

/* One area going in. Text is UTF-8; NULL is "". */
struct areas_row {
    const char *source, *source_id; /* known there by this id */
    int level;                      /* OSM admin_level, 2 to 11 */
    const char *code;               /* official division code, or "" */
    const char *name, *name_en;
    int64_t parent_id; /* 0: to be found by areas_link; another stays whatever the borders say */
    const void *wkb;   /* MultiPolygon, as polygon_to_wkb writes it */
    size_t wkb_len;
};

struct areas_counts {
    uint64_t added, changed, unchanged, vanished;
};

/* Adds or updates one area by (source, source_id); `*id` (may be NULL) is its own. Inside db_write.
 * ERR_INVALID, ERR_RANGE with the field named. */
enum err areas_put(struct db *db, const struct areas_row *row, struct areas_counts *counts,
                   int64_t *id, struct why *why);

/* Marks the areas of `source` that are not among the `count` ids put. Inside db_write. */
enum err areas_prune(struct db *db, const char *source, const int64_t *ids, size_t count,
                     struct areas_counts *counts);

/* Gives every area whose parent was not given the finest area of a lower level, then the smallest,
 * that covers a point of its surface; those found before are found anew. Inside db_write, after the
 * areas of an import are put. */
enum err areas_link(struct db *db);

/* Writes the outbox row of an import that changed something. Inside db_write. */
enum err areas_import_end(struct db *db, const struct areas_counts *counts);

/* Every area that has not vanished. An empty set is ERR_OK. */
enum err areas_load(struct db *db, struct areaset **set, struct why *why);

/* The id of the area with an official code, or with exactly this name when it is the only one.
 * ERR_NOTFOUND, ERR_CONFLICT (several). */
enum err areas_find(struct db *db, const char *code_or_name, int64_t *id);

#endif
