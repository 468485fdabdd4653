/* How many cases there are of each sort, under a filter. */
#ifndef YZ_DATA_CASES_COUNTS_H
#define YZ_DATA_CASES_COUNTS_H

#include "data/cases.h"

/* So many in one state, of one category, that stand alike. */
struct cases_count {
    const char *state, *category;
    bool overdue, near; /* by due_ms alone: whether that matters is the state's to say */
    bool nobody;        /* given to neither person nor unit */
    int64_t count;
};

/* One reading of what the filter leaves; its page and sort do not count. `now_ms` and `near_ms` as
 * for cases_due_at. */
enum err cases_counts_find(struct db *db, const struct cases_filter *filter,
                           const struct kinds *kinds, int64_t now_ms, int64_t near_ms,
                           struct arena *arena, const struct cases_count **counts, size_t *count);

#endif
