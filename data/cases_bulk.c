#include "data/cases_bulk.h"

#include "data/cases_rows.h"
#include "data/db_write.h"
#include "geo/base/clock.h"

enum { ANSWER_MAX = 1 << 20 };

struct bulk {
    const struct kinds *kinds;
    struct cases_bulk_item *items;
    size_t count;
    const struct cases_bulk_reply *reply;
    struct arena *arena;
    struct idempotency_answer *answer;
    int64_t now_ms;
    struct cases_bulk_item *one; /* under way */
};

/* What is the case's own, or the actor's, and not the whole's. */
static bool is_its_own(enum err e)
{
    return e == ERR_NOTFOUND || e == ERR_CONFLICT || e == ERR_DENIED || e == ERR_INVALID ||
           e == ERR_RANGE || e == ERR_LIMIT;
}

static enum err act_one(struct db *db, void *user)
{
    struct bulk *b = user;
    struct cases_bulk_item *item = b->one;
    enum err e = cases_act_within(db, b->kinds, &item->acting, b->arena, &item->now, &item->why);
    item->is_known = e == ERR_OK;
    return e;
}

static enum err act_each(struct db *db, struct bulk *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct cases_bulk_item *item = b->one = &b->items[i];
        if (item->refused) continue;
        item->e = db_write_part(db, act_one, b);
        if (item->e && !item->why.text[0])
            (void)err_say(&item->why, item->e, "cannot store it: %s", db_error(db));
        if (db_write_is_lost(db) || (item->e && !is_its_own(item->e)))
            return item->e ? item->e : ERR_DB;
        if (!item->e) continue;
        enum err e = cases_rows_find(db, item->acting.public_id, b->arena, &item->now);
        item->is_known = e == ERR_OK;
        if (e && e != ERR_NOTFOUND) return e;
    }
    return ERR_OK;
}

static enum err keep_answer(struct db *db, const struct bulk *b)
{
    const struct cases_bulk_reply *reply = b->reply;
    struct buf body;
    buf_init(&body, ANSWER_MAX);
    enum err e = reply->render(reply->user, &body);
    if (!e) e = body.err;
    if (!e) {
        char *kept = arena_strndup(b->arena, body.bytes ? body.bytes : "", body.len);
        *b->answer = (struct idempotency_answer){reply->status, kept, body.len, "bulk"};
        if (!kept)
            e = ERR_NOMEM;
        else if (reply->request.key)
            e = idempotency_keep(db, &reply->request, b->now_ms, b->answer);
    }
    buf_fini(&body);
    return e;
}

static enum err act(struct db *db, void *user)
{
    struct bulk *b = user;
    if (b->reply->request.key) {
        enum err e = idempotency_find(db, &b->reply->request, b->now_ms, b->arena, b->answer);
        if (e != ERR_NOTFOUND) return e;
    }
    enum err e = act_each(db, b);
    return e ? e : keep_answer(db, b);
}

enum err cases_bulk_act(struct db *db, const struct kinds *kinds, struct cases_bulk_item *items,
                        size_t count, const struct cases_bulk_reply *reply, struct arena *arena,
                        struct idempotency_answer *answer, struct why *why)
{
    struct idempotency_answer answered = {0};
    struct bulk b = {.kinds = kinds,
                     .items = items,
                     .count = count,
                     .reply = reply,
                     .arena = arena,
                     .answer = &answered,
                     .now_ms = clock_utc_ms()};
    enum err e = db_write(db, act, &b);
    if (e == ERR_CONFLICT)
        return err_say(why, e, "this Idempotency-Key came before with another body");
    if (e) return err_say(why, e, "cannot store it: %s", db_error(db));
    *answer = answered;
    return ERR_OK;
}
