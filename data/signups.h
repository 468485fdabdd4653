/* Sign-ups: who wants to take part in an activity, whether they hold a seat or wait for one,
 * whether they came, and what staff said of it. */
#ifndef YZ_DATA_SIGNUPS_H
#define YZ_DATA_SIGNUPS_H

#include "data/activities.h"
#include "data/activity_kinds.h"
#include "data/secrets.h"

/* waiting: for a seat; attended: checked in, and to be confirmed. */
#define SIGNUPS_STATES(X) X(waiting) X(signed) X(attended) X(confirmed) X(refused) X(cancelled)
enum signups_state {
#define SIGNUPS_STATE(name) SIGNUPS_##name,
    SIGNUPS_STATES(SIGNUPS_STATE)
#undef SIGNUPS_STATE
        SIGNUPS_STATE_COUNT
};
const char *signups_state_name(enum signups_state state);
/* ERR_NOTFOUND. */
enum err signups_state_find(const char *name, enum signups_state *state);

/* What was counted, by the kind's codes. */
struct signups_number {
    const char *code;
    int64_t number;
};

struct signups_signup {
    int64_t id, version;
    char public_id[SECRETS_ID_SIZE];
    int64_t activity;
    int64_t person;          /* 0: forgotten */
    const char *person_name; /* of the account; "" */
    enum signups_state state;
    const char *way;    /* of checking in, or "" */
    const char *reason; /* why it was refused, or "" */
    int64_t made_ms;
    int64_t attended_ms, ended_ms; /* 0: not yet */
    int64_t ahead;                 /* of it on the waiting list */
    const struct signups_number *numbers;
    size_t number_count;
};

/* By its public id. ERR_NOTFOUND. Texts are in the arena. */
enum err signups_find(struct db *db, const char *public_id, struct arena *arena,
                      struct signups_signup *found);
/* Somebody's for an activity that is not cancelled. ERR_NOTFOUND. */
enum err signups_of(struct db *db, int64_t activity, int64_t person, struct arena *arena,
                    struct signups_signup *found);

/* Those of an activity, in the order of signing up, behind the id `cursor`; or of somebody, newest
 * first, below it (0: from the beginning). */
struct signups_filter {
    int64_t activity, person; /* one of them, the other 0 */
    int state;                /* -1: any */
    int64_t cursor;
    size_t limit;
};
enum err signups_list(struct db *db, const struct signups_filter *filter, struct arena *arena,
                      const struct signups_signup **list, size_t *count, bool *more);

#endif
