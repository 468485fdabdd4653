#include "data/redemptions.h"

#include "data/changes.h"
#include "data/guesses.h"
#include "data/inbox.h"
#include "data/points.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000 };

static const char *const states[REDEMPTIONS_STATE_COUNT] = {
#define REDEMPTIONS_NAME(name) [REDEMPTIONS_##name] = #name,
    REDEMPTIONS_STATES(REDEMPTIONS_NAME)
#undef REDEMPTIONS_NAME
};

const char *redemptions_state_name(enum redemptions_state state)
{
    return states[state];
}

/* ---- reading --------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "SELECT r.id, r.public_id, r.person_id, r.state, r.made_ms, r.expires_ms, r.ended_ms, "        \
    "r.entry_id, (SELECT -settled FROM points_entries WHERE id = r.entry_id), r.reward_id, "       \
    "r.code_hash FROM redemptions r "

/* The code that follows from the key, if it is still the one that was given. */
static void tell_code(struct db_query *q, const unsigned char *key,
                      struct redemptions_redemption *r)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    char code[SECRETS_CODE_SIZE];
    size_t len;
    const void *kept = db_blob(q, 10, &len);
    if (!key || r->state != REDEMPTIONS_open) return;
    secrets_code(key, r->public_id, code);
    secrets_sha256(code, strlen(code), hash);
    if (len == sizeof hash && memcmp(hash, kept, len) == 0) memcpy(r->code, code, sizeof code);
}

static enum redemptions_state state_of(const char *name)
{
    for (int i = 0; i < REDEMPTIONS_STATE_COUNT; i++)
        if (strcmp(states[i], name) == 0) return (enum redemptions_state)i;
    return REDEMPTIONS_open;
}

/* The row that a statement is at; its reward comes after that is done. */
static void read_row(struct db_query *q, const unsigned char *key,
                     struct redemptions_redemption *found)
{
    *found = (struct redemptions_redemption){.id = db_int(q, 0),
                                             .person = db_int(q, 2),
                                             .state = state_of(db_text(q, 3)),
                                             .made_ms = db_int(q, 4),
                                             .expires_ms = db_int(q, 5),
                                             .ended_ms = db_int(q, 6),
                                             .entry = db_int(q, 7),
                                             .cost = db_int(q, 8),
                                             .reward = {.id = db_int(q, 9)}};
    (void)snprintf(found->public_id, sizeof found->public_id, "%s", db_text(q, 1));
    tell_code(q, key, found);
}

static enum err read_one(struct db *db, struct db_query *q, const unsigned char *key,
                         struct arena *arena, struct redemptions_redemption *found)
{
    bool row = false;
    enum err e = db_step(q, &row);
    if (!e && row) read_row(q, key, found);
    db_done(q);
    if (e) return e;
    return row ? rewards_find(db, found->reward.id, arena, &found->reward) : ERR_NOTFOUND;
}

enum err redemptions_find(struct db *db, const char *public_id, const unsigned char *key,
                          struct arena *arena, struct redemptions_redemption *found)
{
    struct db_query *q;
    enum err e = db_prepare(db, COLUMNS "WHERE r.public_id = :id", &q);
    if (e) return e;
    db_bind_text(q, ":id", public_id);
    return read_one(db, q, key, arena, found);
}

enum err redemptions_list(struct db *db, int64_t person, int64_t before, size_t limit,
                          const unsigned char *key, struct arena *arena,
                          const struct redemptions_redemption **list, size_t *count, bool *more)
{
    struct redemptions_redemption *made = arena_calloc(arena, limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            COLUMNS "WHERE r.person_id = :person AND r.id < :before ORDER BY r.id "
                                    "DESC LIMIT :limit",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":before", before ? before : INT64_MAX);
    db_bind_int(q, ":limit", (int64_t)limit + 1);
    for (; n <= limit && !(e = db_step(q, &row)) && row; n++)
        read_row(q, key, &made[n]);
    db_done(q);
    for (size_t i = 0; i < n && !e; i++)
        e = rewards_find(db, made[i].reward.id, arena, &made[i].reward);
    if (e) return e;
    *more = n > limit;
    *count = *more ? limit : n;
    *list = made;
    return ERR_OK;
}

/* ---- giving points for it -------------------------------------------------------------------- */

struct work {
    const struct redemptions_wish *wish;
    const struct answers_reply *reply;
    struct arena *arena;
    struct redemptions_redemption *made;
    struct idempotency_answer *answer;
    struct why *why;
};

