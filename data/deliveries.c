#include "data/deliveries.h"

#include "data/changes.h"

#include <string.h>

static const int64_t day_ms = 24 * 3600 * 1000;
enum { DONE_DAYS = 7, DEAD_DAYS = 30 };

static const char *const names[DELIVERIES_STATES] = {[DELIVERIES_WAITING] = "waiting",
                                                     [DELIVERIES_DONE] = "done",
                                                     [DELIVERIES_DEAD] = "dead",
                                                     [DELIVERIES_DROPPED] = "dropped"};

const char *deliveries_state_name(enum deliveries_state state)
{
    return names[state];
}

int64_t deliveries_pause(int tries, int64_t first_ms, double chance)
{
    static const int times[DELIVERIES_TRIES - 1] = {1,   3,    12,   60,   180, 360,
                                                    720, 1440, 2880, 4320, 7200};
    int i = tries < 1 ? 0 : tries < DELIVERIES_TRIES ? tries - 1 : DELIVERIES_TRIES - 2;
    return (int64_t)((double)(times[i] * first_ms) * (0.8 + 0.4 * chance));
}

/* --- making --- */

struct queueing {
    const struct deliveries_new *fresh;
    size_t count;
    int64_t upto, now_ms;
};

static enum err make(struct db *db, const struct queueing *w, const struct deliveries_new *fresh)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO webhook_deliveries (webhook_id, number, state, next_ms, "
                            "created_ms, changed_ms) VALUES (:webhook, :number, 'waiting', :now, "
                            ":now, :now) ON CONFLICT DO NOTHING",
                            &q);
    if (e) return e;
    db_bind_int(q, ":webhook", fresh->webhook);
    db_bind_int(q, ":number", fresh->number);
    db_bind_int(q, ":now", w->now_ms);
    return db_run(q, NULL);
}

static enum err queue(struct db *db, void *user)
{
    const struct queueing *w = user;
    struct db_query *q;
    enum err e = ERR_OK;
    for (size_t i = 0; i < w->count && !e; i++)
        e = make(db, w, &w->fresh[i]);
    if (!e)
        e = db_prepare(
            db, "UPDATE webhooks SET told = :upto WHERE ended_ms IS NULL AND told < :upto", &q);
    if (e) return e;
    db_bind_int(q, ":upto", w->upto);
    return db_run(q, NULL);
}

enum err deliveries_queue(struct db *db, const struct deliveries_new *fresh, size_t count,
                          int64_t upto, int64_t now_ms)
{
    struct queueing w = {fresh, count, upto, now_ms};
    return db_write(db, queue, &w);
}

/* --- trying --- */

enum err deliveries_due(struct db *db, int64_t webhook, int64_t now_ms,
                        struct deliveries_delivery *due, size_t max, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db,
                            "SELECT id, number, tries FROM webhook_deliveries WHERE webhook_id = "
                            ":webhook AND state = 'waiting' AND next_ms <= :now ORDER BY next_ms, "
                            "id LIMIT :max",
                            &q);
    if (e) return e;
    db_bind_int(q, ":webhook", webhook);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":max", (int64_t)max);
    while (n < max && !(e = db_step(q, &row)) && row)
        due[n++] = (struct deliveries_delivery){.id = db_int(q, 0),
                                                .webhook = webhook,
                                                .number = db_int(q, 1),
                                                .tries = (int)db_int(q, 2),
                                                .error = ""};
    db_done(q);
    if (!e) *count = n;
    return e;
}

enum err deliveries_next(struct db *db, int64_t webhook, int64_t now_ms, int64_t *next_ms)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT min(next_ms) FROM webhook_deliveries WHERE webhook_id = "
                            ":webhook AND state = 'waiting' AND next_ms > :now",
                            &q);
    if (e) return e;
    db_bind_int(q, ":webhook", webhook);
    db_bind_int(q, ":now", now_ms);
    if (!(e = db_step(q, &row))) *next_ms = row && !db_is_null(q, 0) ? db_int(q, 0) : INT64_MAX;
    db_done(q);
    return e;
}

struct settling {
    const struct deliveries_outcome *outcomes;
    size_t count;
    int64_t now_ms;
};

static enum err settle_one(struct db *db, const struct deliveries_outcome *o, int64_t now_ms)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE webhook_deliveries SET state = :state, tries = tries + :tried, "
                            "status = :status, error = :error, next_ms = :next, changed_ms = :now "
                            "WHERE id = :id AND state = 'waiting'",
                            &q);
    if (e) return e;
    db_bind_text(q, ":state", names[o->state]);
    db_bind_int(q, ":tried", o->tried);
    db_bind_int(q, ":status", o->status);
    db_bind_text(q, ":error", o->error);
    db_bind_int(q, ":next", o->next_ms);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":id", o->id);
    return db_run(q, NULL);
}

