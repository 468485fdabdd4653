/* Points that somebody gives or takes back by hand, with a reason: in the ledger as all others, and
 * in the audit trail. */
#ifndef YZ_DATA_POINTS_HAND_H
#define YZ_DATA_POINTS_HAND_H

#include "data/answers.h"
#include "data/points.h"

struct points_gift {
    int64_t person;
    const char *kind; /* of points */
    int64_t amount;   /* 1 to the kind's hand_max */
    int64_t area_id;  /* 0: none */
    int64_t by;
    const char *reason; /* owed */
    int64_t now_ms;
};

/* What `reply->render` is called with as its user is the caller's; the entry is in `*made` by then.
 * Both open their own transaction and are on disk when they return ERR_OK; `*answer` is what is
 * answered, now or before. Failures have a sentence: ERR_INVALID names the field, ERR_NOTFOUND,
 * ERR_CONFLICT, also where they would give more than the kind's hand_day this day, by the local
 * clock; what was taken back counts. */
enum err points_hand_give(struct db *db, const struct points_rules *rules,
                          const struct points_gift *gift, const struct answers_reply *reply,
                          struct arena *arena, struct points_entry *made,
                          struct idempotency_answer *answer, struct why *why);
enum err points_hand_reverse(struct db *db, const struct points_reversal *reversal,
                             const struct answers_reply *reply, struct arena *arena,
                             struct points_entry *made, struct idempotency_answer *answer,
                             struct why *why);

#endif
