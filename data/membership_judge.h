/* What a branch does with a membership: approves, refuses, removes. */
#ifndef YZ_DATA_MEMBERSHIP_JUDGE_H
#define YZ_DATA_MEMBERSHIP_JUDGE_H

#include "data/memberships.h"

enum { MEMBERSHIP_JUDGE_REASON_MAX = 500 /* characters */ };

struct membership_judge {
    const char *public_id;
    int64_t version;           /* that was seen */
    enum memberships_state to; /* member, refused or removed */
    const char *reason;        /* owed but for a member: who is refused or removed reads it */
    int64_t by;
    const char *route; /* for the audit trail */
    int64_t now_ms;
};

/* In a transaction of its own, with a row in the audit trail. Who is approved and asked to move
 * leaves the branch that they belonged to in the same one. The same said again by the same, seeing
 * the same version, as of one that lost the answer, changes nothing and is ERR_OK. ERR_CONFLICT:
 * another was faster, it is not waiting (or, to be removed, no member), or they belong to another
 * branch and do not move; ERR_DENIED: it is one's own; ERR_NOTFOUND. */
enum err membership_judge_put(struct db *db, const struct membership_judge *put,
                              struct arena *arena, struct memberships_membership *now,
                              struct why *why);

#endif
