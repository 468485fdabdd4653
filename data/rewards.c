#include "data/rewards.h"

#include "data/changes.h"
#include "data/record.h"

#include <stdio.h>
#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "SELECT id, version, name, name_en, description, kind, cost, supply, taken, from_ms, to_ms, "  \
    "code_days, per_person, area_id, ended_ms, created_ms, updated_ms FROM rewards "

static enum err read_row(struct db_query *q, struct arena *arena, struct rewards_reward *reward)
{
    struct rewards_reward r = {.id = db_int(q, 0),
                               .version = db_int(q, 1),
                               .name = arena_strdup(arena, db_text(q, 2)),
                               .name_en = arena_strdup(arena, db_text(q, 3)),
                               .description = arena_strdup(arena, db_text(q, 4)),
                               .kind = arena_strdup(arena, db_text(q, 5)),
                               .cost = db_int(q, 6),
                               .supply = db_int(q, 7),
                               .taken = db_int(q, 8),
                               .from_ms = db_int(q, 9),
                               .to_ms = db_int(q, 10),
                               .code_days = db_int(q, 11),
                               .per_person = db_int(q, 12),
                               .area_id = db_int(q, 13),
                               .ended_ms = db_int(q, 14),
                               .created_ms = db_int(q, 15),
                               .updated_ms = db_int(q, 16)};
    if (!r.name || !r.name_en || !r.description || !r.kind) return ERR_NOMEM;
    *reward = r;
    return ERR_OK;
}

