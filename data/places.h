/* Places in the database: each belongs to a source and is known there by an id, so that the same
 * file imported twice gives the same places. What a source no longer has is marked, never deleted.
 */
#ifndef YZ_DATA_PLACES_H
#define YZ_DATA_PLACES_H

#include "data/categories.h"
#include "data/db.h"
#include "geo/base/arena.h"
#include "geo/base/progress.h"
#include "geo/place/placeset.h"

/* One place as it is stored. Text is UTF-8; going in NULL is "", coming out it is never NULL. */
struct places_row {
    int64_t id;                     /* coming out */
    const char *source, *source_id; /* "osm" and "node/123" */
    struct coord at;
    const char *category;  /* code */
    const char *amenities; /* codes separated by one space each */
    const char *name, *name_en, *address, *phone;
    const char *hours, *hours_self; /* OSM opening_hours */
    bool vanished;                  /* coming out: its source no longer has it */
    int64_t created_ms, updated_ms; /* coming out; UTC since 1970 */
};

struct places_counts {
    uint64_t added, changed, unchanged, vanished;
};

/* Begins an import: a row that tells where from and when, and its number. Inside db_write, like all
 * of the import, so that it happens whole or not at all. `file` is for people to read. */
enum err places_import_begin(struct db *db, const char *source, const char *file, int64_t *import);

/* Adds or updates one place by (source, source_id), and adds to `counts`. ERR_INVALID or ERR_RANGE
 * with the field named: unknown category or amenity, position, text that is no UTF-8 or too long.
 */
enum err places_put(struct db *db, int64_t import, const struct categories *categories,
                    const struct places_row *row, struct places_counts *counts, struct why *why);

/* Marks what this source has in the database and this import did not bring. */
enum err places_prune(struct db *db, int64_t import, struct places_counts *counts);

/* Ends an import: keeps its counts, and writes one outbox row if anything changed. */
enum err places_import_end(struct db *db, int64_t import, const struct places_counts *counts);

/* Every place that has not vanished, as a snapshot. A place whose category the operator's list no
 * longer has is left out and counted in `*skipped` (may be NULL). ERR_CANCELLED. */
enum err places_load(struct db *db, const struct categories *categories,
                     const struct progress *progress, struct placeset **set, uint64_t *skipped);

/* One place, vanished or not; text in `arena`. ERR_NOTFOUND. */
enum err places_get(struct db *db, int64_t id, struct arena *arena, struct places_row *row);

/* How many there are that have not vanished. */
enum err places_count(struct db *db, int64_t *count);

#endif
