/* The first answer to a request is kept for 24 hours, or less where it tells what is forgotten
 * sooner, under the key that its sender chose, so that sending again changes nothing. */
#ifndef YZ_DATA_IDEMPOTENCY_H
#define YZ_DATA_IDEMPOTENCY_H

#include "data/db.h"
#include "data/secrets.h"
#include "geo/base/arena.h"

#include <stdbool.h>

enum { IDEMPOTENCY_KEY_MAX = 255 };

/* One request. `scope` keeps senders and routes apart ("POST /v1/reports" and who asks). */
struct idempotency {
    const char *scope;
    const char *key; /* 1 to IDEMPOTENCY_KEY_MAX printable ASCII characters */
    unsigned char body_hash[SECRETS_HASH_BYTES];
    int64_t until_ms; /* its answer is kept; 0: for 24 hours */
};

struct idempotency_answer {
    int status;
    const char *body; /* in the arena; NUL-terminated */
    size_t len;
    const char *subject; /* public id of what the request made; in the arena */
};

/* Whether a key is well-formed. */
bool idempotency_key_ok(const char *key);

/* Looks for a kept answer: ERR_OK, ERR_NOTFOUND, or ERR_CONFLICT when the key came with another
 * body. */
enum err idempotency_find(struct db *db, const struct idempotency *request, int64_t now_ms,
                          struct arena *arena, struct idempotency_answer *answer);

/* Keeps an answer; inside db_write, with what the request changed. Forgets those that have
 * expired. ERR_CONFLICT when the key is taken. */
enum err idempotency_keep(struct db *db, const struct idempotency *request, int64_t now_ms,
                          const struct idempotency_answer *answer);

/* Forgets those that have expired, in a transaction of its own, which is not begun where there are
 * none. */
enum err idempotency_forget(struct db *db, int64_t now_ms);

/* Inside db_write: what was answered to somebody, and to who gave them points, which has their
 * number. */
enum err idempotency_forget_person(struct db *db, int64_t person);

#endif
