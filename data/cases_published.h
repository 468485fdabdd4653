/* Cases and what happened to them as everybody may ask for them: those in states that are told of,
 * of one kind, within a span of time. */
#ifndef YZ_DATA_CASES_PUBLISHED_H
#define YZ_DATA_CASES_PUBLISHED_H

#include "data/cases.h"

enum { CASES_PUBLISHED_STATES = 64, CASES_PUBLISHED_IDS = 100, CASES_PUBLISHED_LIMIT = 1000 };

struct cases_published {
    const char *kind;
    const char *const *states; /* that are told of, at most CASES_PUBLISHED_STATES; none: nothing */
    size_t state_count;
    const char *category;     /* NULL: any */
    int64_t from_ms, upto_ms; /* made, or happened, then; both ends count */
    const char *const *ids;   /* public ids of cases, at most CASES_PUBLISHED_IDS; none: any */
    size_t id_count;
    bool by_update; /* those that changed last then, both ends too: */
    int64_t changed_from_ms, changed_upto_ms;
    double radius_m; /* only those so far from `at`, at most; 0: anywhere. Not for updates */
    struct coord at;
    uint32_t limit; /* 1 to CASES_PUBLISHED_LIMIT */
    int64_t skip;   /* so many come before */
};

/* Newest first, photos included. ERR_RANGE: too many. */
enum err cases_published_list(struct db *db, const struct cases_published *wanted,
                              struct arena *arena, const struct cases_case **cases, size_t *count);

/* The last reason given for everybody to read, "" where there is none. */
enum err cases_published_note(struct db *db, int64_t case_id, struct arena *arena,
                              const char **note);

/* One move, or the case's beginning. */
struct cases_published_update {
    int64_t id, at_ms;
    const char *public_id, *state; /* of the case; it went to */
    const char *reason;
    const char *photo; /* public id of the first that came with it, or "" */
};

/* Oldest first, over all cases. */
enum err cases_published_updates(struct db *db, const struct cases_published *wanted,
                                 struct arena *arena, const struct cases_published_update **updates,
                                 size_t *count);

#endif
