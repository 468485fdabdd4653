/* How the places in memory follow those in the database: an import loads all of them anew, an edit
 * only what was touched since (geo/place/placeset.h tells of the two parts). The first are read
 * from the file beside the database where it serves (data/places_kept.h). */
#ifndef YZ_SERVER_PLACING_H
#define YZ_SERVER_PLACING_H

#include "data/places_kept.h"
#include "server/log.h"

/* Beyond so many touched places all are loaded anew, so that an edit stays cheap. */
enum { PLACING_MAX = 4096 };

/* The watcher's; zeroed is fresh. */
struct placing {
    int64_t touched[PLACING_MAX]; /* since the base was loaded, ascending */
    size_t count;
    const struct placepart *base; /* that one; only compared */
    const char *kept;             /* the file beside the database; NULL: none is looked for */
    struct log *log;              /* where it is told whether that served; with `kept` */
    bool from_rows;               /* the base was read from the database: `mark` is its mark */
    struct places_mark mark;
};

/* Which changes are to be followed: those of the outbox above `after`, up to `upto`. */
struct placing_span {
    int64_t after, upto;
};

/* The places as they are now. `shown` is the set of the last call, NULL for the first, which loads
 * all; so does `span` NULL. `*skipped` as of places_load; 0 where not all were loaded. */
enum err placing_load(struct placing *placing, struct db *db, const struct categories *categories,
                      const struct placing_span *span, const struct progress *progress,
                      const struct placeset *shown, struct placeset **set, uint64_t *skipped);

#endif