/* How many of it are somebody's that were not given back. */
static enum err count_theirs(struct db *db, int64_t reward, int64_t person, int64_t *count)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(db,
                            "SELECT count(*) FROM redemptions WHERE person_id = :person AND "
                            "reward_id = :reward AND state IN ('open', 'spent')",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":reward", reward);
    if (!(e = db_step(q, &row))) *count = db_int(q, 0);
    db_done(q);
    return e;
}

static enum err judge(struct db *db, const struct work *w, const struct rewards_reward *r)
{
    const struct redemptions_wish *wish = w->wish;
    struct points_balance balance = {0};
    int64_t theirs = 0;
    if (r->ended_ms || wish->now_ms < r->from_ms || (r->to_ms && wish->now_ms >= r->to_ms))
        return err_say(w->why, ERR_CONFLICT, "the reward is not given at present");
    if (r->taken >= r->supply)
        return err_say(w->why, ERR_CONFLICT, "nothing is left of the reward");
    enum err e = count_theirs(db, r->id, wish->person, &theirs);
    if (!e && r->per_person && theirs >= r->per_person)
        return err_say(w->why, ERR_CONFLICT, "one person gets it %lld times at most",
                       (long long)r->per_person);
    if (!e) e = points_balance(db, wish->person, r->kind, &balance);
    if (!e && balance.settled < r->cost)
        return err_say(w->why, ERR_CONFLICT, "it costs %lld points, and there are %lld",
                       (long long)r->cost, (long long)balance.settled);
    return e;
}

/* The one change of the stock: `by` is 1 or -1. */
static enum err take_stock(struct db *db, int64_t reward, int by)
{
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE rewards SET taken = taken + :by WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":by", by);
    db_bind_int(q, ":id", reward);
    return db_run(q, NULL);
}

static enum err insert(struct db *db, const struct work *w, const struct rewards_reward *r,
                       int64_t entry, const char *public_id)
{
    const struct redemptions_wish *wish = w->wish;
    unsigned char hash[SECRETS_HASH_BYTES];
    char code[SECRETS_CODE_SIZE];
    struct db_query *q;
    secrets_code(wish->key, public_id, code);
    secrets_sha256(code, strlen(code), hash);
    enum err e = db_prepare(db,
                            "INSERT INTO redemptions (public_id, reward_id, person_id, entry_id, "
                            "code_hash, state, made_ms, expires_ms) VALUES (:public, :reward, "
                            ":person, :entry, :hash, 'open', :now, :expires)",
                            &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    db_bind_int(q, ":reward", r->id);
    db_bind_int(q, ":person", wish->person);
    db_bind_int(q, ":entry", entry);
    db_bind_blob(q, ":hash", hash, sizeof hash);
    db_bind_int(q, ":now", wish->now_ms);
    db_bind_int(q, ":expires", wish->now_ms + r->code_days * DAY_MS);
    return db_run(q, NULL);
}

static enum err make(struct db *db, void *user)
{
    struct work *w = user;
    const struct redemptions_wish *wish = w->wish;
    struct rewards_reward r;
    char public_id[SECRETS_ID_SIZE];
    int64_t entry = 0;
    bool done = false;
    enum err e = answers_find(db, w->reply, wish->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    e = rewards_find(db, wish->reward, w->arena, &r);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such reward");
    if (!e) e = judge(db, w, &r);
    if (e) return e;
    const struct points_entry spent = {.person = wish->person,
                                       .kind = r.kind,
                                       .phase = POINTS_spent,
                                       .settled = -r.cost,
                                       .rule = "reward",
                                       .source = "reward",
                                       .source_id = r.id,
                                       .area_id = r.area_id,
                                       .reason = r.name,
                                       .at_ms = wish->now_ms};
    secrets_public_id(public_id);
    e = points_add(db, &spent, &entry);
    if (!e) e = take_stock(db, r.id, 1);
    if (!e) e = insert(db, w, &r, entry, public_id);
    if (!e) e = redemptions_find(db, public_id, wish->key, w->arena, w->made);
    return e ? e : answers_keep(db, w->reply, public_id, wish->now_ms, w->arena, w->answer);
}

/* A failure always has a sentence. */
static enum err run(struct db *db, enum err (*step)(struct db *db, void *user), void *work,
                    struct why *said, struct why *why)
{
    enum err e = db_write(db, step, work);
    if (e && !said->text[0]) (void)err_say(said, e, "cannot store it: %s", db_error(db));
    return e ? err_say(why, e, "%s", said->text) : ERR_OK;
}

enum err redemptions_make(struct db *db, const struct redemptions_wish *wish,
                          const struct answers_reply *reply, struct arena *arena,
                          struct redemptions_redemption *made, struct idempotency_answer *answer,
                          struct why *why)
{
    struct why said = {""};
    struct work w = {wish, reply, arena, made, answer, &said};
    return run(db, make, &w, &said, why);
}

/* ---- ending ---------------------------------------------------------------------------------- */

/* Whose it is learns what they did not do themselves. */
static enum err tell(struct db *db, const struct redemptions_redemption *r,
                     enum redemptions_state state, int64_t now_ms)
{
    char about[64];
    if (state != REDEMPTIONS_spent && state != REDEMPTIONS_expired) return ERR_OK;
    (void)snprintf(about, sizeof about, "/v1/me/redemptions/%s", r->public_id);
    const struct inbox_message message = {.person = r->person,
                                          .verb = state == REDEMPTIONS_spent ? INBOX_reward_spent
                                                                             : INBOX_reward_expired,
                                          .about = about,
                                          .title = r->reward.name};
    return inbox_put(db, &message, now_ms);
}

/* Marks it; the database lets one that is open end once. */
static enum err end(struct db *db, const struct redemptions_redemption *r,
                    enum redemptions_state state, int64_t by, int64_t now_ms)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE redemptions SET state = :state, ended_ms = :now, spent_by = "
                            "NULLIF(:by, 0) WHERE id = :id",
                            &q);
    if (e) return e;
    db_bind_text(q, ":state", states[state]);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":by", by);
    db_bind_int(q, ":id", r->id);
    e = db_run(q, NULL);
    if (!e) e = tell(db, r, state, now_ms);
    return e ? e : changes_add(db, CHANGES_points, r->id, states[state]);
}

