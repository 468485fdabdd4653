/* The answer to a write that may be sent twice: looked for, and kept, in the write's own
 * transaction (data/idempotency.h). */
#ifndef YZ_DATA_ANSWERS_H
#define YZ_DATA_ANSWERS_H

#include "data/idempotency.h"
#include "geo/base/buf.h"

/* `render` writes what is answered, from what the write left in `user`. */
struct answers_reply {
    struct idempotency request; /* its key NULL: nothing is looked for or kept */
    int status;
    enum err (*render)(void *user, struct buf *body);
    void *user;
};

/* Inside db_write. `*done`: it was answered before, and nothing more is to be done. ERR_CONFLICT
 * with a sentence: the key came with another body. */
enum err answers_find(struct db *db, const struct answers_reply *reply, int64_t now_ms,
                      struct arena *arena, struct idempotency_answer *answer, bool *done,
                      struct why *why);

/* Inside db_write, at its end. `subject` is what the Location ends with. */
enum err answers_keep(struct db *db, const struct answers_reply *reply, const char *subject,
                      int64_t now_ms, struct arena *arena, struct idempotency_answer *answer);

#endif
