/* One act on many cases, each judged on its own (cases_act.h), in one transaction: one sync of the
 * disk, and all that could be done is done when it returns. */
#ifndef YZ_DATA_CASES_BULK_H
#define YZ_DATA_CASES_BULK_H

#include "data/cases_act.h"

enum { CASES_BULK_MAX = 200 };

struct cases_bulk_item {
    struct cases_acting acting; /* without photos and answers */
    bool refused;               /* set by the caller: nothing is tried */
    /* What became of it: */
    enum err e;
    struct why why;
    bool is_known;         /* `now` is filled in */
    struct cases_case now; /* as it is then, also where it was refused here */
};

/* Renders the answer from the items; it is kept with what they changed. Called inside the
 * transaction, on another thread than the caller's, who waits. */
struct cases_bulk_reply {
    struct idempotency request; /* without a key, nothing is kept */
    int status;
    enum err (*render)(void *user, struct buf *body);
    void *user;
};

/* Does what can be done; an item's `e` and `why` say what could not, as of cases_act. Then the
 * answer is rendered, or found where the request came before. Any other failure than an item's
 * own leaves nothing of all. ERR_CONFLICT: the key came before with another body. */
enum err cases_bulk_act(struct db *db, const struct kinds *kinds, struct cases_bulk_item *items,
                        size_t count, const struct cases_bulk_reply *reply, struct arena *arena,
                        struct idempotency_answer *answer, struct why *why);

#endif
