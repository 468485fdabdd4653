/* Asking to belong to a branch, and what whose membership it is does with it. */
#ifndef YZ_DATA_MEMBERSHIP_JOIN_H
#define YZ_DATA_MEMBERSHIP_JOIN_H

#include "data/membership_answers.h"

/* Applications of one person that may wait at a time. */
enum { MEMBERSHIP_JOIN_WAITING_MAX = 5 };

struct membership_join_wish {
    int64_t branch, person;
    int64_t form; /* the version that was shown, and is consented to */
    bool moves;   /* leave the branch that they belong to when this one approves */
    const struct membership_answers *answers; /* held against that form */
    const unsigned char *key;                 /* SECRETS_KEY_BYTES */
    int64_t now_ms;
};

/* Each opens its own transaction. */

/* Somebody applies; what is stored is in `*made`. ERR_CONFLICT with a sentence: the branch was
 * ended or shows another form by now, they wait or belong there already, they belong to another and
 * do not move, or too many of theirs wait. */
enum err membership_join_apply(struct db *db, const struct membership_join_wish *wish,
                               const struct answers_reply *reply, struct arena *arena,
                               struct memberships_membership *made,
                               struct idempotency_answer *answer, struct why *why);

/* Other answers, by the form in force, which is consented to anew. `version` is what they saw.
 * ERR_NOTFOUND: none of theirs; ERR_CONFLICT. */
enum err membership_join_change(struct db *db, const char *public_id, int64_t version,
                                const struct membership_join_wish *wish, struct arena *arena,
                                struct memberships_membership *now, struct why *why);

/* Leaves, or takes the application back; what was answered is erased. One that has ended already
 * stays as it is. ERR_NOTFOUND: none of theirs. */
enum err membership_join_leave(struct db *db, const char *public_id, int64_t person, int64_t now_ms,
                               struct arena *arena, struct memberships_membership *now,
                               struct why *why);

#endif
