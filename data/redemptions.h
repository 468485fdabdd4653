/* Redemptions: points given for a reward, and a code by which it is handed over once.
 *
 * Points and one of the stock are taken in one transaction, and given back in one when the code is
 * cancelled by whose it is, or expires. A code follows from the redemption and a key that is not in
 * the database, where only its hash is, so that whose it is can be told it again and a copy of the
 * database tells nobody. */
#ifndef YZ_DATA_REDEMPTIONS_H
#define YZ_DATA_REDEMPTIONS_H

#include "data/rewards.h"
#include "data/secrets.h"

#define REDEMPTIONS_STATES(X) X(open) X(spent) X(cancelled) X(expired)
enum redemptions_state {
#define REDEMPTIONS_STATE(name) REDEMPTIONS_##name,
    REDEMPTIONS_STATES(REDEMPTIONS_STATE)
#undef REDEMPTIONS_STATE
        REDEMPTIONS_STATE_COUNT
};
const char *redemptions_state_name(enum redemptions_state state);

struct redemptions_redemption {
    int64_t id;
    char public_id[SECRETS_ID_SIZE];
    int64_t person; /* 0: forgotten */
    enum redemptions_state state;
    int64_t made_ms, expires_ms, ended_ms; /* 0: it is open */
    int64_t entry;                         /* of the ledger, that took the points */
    int64_t cost;
    struct rewards_reward reward; /* as it is now */
    char code[SECRETS_CODE_SIZE]; /* where the key was given, and it is open; else "" */
};

/* By its public id; `key` (SECRETS_KEY_BYTES) may be NULL. ERR_NOTFOUND. */
enum err redemptions_find(struct db *db, const char *public_id, const unsigned char *key,
                          struct arena *arena, struct redemptions_redemption *found);

/* Somebody's, newest first, behind the id `before`. */
enum err redemptions_list(struct db *db, int64_t person, int64_t before, size_t limit,
                          const unsigned char *key, struct arena *arena,
                          const struct redemptions_redemption **list, size_t *count, bool *more);

/* ---- each in its own transaction; failures have a sentence ----------------------------------- */

struct redemptions_wish {
    int64_t reward, person;
    const unsigned char *key;
    int64_t now_ms;
};
/* ERR_NOTFOUND; ERR_CONFLICT: not now, none left, too few points, or as many as one may have. The
 * kept answer is empty but for its subject, the public id, which is in `*made` where it is new. */
enum err redemptions_make(struct db *db, const struct redemptions_wish *wish,
                          const struct answers_reply *reply, struct arena *arena,
                          struct redemptions_redemption *made, struct idempotency_answer *answer,
                          struct why *why);

/* By whose it is, before it is spent. ERR_NOTFOUND; ERR_CONFLICT: it has ended otherwise; done
 * twice it is fine. */
enum err redemptions_cancel(struct db *db, const char *public_id, int64_t person, int64_t now_ms,
                            struct arena *arena, struct redemptions_redemption *found,
                            struct why *why);

/* What a code is for, of which `may` says that the verifier may spend it. ERR_NOTFOUND: there is no
 * such code; a guess, which counts (guesses.h). ERR_LIMIT: too many of them. ERR_DENIED: not here.
 * ERR_CONFLICT: spent, cancelled, or expired. With `dry` it stays open. Sent again under the key of
 * `reply`, it is answered as it was. */
struct redemptions_check {
    const char *code; /* as it was typed: blanks, hyphens and capitals do not matter */
    int64_t by;
    bool dry;
    bool (*may)(const void *user, int64_t area_id);
    const void *user;
    int64_t now_ms;
};
enum err redemptions_verify(struct db *db, const struct redemptions_check *check,
                            const struct answers_reply *reply, struct arena *arena,
                            struct redemptions_redemption *found, struct idempotency_answer *answer,
                            struct why *why);

/* Gives back what has expired, at most `max`; `*count`: so many. */
enum err redemptions_expire(struct db *db, int64_t now_ms, size_t max, size_t *count);

/* Inside db_write, before an account is emptied: gives back what is open. */
enum err redemptions_forget(struct db *db, int64_t person, int64_t now_ms);

#endif
