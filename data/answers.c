#include "data/answers.h"

enum { ANSWER_MAX = 1 << 20 };

enum err answers_find(struct db *db, const struct answers_reply *reply, int64_t now_ms,
                      struct arena *arena, struct idempotency_answer *answer, bool *done,
                      struct why *why)
{
    *done = false;
    if (!reply->request.key) return ERR_OK;
    enum err e = idempotency_find(db, &reply->request, now_ms, arena, answer);
    *done = e == ERR_OK;
    if (e == ERR_CONFLICT)
        return err_say(why, e, "this Idempotency-Key came before with another body");
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

enum err answers_keep(struct db *db, const struct answers_reply *reply, const char *subject,
                      int64_t now_ms, struct arena *arena, struct idempotency_answer *answer)
{
    struct buf body;
    buf_init(&body, ANSWER_MAX);
    enum err e = reply->render(reply->user, &body);
    if (!e) e = body.err;
    const char *kept = e ? NULL : arena_strndup(arena, body.bytes ? body.bytes : "", body.len);
    const char *of = arena_strdup(arena, subject);
    if (!e && (!kept || !of)) e = ERR_NOMEM;
    if (!e) *answer = (struct idempotency_answer){reply->status, kept, body.len, of};
    if (!e && reply->request.key) e = idempotency_keep(db, &reply->request, now_ms, answer);
    buf_fini(&body);
    return e;
}