enum err rewards_find(struct db *db, int64_t id, struct arena *arena, struct rewards_reward *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, COLUMNS "WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

enum err rewards_list(struct db *db, const struct rewards_filter *filter, struct arena *arena,
                      const struct rewards_reward **list, size_t *count, bool *more)
{
    struct rewards_reward *made = arena_calloc(arena, filter->limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(
        db,
        COLUMNS "WHERE id < :before AND (:kind IS NULL OR kind = :kind) AND (NOT :open OR "
                "(ended_ms IS NULL AND from_ms <= :now AND (to_ms IS NULL OR to_ms > :now) AND "
                "taken < supply)) ORDER BY id DESC LIMIT :limit",
        &q);
    if (e) return e;
    db_bind_int(q, ":before", filter->before ? filter->before : INT64_MAX);
    db_bind_text(q, ":kind", filter->kind);
    db_bind_int(q, ":open", filter->only_open);
    db_bind_int(q, ":now", filter->now_ms);
    db_bind_int(q, ":limit", (int64_t)filter->limit + 1);
    while (n <= filter->limit && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, arena, &made[n++]))) break;
    db_done(q);
    if (e) return e;
    *more = n > filter->limit;
    *count = *more ? filter->limit : n;
    *list = made;
    return ERR_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct work {
    struct rewards_reward *reward;
    int64_t by, now_ms;
    const struct answers_reply *reply;
    struct idempotency_answer *answer;
    struct arena *arena;
    struct why *why;
};

static enum err check(const struct points_rules *rules, const struct rewards_reward *r,
                      struct why *why)
{
    enum err e = record_text("name", r->name, 1, REWARDS_NAME_MAX, why);
    if (!e) e = record_text("name_en", r->name_en, 0, REWARDS_NAME_MAX, why);
    if (!e) e = record_text("description", r->description, 0, REWARDS_DESCRIPTION_MAX, why);
    if (!e && !points_rules_find(rules, r->kind))
        e = err_say(why, ERR_INVALID, "kind: there are no points \"%s\"", r->kind);
    if (!e) e = record_number("cost", r->cost, 1, POINTS_RULES_MAX, why);
    if (!e) e = record_number("supply", r->supply, 0, REWARDS_SUPPLY_MAX, why);
    if (!e) e = record_number("code_days", r->code_days, 1, REWARDS_CODE_DAYS_MAX, why);
    if (!e) e = record_number("per_person", r->per_person, 0, REWARDS_SUPPLY_MAX, why);
    if (!e && r->to_ms && r->to_ms <= r->from_ms)
        e = err_say(why, ERR_INVALID, "to must be later than from");
    return e;
}

static enum err put(struct db *db, const struct work *w, const char *sql)
{
    const struct rewards_reward *r = w->reward;
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", r->id);
    db_bind_text(q, ":name", r->name);
    db_bind_text(q, ":name_en", r->name_en);
    db_bind_text(q, ":description", r->description);
    db_bind_text(q, ":kind", r->kind);
    db_bind_int(q, ":cost", r->cost);
    db_bind_int(q, ":supply", r->supply);
    db_bind_int(q, ":from", r->from_ms);
    db_bind_int(q, ":to", r->to_ms);
    db_bind_int(q, ":days", r->code_days);
    db_bind_int(q, ":each", r->per_person);
    db_bind_int(q, ":area", r->area_id);
    db_bind_int(q, ":by", w->by);
    db_bind_int(q, ":now", w->now_ms);
    return db_run(q, NULL);
}

static enum err create(struct db *db, void *user)
{
    struct work *w = user;
    char number[24];
    bool done = false;
    enum err e = answers_find(db, w->reply, w->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    e = put(db, w,
            "INSERT INTO rewards (id, version, name, name_en, description, kind, cost, supply, "
            "from_ms, to_ms, code_days, per_person, area_id, created_by, created_ms, updated_ms) "
            "VALUES (NULLIF(:id, 0), 1, :name, :name_en, :description, :kind, :cost, :supply, "
            ":from, NULLIF(:to, 0), :days, :each, NULLIF(:area, 0), :by, :now, :now)");
    if (!e) e = rewards_find(db, db_last_id(db), w->arena, w->reward);
    if (e) return e;
    e = changes_add(db, CHANGES_points, w->reward->id, "reward_made");
    (void)snprintf(number, sizeof number, "%lld", (long long)w->reward->id);
    return e ? e : answers_keep(db, w->reply, number, w->now_ms, w->arena, w->answer);
}

/* The reward as it is, if its writer saw it so. */
static enum err find_present(struct db *db, const struct work *w, struct rewards_reward *now)
{
    enum err e = rewards_find(db, w->reward->id, w->arena, now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such reward");
    if (!e) e = record_seen("the reward", now->version, w->reward->version, w->why);
    if (!e && now->ended_ms) return err_say(w->why, ERR_CONFLICT, "the reward was ended");
    return e;
}

static enum err change(struct db *db, void *user)
{
    struct work *w = user;
    struct rewards_reward now;
    enum err e = find_present(db, w, &now);
    if (e) return e;
    if (w->reward->supply < now.taken)
        return err_say(w->why, ERR_CONFLICT, "supply: %lld are taken already",
                       (long long)now.taken);
    e = put(db, w,
            "UPDATE rewards SET version = version + 1, name = :name, name_en = :name_en, "
            "description = :description, kind = :kind, cost = :cost, supply = :supply, from_ms = "
            ":from, to_ms = NULLIF(:to, 0), code_days = :days, per_person = :each, area_id = "
            "NULLIF(:area, 0), updated_ms = :now WHERE id = :id AND :by = 0");
    if (!e) e = rewards_find(db, w->reward->id, w->arena, w->reward);
    return e ? e : changes_add(db, CHANGES_points, w->reward->id, "reward_changed");
}

static enum err end(struct db *db, void *user)
{
    struct work *w = user;
    struct rewards_reward now;
    struct db_query *q;
    enum err e = find_present(db, w, &now);
    if (!e)
        e = db_prepare(db,
                       "UPDATE rewards SET version = version + 1, ended_ms = :now, updated_ms = "
                       ":now WHERE id = :id",
                       &q);
    if (e) return e;
    db_bind_int(q, ":id", now.id);
    db_bind_int(q, ":now", w->now_ms);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_points, now.id, "reward_ended");
}

enum err rewards_create(struct db *db, const struct points_rules *rules, int64_t by,
                        const struct answers_reply *reply, int64_t now_ms, struct arena *arena,
                        struct rewards_reward *reward, struct idempotency_answer *answer,
                        struct why *why)
{
    struct work w = {.reward = reward,
                     .by = by,
                     .now_ms = now_ms,
                     .reply = reply,
                     .answer = answer,
                     .arena = arena};
    enum err e = check(rules, reward, why);
    return e ? e : db_write_said(db, create, &w, &w.why, why);
}

enum err rewards_change(struct db *db, const struct points_rules *rules, int64_t now_ms,
                        struct arena *arena, struct rewards_reward *reward, struct why *why)
{
    struct work w = {.reward = reward, .now_ms = now_ms, .arena = arena};
    enum err e = check(rules, reward, why);
    return e ? e : db_write_said(db, change, &w, &w.why, why);
}

enum err rewards_end(struct db *db, int64_t id, int64_t version, int64_t now_ms, struct why *why)
{
    struct rewards_reward reward = {.id = id, .version = version};
    struct arena arena;
    arena_init(&arena, 0);
    struct work w = {.reward = &reward, .now_ms = now_ms, .arena = &arena};
    enum err e = db_write_said(db, end, &w, &w.why, why);
    arena_fini(&arena);
    return e;
}
