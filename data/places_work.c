#include "data/places_work.h"

#include "data/cases_rows.h"
#include "data/changes.h"

enum { ANSWER_MAX = 1 << 20 };

static enum err step_and_more(struct db *db, void *user)
{
    struct places_work *w = user;
    enum err e = w->step(db, w);
    if (e || !w->by->also) return e;
    return w->by->also(db, w->by->also_user, w->why);
}

enum err places_work_run(struct db *db, struct places_work *w,
                         enum err (*step)(struct db *db, void *user), struct why *why)
{
    struct why said = {""};
    w->why = &said;
    w->step = step;
    enum err e = cases_rows_text("reason", w->by->reason, PLACES_REASON_MAX, &said);
    if (!e) e = db_write(db, step_and_more, w);
    w->why = NULL;
    if (e && !said.text[0]) (void)err_say(&said, e, "cannot store it: %s", db_error(db));
    return e ? err_say(why, e, "%s", said.text) : ERR_OK;
}

enum err places_work_simply(struct db *db, struct places_work *w,
                            enum err (*step)(struct db *db, void *user), struct places_row *after,
                            struct why *why)
{
    enum err e = places_work_run(db, w, step, why);
    if (!e) *after = w->now;
    return e;
}

enum err places_work_find(struct db *db, struct places_work *w)
{
    enum err e = places_get(db, w->id, w->arena, &w->before);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no place %lld", (long long)w->id);
    w->now = w->before;
    if (e || w->version == 0 || w->version == w->before.version) return e;
    return err_say(w->why, ERR_CONFLICT,
                   "the place has changed: its version is %lld by now, not %lld; read it again",
                   (long long)w->before.version, (long long)w->version);
}

enum err places_work_note(struct db *db, const struct places_work *w, const char *verb)
{
    const struct places_rows_event event = {
        .before = w->before.id ? &w->before : NULL, .after = &w->now, .verb = verb, .by = w->by};
    enum err e = places_rows_event(db, &event);
    return e ? e : changes_add(db, CHANGES_places, w->now.id, verb);
}

enum err places_work_put(struct db *db, struct places_work *w, const char *verb)
{
    w->now.version = w->before.version + 1;
    w->now.updated_ms = w->by->now_ms;
    enum err e = places_rows_update(db, 0, w->by->now_ms, &w->now);
    return e ? e : places_work_note(db, w, verb);
}

enum err places_work_answered(struct db *db, struct places_work *w)
{
    if (!w->reply) return ERR_NOTFOUND;
    enum err e = idempotency_find(db, &w->reply->request, w->by->now_ms, w->arena, &w->made.answer);
    w->made.replayed = e == ERR_OK;
    return e == ERR_CONFLICT
               ? err_say(w->why, e, "this Idempotency-Key came before with another body")
               : e;
}

enum err places_work_keep(struct db *db, struct places_work *w, const char *subject)
{
    struct buf body;
    if (!w->reply) return ERR_OK;
    buf_init(&body, ANSWER_MAX);
    enum err e = w->reply->render(w->reply->user, &w->now, &body);
    if (!e) e = body.err;
    if (!e) {
        char *kept = arena_strndup(w->arena, body.bytes ? body.bytes : "", body.len);
        w->made.answer = (struct idempotency_answer){w->reply->status, kept, body.len, subject};
        e = kept ? idempotency_keep(db, &w->reply->request, w->by->now_ms, &w->made.answer)
                 : ERR_NOMEM;
    }
    buf_fini(&body);
    return e;
}
