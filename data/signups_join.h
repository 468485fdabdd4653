/* Signing up, taking that back, and who moves up from the waiting list. */
#ifndef YZ_DATA_SIGNUPS_JOIN_H
#define YZ_DATA_SIGNUPS_JOIN_H

#include "data/answers.h"
#include "data/signups.h"

/* Signs somebody up: with a seat, or on the waiting list where the kind has one; nobody overtakes
 * who waits. Opens its own transaction; ERR_CONFLICT with a sentence: it is not open (any more),
 * all seats are taken, they signed up already, or it is for members of a branch. ERR_NOTFOUND. The
 * kept answer's subject is the public id; `*answer` has no body. */
struct signups_wish {
    int64_t activity, person;
    int64_t now_ms;
};
enum err signups_join_make(struct db *db, const struct activity_kinds *kinds,
                           const struct signups_wish *wish, const struct answers_reply *reply,
                           struct arena *arena, struct idempotency_answer *answer, struct why *why);

/* Takes back one that is this person's: who waits can at any time, who has a seat before the
 * activity begins, and that goes to who waits longest. Again is fine. ERR_NOTFOUND, ERR_CONFLICT
 * with a sentence. */
enum err signups_join_cancel(struct db *db, const char *public_id, int64_t person, int64_t now_ms,
                             struct why *why);

/* ---- inside db_write ------------------------------------------------------------------------- */

/* Gives free seats to who waits, in order, and tells them; nothing once it began and nobody can
 * sign up any more, or it has ended. */
enum err signups_join_move_up(struct db *db, int64_t activity, int64_t now_ms);

/* Takes back all that somebody has for what has not begun, before they are forgotten. */
enum err signups_join_leave(struct db *db, int64_t person, int64_t now_ms);

/* Tells everybody who holds a seat and is not confirmed yet, or also those who are (`confirmed`),
 * or who wait for a seat (`waiting`). */
struct signups_news {
    const struct activities_activity *activity;
    int verb;         /* enum inbox_verb */
    const char *note; /* or NULL */
    bool confirmed, waiting;
};
enum err signups_join_tell(struct db *db, const struct signups_news *news, int64_t now_ms);

#endif
