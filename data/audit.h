/* The audit trail: who looked at which private case, and what was done to people and their rights.
 * Only ever added to; the database refuses every other change. No address is kept. */
#ifndef YZ_DATA_AUDIT_H
#define YZ_DATA_AUDIT_H

#include "data/db.h"
#include "geo/base/arena.h"

#define AUDIT_VERBS(X)                                                                             \
    X(looked)                                                                                      \
    X(exported)                                                                                    \
    X(signed_in)                                                                                   \
    X(sign_in_failed)                                                                              \
    X(sessions_ended)                                                                              \
    X(password_changed)                                                                            \
    X(second_factor_added)                                                                         \
    X(second_factor_removed)                                                                       \
    X(recovery_used)                                                                               \
    X(person_added)                                                                                \
    X(person_renamed)                                                                              \
    X(person_enabled)                                                                              \
    X(person_disabled)                                                                             \
    X(person_forgotten)                                                                            \
    X(grant_removed)                                                                               \
    X(granted)                                                                                     \
    X(key_added)                                                                                   \
    X(key_revoked)                                                                                 \
    X(points_given)                                                                                \
    X(points_reversed)                                                                             \
    X(vote_opened)                                                                                 \
    X(vote_cancelled)                                                                              \
    X(electors_read)                                                                               \
    X(signup_confirmed)                                                                            \
    X(signup_refused)                                                                              \
    X(deed_published)                                                                              \
    X(deed_taken_off)                                                                              \
    X(story_published)                                                                             \
    X(story_returned)                                                                              \
    X(comment_hidden)                                                                              \
    X(comment_shown)                                                                               \
    X(wechat_bound)                                                                                \
    X(wechat_freed)                                                                                \
    X(member_approved) X(member_refused) X(member_removed) X(members_read) X(branch_ended)
enum audit_verb {
#define AUDIT_ENUM(name) AUDIT_##name,
    AUDIT_VERBS(AUDIT_ENUM)
#undef AUDIT_ENUM
        AUDIT_VERB_COUNT
};
const char *audit_verb_name(enum audit_verb verb);

/* One thing done. Ids are 0 and text NULL where there is none. */
struct audit_row {
    enum audit_verb verb;
    int64_t person;  /* who; 0: the operator, at the command line */
    int64_t subject; /* to which person */
    int64_t case_id, area;
    const char *route; /* "GET /v1/reports/{id}" */
    const char *detail;
    int64_t at_ms;
};

/* Inside db_write. Looks and failures to sign in are kept once a minute. */
enum err audit_add(struct db *db, const struct audit_row *row);

/* The same for several rows in a transaction of its own, which is not begun when all are looks that
 * are there already: what is looked at again within the minute costs no write. */
enum err audit_add_all(struct db *db, const struct audit_row *rows, size_t count);

/* What is wanted, newest first. */
struct audit_filter {
    int64_t person;         /* who did it or to whom; 0: all */
    const char *report;     /* public id of the case; NULL: all */
    const char *verb;       /* NULL: all */
    int64_t from_ms, to_ms; /* 0: any time */
    bool areas_limited;     /* to these and those below them */
    const int64_t *area_ids;
    size_t area_count;
    int64_t before; /* rows with smaller ids; 0: all */
    int64_t limit;
};
enum { AUDIT_AREAS_MAX = 64 };

/* A row with names; text is "" where there is none, and lives in the arena. */
struct audit_told {
    int64_t id, at_ms, person, subject, area;
    const char *verb, *person_name, *subject_name, *report, *kind, *route, *detail;
};
/* ERR_LIMIT above AUDIT_AREAS_MAX areas. */
enum err audit_list(struct db *db, const struct audit_filter *filter, struct arena *arena,
                    const struct audit_told **rows, size_t *count, bool *more);

#endif