/* Points and stock come back. */
static enum err give_back(struct db *db, const struct redemptions_redemption *r,
                          enum redemptions_state state, int64_t now_ms, struct arena *arena)
{
    struct points_entry spent;
    enum err e = end(db, r, state, 0, now_ms);
    if (!e) e = take_stock(db, r->reward.id, -1);
    if (!e) e = points_find(db, r->entry, arena, &spent);
    if (e) return e;
    struct points_entry back = spent;
    back.phase = POINTS_returned;
    back.of = spent.id;
    back.at_ms = now_ms;
    e = points_credit(db, -spent.settled, &back);
    return e ? e : points_add(db, &back, NULL);
}

struct cancelling {
    const char *public_id;
    int64_t person, now_ms;
    struct arena *arena;
    struct redemptions_redemption *found;
    struct why *why;
};

static enum err cancel(struct db *db, void *user)
{
    struct cancelling *c = user;
    enum err e = redemptions_find(db, c->public_id, NULL, c->arena, c->found);
    if (!e && c->found->person != c->person) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND) return err_say(c->why, e, "there is no such redemption");
    if (e || c->found->state == REDEMPTIONS_cancelled) return e;
    if (c->found->state != REDEMPTIONS_open)
        return err_say(c->why, ERR_CONFLICT, "the code is %s", states[c->found->state]);
    e = give_back(db, c->found, REDEMPTIONS_cancelled, c->now_ms, c->arena);
    return e ? e : redemptions_find(db, c->public_id, NULL, c->arena, c->found);
}

enum err redemptions_cancel(struct db *db, const char *public_id, int64_t person, int64_t now_ms,
                            struct arena *arena, struct redemptions_redemption *found,
                            struct why *why)
{
    struct why said = {""};
    struct cancelling c = {public_id, person, now_ms, arena, found, &said};
    return run(db, cancel, &c, &said, why);
}

/* ---- handing over ---------------------------------------------------------------------------- */

struct verifying {
    const struct redemptions_check *check;
    const struct answers_reply *reply;
    struct arena *arena;
    struct redemptions_redemption *found;
    struct idempotency_answer *answer;
    enum err verdict; /* while the guess is kept */
    struct why *why;
};

static enum err find_code(struct db *db, const struct verifying *v)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    char code[SECRETS_CODE_SIZE];
    struct db_query *q;
    if (!secrets_code_read(v->check->code, code)) return ERR_NOTFOUND;
    secrets_sha256(code, strlen(code), hash);
    enum err e = db_prepare(db, COLUMNS "WHERE r.code_hash = :hash", &q);
    if (e) return e;
    db_bind_blob(q, ":hash", hash, sizeof hash);
    return read_one(db, q, NULL, v->arena, v->found);
}