static enum err settle(struct db *db, void *user)
{
    const struct settling *w = user;
    enum err e = ERR_OK;
    for (size_t i = 0; i < w->count && !e; i++)
        e = settle_one(db, &w->outcomes[i], w->now_ms);
    return e;
}

enum err deliveries_settle(struct db *db, const struct deliveries_outcome *outcomes, size_t count,
                           int64_t now_ms)
{
    struct settling w = {outcomes, count, now_ms};
    return db_write(db, settle, &w);
}

/* --- looking and asking again --- */

static enum deliveries_state state_of(const char *name)
{
    int s = 0;
    while (s < DELIVERIES_STATES && strcmp(names[s], name) != 0)
        s++;
    return (enum deliveries_state)s;
}

static enum err read_one(struct db_query *q, struct arena *arena, struct deliveries_delivery *d)
{
    *d = (struct deliveries_delivery){.id = db_int(q, 0),
                                      .webhook = db_int(q, 1),
                                      .number = db_int(q, 2),
                                      .state = state_of(db_text(q, 3)),
                                      .tries = (int)db_int(q, 4),
                                      .status = (int)db_int(q, 5),
                                      .error = arena_strdup(arena, db_text(q, 6)),
                                      .next_ms = db_int(q, 7),
                                      .created_ms = db_int(q, 8),
                                      .changed_ms = db_int(q, 9)};
    return d->error ? ERR_OK : ERR_NOMEM;
}

enum err deliveries_list(struct db *db, int64_t webhook, enum deliveries_state state,
                         int64_t before, size_t limit, struct arena *arena,
                         const struct deliveries_delivery **list, size_t *count, bool *more)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct deliveries_delivery *found = arena_calloc(arena, limit + 1, sizeof *found);
    if (!found) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT id, webhook_id, number, state, tries, status, error, next_ms, "
                            "created_ms, changed_ms FROM webhook_deliveries WHERE webhook_id = "
                            ":webhook AND (:state = '' OR state = :state) AND (:before = 0 OR id < "
                            ":before) ORDER BY id DESC LIMIT :limit",
                            &q);
    if (e) return e;
    db_bind_int(q, ":webhook", webhook);
    db_bind_text(q, ":state", state < DELIVERIES_STATES ? names[state] : "");
    db_bind_int(q, ":before", before);
    db_bind_int(q, ":limit", (int64_t)limit + 1);
    while (!e && n <= limit && !(e = db_step(q, &row)) && row)
        e = read_one(q, arena, &found[n++]);
    db_done(q);
    if (e) return e;
    *more = n > limit;
    *count = *more ? limit : n;
    *list = found;
    return ERR_OK;
}

struct asking {
    int64_t webhook, id, now_ms, count;
};

static enum err again(struct db *db, void *user)
{
    struct asking *a = user;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE webhook_deliveries SET state = 'waiting', tries = 0, next_ms = "
                            ":now, changed_ms = :now WHERE webhook_id = :webhook AND :id IN (0, "
                            "id) AND state = 'dead'",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", a->now_ms);
    db_bind_int(q, ":webhook", a->webhook);
    db_bind_int(q, ":id", a->id);
    if ((e = db_run(q, &a->count))) return e;
    return a->count ? changes_add(db, CHANGES_webhooks, a->webhook, "again") : ERR_OK;
}

enum err deliveries_again(struct db *db, int64_t webhook, int64_t id, int64_t now_ms,
                          int64_t *count)
{
    struct asking a = {webhook, id, now_ms, 0};
    enum err e = db_write(db, again, &a);
    if (!e) *count = a.count;
    return e;
}

static enum err purge(struct db *db, void *user)
{
    const int64_t now_ms = *(const int64_t *)user;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "DELETE FROM webhook_deliveries WHERE changed_ms < :done AND (state "
                            "IN ('done', 'dropped') OR changed_ms < :dead)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":dead", now_ms - DEAD_DAYS * day_ms);
    db_bind_int(q, ":done", now_ms - DONE_DAYS * day_ms);
    return db_run(q, NULL);
}

enum err deliveries_purge(struct db *db, int64_t now_ms)
{
    return db_write(db, purge, &now_ms);
}
