/* What is kept of cases ends when their kind says so: photos some days after a case was closed, and
 * some days later all that it says of people (cases_forget.h). Whoever asked to be forgotten while
 * their case was open is forgotten as soon as it is closed. */
#ifndef YZ_DATA_RETENTION_H
#define YZ_DATA_RETENTION_H

#include "data/cases.h"
#include "geo/base/progress.h"

struct retention_counts {
    int64_t cases;   /* that say nothing of anybody any more */
    int64_t photos;  /* deleted, also of those */
    int64_t changes; /* rows of the outbox, taken away (changes_trim.h) */
};

/* Goes over all closed cases, some at a time, each some in a transaction of its own, so that nobody
 * who writes waits for long; a run that was broken off goes on with the next. `dry`: counts what
 * would be done, and does nothing. A kind that is not described is left alone. Files go right after
 * their rows; one that cannot be deleted holds nothing up and is told at the end, and every run
 * tries again what is left of those before. The outbox is trimmed, too. Calls `progress` between;
 * ERR_CANCELLED. */
enum err retention_run(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                       int64_t now_ms, bool dry, const struct progress *progress,
                       struct retention_counts *counts, struct why *why);

#endif