static enum err judge_code(const struct verifying *v)
{
    const struct redemptions_redemption *r = v->found;
    if (!v->check->may(v->check->user, r->reward.area_id))
        return err_say(v->why, ERR_DENIED, "the reward is not yours to hand over");
    if (r->state != REDEMPTIONS_open)
        return err_say(v->why, ERR_CONFLICT, "the code is %s", states[r->state]);
    if (r->expires_ms <= v->check->now_ms)
        return err_say(v->why, ERR_CONFLICT, "the code is expired");
    return ERR_OK;
}

static enum err hand_over(struct db *db, struct verifying *v)
{
    const struct redemptions_check *check = v->check;
    enum err e = ERR_OK;
    if (!check->dry) e = end(db, v->found, REDEMPTIONS_spent, check->by, check->now_ms);
    if (!e && !check->dry) e = redemptions_find(db, v->found->public_id, NULL, v->arena, v->found);
    return e ? e
             : answers_keep(db, v->reply, v->found->public_id, check->now_ms, v->arena, v->answer);
}

/* A guess is kept although it fails. */
static enum err verify(struct db *db, void *user)
{
    struct verifying *v = user;
    const struct redemptions_check *check = v->check;
    char who[40];
    int64_t until_ms = 0;
    bool done = false;
    enum err e = answers_find(db, v->reply, check->now_ms, v->arena, v->answer, &done, v->why);
    if (e || done) return e;
    (void)snprintf(who, sizeof who, "code:%lld", (long long)check->by);
    e = guesses_locked(db, who, check->now_ms, &until_ms);
    if (e) return e;
    if (until_ms) {
        v->verdict =
            err_say(v->why, ERR_LIMIT, "too many codes were wrong: try again in %d minutes",
                    GUESSES_LOCK_MIN);
        return ERR_OK;
    }
    e = find_code(db, v);
    if (e == ERR_NOTFOUND) {
        v->verdict = err_say(v->why, e, "there is no such code");
        return guesses_count(db, who, check->now_ms, false);
    }
    if (e) return e;
    v->verdict = judge_code(v);
    if (v->verdict) return ERR_OK;
    e = guesses_count(db, who, check->now_ms, true);
    return e ? e : hand_over(db, v);
}

enum err redemptions_verify(struct db *db, const struct redemptions_check *check,
                            const struct answers_reply *reply, struct arena *arena,
                            struct redemptions_redemption *found, struct idempotency_answer *answer,
                            struct why *why)
{
    struct why said = {""};
    struct verifying v = {check, reply, arena, found, answer, ERR_OK, &said};
    enum err e = run(db, verify, &v, &said, why);
    return e || !v.verdict ? e : err_say(why, v.verdict, "%s", said.text);
}

/* ---- giving back ----------------------------------------------------------------------------- */

struct expiring {
    int64_t now_ms;
    size_t max, count;
};

/* The next that is open: of a person, or one whose time is over (`person` 0). */
static enum err next_open(struct db *db, int64_t person, int64_t now_ms, struct arena *arena,
                          struct redemptions_redemption *found)
{
    struct db_query *q;
    enum err e =
        db_prepare(db,
                   person ? COLUMNS "WHERE r.person_id = :person AND r.state = 'open' AND :now > 0 "
                                    "LIMIT 1"
                          : COLUMNS "WHERE r.state = 'open' AND r.expires_ms <= :now AND :person = "
                                    "0 ORDER BY r.expires_ms LIMIT 1",
                   &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":now", now_ms);
    return read_one(db, q, NULL, arena, found);
}

static enum err give_back_each(struct db *db, int64_t person, int64_t now_ms,
                               enum redemptions_state state, size_t max, size_t *count)
{
    struct redemptions_redemption r;
    struct arena arena;
    enum err e = ERR_OK;
    arena_init(&arena, 0);
    while (*count < max && !(e = next_open(db, person, now_ms, &arena, &r))) {
        if ((e = give_back(db, &r, state, now_ms, &arena))) break;
        ++*count;
        arena_reset(&arena);
    }
    arena_fini(&arena);
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

static enum err expire(struct db *db, void *user)
{
    struct expiring *x = user;
    x->count = 0;
    return give_back_each(db, 0, x->now_ms, REDEMPTIONS_expired, x->max, &x->count);
}

enum err redemptions_expire(struct db *db, int64_t now_ms, size_t max, size_t *count)
{
    struct expiring x = {.now_ms = now_ms, .max = max};
    enum err e = db_write(db, expire, &x);
    if (!e) *count = x.count;
    return e;
}

enum err redemptions_forget(struct db *db, int64_t person, int64_t now_ms)
{
    size_t count = 0;
    return give_back_each(db, person, now_ms, REDEMPTIONS_cancelled, SIZE_MAX, &count);
}
