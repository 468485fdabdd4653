/* What an import finds in the database: the place or area that a row is about, and what the row
 * changes of it. Inside db_write. */
#ifndef YZ_DATA_IMPORT_DIFF_H
#define YZ_DATA_IMPORT_DIFF_H

#include "data/areas.h"
#include "data/import_report.h"
#include "data/places.h"

/* Moves below this are none: a file that was written in another system comes back a little beside
 * where it was. */
#define IMPORT_DIFF_SAME_M 0.01

enum { IMPORT_DIFF_CHANGES = PLACES_FIELD_COUNT };

/* What is there, in the arena. */
struct import_diff {
    int64_t id; /* 0: nothing yet */
    bool vanished, removed;
    struct coord at; /* of a place */
    unsigned held;   /* fields that the row says otherwise, and staff hold */
    struct import_change changes[IMPORT_DIFF_CHANGES]; /* of the others */
    size_t count;
};

/* Compares a place with the stored one of the same source and id. `row` takes over what it does not
 * say: all fields but those of `said`, and a position within IMPORT_DIFF_SAME_M. */
enum err import_diff_place(struct db *db, struct places_row *row, unsigned said,
                           struct arena *arena, struct import_diff *diff);
/* Likewise an area, which takes over the stored outline when no corner is more than
 * IMPORT_DIFF_SAME_DEG away. */
#define IMPORT_DIFF_SAME_DEG 1e-7
enum err import_diff_area(struct db *db, struct areas_row *row, struct arena *arena,
                          struct import_diff *diff);

/* Calls `each` for what the import has not brought of its source's places that are there, by id;
 * ends with the first error. `line` has id, source_id and name. */
enum err import_diff_missing(struct db *db, int64_t import,
                             enum err (*each)(void *user, const struct import_line *line,
                                              struct coord at),
                             void *user);
/* Lets a place count as brought, so that places_prune leaves it, by the id that its source knows it
 * by, if there is one. */
enum err import_diff_spare_named(struct db *db, int64_t import, const char *source,
                                 const char *source_id);

/* The number of a source's area; 0: there is none such. */
enum err import_diff_area_id(struct db *db, const char *source, const char *source_id, int64_t *id);
/* Of areas: those of the source that are there and not among the `count` ids. */
enum err import_diff_missing_areas(struct db *db, const char *source, const int64_t *ids,
                                   size_t count,
                                   enum err (*each)(void *user, const struct import_line *line),
                                   void *user);

#endif
