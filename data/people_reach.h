/* Whose accounts and rights a person may change: what they hold themselves, where they hold it.
 *
 * - A city administrator gives every role, an area lead those up to area lead; within the area and
 *   the kind of their own grant, and no kind that it does not cover.
 * - Whoever holds anything beyond that, or nothing at all, is out of reach, but for taking away
 * what lies within. Only a city administrator everywhere and for every kind reaches everybody. */
#ifndef YZ_DATA_PEOPLE_REACH_H
#define YZ_DATA_PEOPLE_REACH_H

#include "data/people.h"

struct people_reach {
    bool all;       /* everybody: the operator, or a city administrator for all */
    int64_t person; /* whose; 0: the operator's */
    const struct people_grant *grants;
    size_t grant_count;
};

/* A grant with its number, and whether it lies within a reach. */
struct people_held {
    int64_t id;
    struct people_grant grant;
    bool known; /* its role is one that this program knows */
    bool reached;
};
enum { PEOPLE_GRANTS_MAX = 200 }; /* of one person */

/* The roles that who holds this one gives and takes, as bits. */
unsigned people_reach_roles(enum people_role role);

/* The reach of who acts, as their grants are now; in the arena. ERR_DENIED: they are gone. */
enum err people_reach_read(struct db *db, const struct people_by *by, struct arena *arena,
                           struct people_reach *reach, struct why *why);

/* Whether a grant lies within it. */
enum err people_reach_covers(struct db *db, const struct people_reach *reach,
                             const struct people_grant *grant, bool *covers);

/* All grants of a person, by number; PEOPLE_GRANTS_MAX at most, ERR_LIMIT above. */
enum err people_reach_held(struct db *db, const struct people_reach *reach, int64_t person,
                           struct arena *arena, const struct people_held **held, size_t *count);

/* Inside db_write: whether `by` may change this person's account. `own`: also when it is their own.
 * ERR_NOTFOUND: there is nobody, or nobody in sight; ERR_DENIED. `*area` (may be NULL): of their
 * first grant, for the audit trail. */
enum err people_reach_person(struct db *db, const struct people_by *by, int64_t person, bool own,
                             int64_t *area, struct why *why);

/* Inside db_write: whether `by` may give or take away this grant. ERR_DENIED. */
enum err people_reach_grant(struct db *db, const struct people_by *by,
                            const struct people_grant *grant, struct why *why);

#endif
