#include "data/offers_use.h"

#include "data/changes.h"

#include <stdio.h>

struct work {
    const struct offers_use *use;
    const struct answers_reply *reply;
    struct arena *arena;
    struct offers_used *used;
    struct idempotency_answer *answer;
    enum err verdict; /* while what was counted of guesses is kept */
    struct why *why;
};

static enum err count_today(struct db *db, const struct offers_use *use, int64_t person,
                            int64_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT count(*) FROM offer_uses WHERE person_id = :person AND "
                            "offer_id = :offer AND day = :day",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":offer", use->offer);
    db_bind_int(q, ":day", use->day);
    if (!(e = db_step(q, &row)) && row) *count = db_int(q, 0);
    db_done(q);
    return e;
}

static enum err insert(struct db *db, const struct offers_use *use, int64_t person)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO offer_uses (offer_id, day, person_id, by_id) VALUES "
                            "(:offer, :day, :person, :by)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":offer", use->offer);
    db_bind_int(q, ":day", use->day);
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":by", use->card.by);
    return db_run(q, NULL);
}

/* What the answer tells of the member, read here: `render` has no connection of this thread. */
static enum err find_branch(struct db *db, struct work *w)
{
    struct offers_used *used = w->used;
    enum err e = branches_find(db, used->member.branch, w->arena, &used->branch);
    return e ? e : branches_form(db, used->member.branch, used->member.form, w->arena, &used->form);
}

/* For whom it is. */
static enum err take(struct db *db, struct work *w)
{
    const struct offers_use *use = w->use;
    struct offers_offer offer;
    int64_t person = w->used->member.person, times = 0;
    char number[24];
    enum err e = offers_find(db, use->offer, w->arena, &offer);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such offer");
    if (!e && !offers_is_open(&offer, use->card.now_ms))
        return err_say(w->why, ERR_CONFLICT, "the offer is not open at present");
    if (!e && person == use->card.by)
        return err_say(w->why, ERR_CONFLICT, "nobody checks their own card");
    if (!e) e = count_today(db, use, person, &times);
    if (!e && offer.per_day && times >= offer.per_day)
        return err_say(w->why, ERR_CONFLICT, "one person gets it %lld times a day at most",
                       (long long)offer.per_day);
    if (!e) e = insert(db, use, person);
    if (!e) e = find_branch(db, w);
    if (!e) e = changes_add(db, CHANGES_offers, use->offer, "offer_used");
    w->used->times = times + 1;
    (void)snprintf(number, sizeof number, "%lld", (long long)use->offer);
    return e ? e : answers_keep(db, w->reply, number, use->card.now_ms, w->arena, w->answer);
}

static bool is_told(enum err e)
{
    return e == ERR_NOTFOUND || e == ERR_CONFLICT || e == ERR_LIMIT;
}

static enum err run(struct db *db, void *user)
{
    struct work *w = user;
    const struct offers_use *use = w->use;
    bool done = false;
    enum err e = answers_find(db, w->reply, use->card.now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    w->verdict = member_card_find(db, &use->card, w->arena, &w->used->member, w->why);
    if (is_told(w->verdict)) return ERR_OK;
    return w->verdict ? w->verdict : take(db, w);
}

enum err offers_use_take(struct db *db, const struct offers_use *use,
                         const struct answers_reply *reply, struct arena *arena,
                         struct offers_used *used, struct idempotency_answer *answer,
                         struct why *why)
{
    struct why said = {""};
    struct work w = {
        .use = use, .reply = reply, .arena = arena, .used = used, .answer = answer, .why = &said};
    enum err e = db_write(db, run, &w);
    if (e && !said.text[0]) (void)err_say(&said, e, "cannot store it: %s", db_error(db));
    if (!e) e = w.verdict;
    return e ? err_say(why, e, "%s", said.text) : ERR_OK;
}

/* ---- forgetting ------------------------------------------------------------------------------ */

struct forgetting {
    int64_t day, count;
};

static enum err forget(struct db *db, void *user)
{
    struct forgetting *f = user;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE offer_uses SET person_id = NULL WHERE person_id IS NOT NULL "
                            "AND day < :day",
                            &q);
    if (e) return e;
    db_bind_int(q, ":day", f->day);
    return db_run(q, &f->count);
}

enum err offers_use_forget(struct db *db, int64_t day, int64_t *count)
{
    struct forgetting f = {day, 0};
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT 1 FROM offer_uses WHERE person_id IS NOT NULL AND day < :day LIMIT 1", &q);
    if (e) return e;
    db_bind_int(q, ":day", day);
    e = db_step(q, &row);
    db_done(q);
    if (!e && row) e = db_write(db, forget, &f);
    if (!e) *count = f.count;
    return e;
}

enum err offers_use_mine(struct db *db, int64_t person, struct arena *arena,
                         struct offers_taken *taken, size_t room, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db,
                            "SELECT u.offer_id, o.title, u.day FROM offer_uses u JOIN offers o ON "
                            "o.id = u.offer_id WHERE u.person_id = :person ORDER BY u.id DESC",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    for (; n < room && !(e = db_step(q, &row)) && row; n++) {
        taken[n] =
            (struct offers_taken){db_int(q, 0), arena_strdup(arena, db_text(q, 1)), db_int(q, 2)};
        if (!taken[n].title) e = ERR_NOMEM;
        if (e) break;
    }
    db_done(q);
    if (!e) *count = n;
    return e;
}
