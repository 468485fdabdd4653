#include "data/webhooks.h"

#include "data/changes.h"

#include <string.h>

/* Whom a webhook is told for has to be there still, and the key it came with. */
#define LIVING                                                                                     \
    "FROM webhooks w JOIN people p ON p.id = w.person_id WHERE w.ended_ms IS NULL AND "            \
    "p.disabled_ms IS NULL AND (w.key_hash IS NULL OR EXISTS (SELECT 1 FROM tokens t WHERE "       \
    "t.hash = w.key_hash AND t.ended_ms IS NULL)) "

struct adding {
    const struct webhooks_hook *fresh;
    const unsigned char *key;
    const char *secret;
    int64_t id;
    struct why *why;
};

static enum err check_room(struct db *db, const struct adding *a)
{
    struct db_query *q;
    bool row = false;
    int64_t own = 0, all = 0;
    enum err e = db_prepare(db, "SELECT count(*), sum(w.person_id = :person) " LIVING, &q);
    if (e) return e;
    db_bind_int(q, ":person", a->fresh->person);
    if (!(e = db_step(q, &row)) && row) {
        all = db_int(q, 0);
        own = db_int(q, 1);
    }
    db_done(q);
    if (e) return e;
    if (own >= WEBHOOKS_OF_PERSON)
        return err_say(a->why, ERR_LIMIT, "you have %d webhooks already: end one of them",
                       WEBHOOKS_OF_PERSON);
    if (all >= WEBHOOKS_MAX)
        return err_say(a->why, ERR_LIMIT, "there are %d webhooks already", WEBHOOKS_MAX);
    return ERR_OK;
}

static enum err add(struct db *db, void *user)
{
    struct adding *a = user;
    const struct webhooks_hook *h = a->fresh;
    struct db_query *q;
    int64_t told = 0;
    enum err e = check_room(db, a);
    if (!e) e = changes_last(db, &told);
    if (e) return e;
    e = db_prepare(db,
                   "INSERT INTO webhooks (person_id, key_hash, url, secret, kind, category, verb, "
                   "area_id, told, created_ms) VALUES (:person, :key, :url, :secret, :kind, "
                   ":category, :verb, NULLIF(:area, 0), :told, :now)",
                   &q);
    if (e) return e;
    db_bind_int(q, ":person", h->person);
    if (a->key)
        db_bind_blob(q, ":key", a->key, SECRETS_HASH_BYTES);
    else
        db_bind_null(q, ":key");
    db_bind_text(q, ":url", h->url);
    db_bind_text(q, ":secret", a->secret);
    db_bind_text(q, ":kind", h->kind);
    db_bind_text(q, ":category", h->category);
    db_bind_text(q, ":verb", h->verb);
    db_bind_int(q, ":area", h->area_id);
    db_bind_int(q, ":told", told);
    db_bind_int(q, ":now", h->created_ms);
    if ((e = db_run(q, NULL))) return e;
    a->id = db_last_id(db);
    return changes_add(db, CHANGES_webhooks, a->id, "added");
}

enum err webhooks_add(struct db *db, const struct webhooks_hook *fresh,
                      const unsigned char key[SECRETS_HASH_BYTES], char secret[SECRETS_TOKEN_SIZE],
                      int64_t *id, struct why *why)
{
    char made[SECRETS_TOKEN_SIZE];
    struct adding adding = {.fresh = fresh, .key = key, .secret = made, .why = why};
    secrets_token("yzw", made);
    enum err e = db_write(db, add, &adding);
    if (e) return e;
    memcpy(secret, made, sizeof made);
    *id = adding.id;
    return ERR_OK;
}

static enum err read_one(struct db_query *q, struct arena *arena, struct webhooks_hook *hook)
{
    *hook = (struct webhooks_hook){.id = db_int(q, 0),
                                   .person = db_int(q, 1),
                                   .url = arena_strdup(arena, db_text(q, 2)),
                                   .secret = arena_strdup(arena, db_text(q, 3)),
                                   .kind = arena_strdup(arena, db_text(q, 4)),
                                   .category = arena_strdup(arena, db_text(q, 5)),
                                   .verb = arena_strdup(arena, db_text(q, 6)),
                                   .area_id = db_int(q, 7),
                                   .told = db_int(q, 8),
                                   .created_ms = db_int(q, 9),
                                   .waiting = db_int(q, 10),
                                   .dead = db_int(q, 11)};
    return hook->url && hook->secret && hook->kind && hook->category && hook->verb ? ERR_OK
                                                                                   : ERR_NOMEM;
}

static enum err read_all(struct db_query *q, struct arena *arena,
                         const struct webhooks_hook **hooks, size_t *count)
{
    size_t n = 0;
    bool row = false;
    enum err e = ERR_OK;
    struct webhooks_hook *list = arena_calloc(arena, WEBHOOKS_MAX, sizeof *list);
    if (!list) e = ERR_NOMEM;
    while (!e && n < WEBHOOKS_MAX && !(e = db_step(q, &row)) && row)
        e = read_one(q, arena, &list[n++]);
    db_done(q);
    if (e) return e;
    *hooks = list;
    *count = n;
    return ERR_OK;
}

#define COLUMNS                                                                                    \
    "SELECT w.id, w.person_id, w.url, w.secret, w.kind, w.category, w.verb, w.area_id, w.told, "   \
    "w.created_ms, "
#define COUNTED(state)                                                                             \
    "(SELECT count(*) FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = '" state   \
    "')"

enum err webhooks_list(struct db *db, int64_t person, int64_t only, struct arena *arena,
                       const struct webhooks_hook **hooks, size_t *count)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        COLUMNS COUNTED("waiting") ", " COUNTED(
            "dead") " " LIVING
                    "AND :person IN (0, w.person_id) AND :only IN (0, w.id) ORDER BY w.id",
        &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":only", only);
    return read_all(q, arena, hooks, count);
}

enum err webhooks_living(struct db *db, struct arena *arena, const struct webhooks_hook **hooks,
                         size_t *count)
{
    struct db_query *q;
    enum err e = db_prepare(db, COLUMNS "0, 0 " LIVING "ORDER BY w.id", &q);
    return e ? e : read_all(q, arena, hooks, count);
}

enum err webhooks_told(struct db *db, int64_t *told)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT min(w.told) " LIVING, &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) *told = row && !db_is_null(q, 0) ? db_int(q, 0) : INT64_MAX - 1;
    db_done(q);
    return e;
}

struct ending {
    int64_t id, now_ms;
};

static enum err end(struct db *db, void *user)
{
    const struct ending *ending = user;
    struct db_query *q;
    int64_t changed = 0;
    enum err e = db_prepare(
        db, "UPDATE webhooks SET ended_ms = :now WHERE id = :id AND ended_ms IS NULL", &q);
    if (e) return e;
    db_bind_int(q, ":now", ending->now_ms);
    db_bind_int(q, ":id", ending->id);
    if ((e = db_run(q, &changed))) return e;
    if (!changed) return ERR_NOTFOUND;
    e = db_prepare(db,
                   "UPDATE webhook_deliveries SET state = 'dropped', changed_ms = :now WHERE "
                   "webhook_id = :id AND state = 'waiting'",
                   &q);
    if (e) return e;
    db_bind_int(q, ":now", ending->now_ms);
    db_bind_int(q, ":id", ending->id);
    if ((e = db_run(q, NULL))) return e;
    return changes_add(db, CHANGES_webhooks, ending->id, "ended");
}

enum err webhooks_end(struct db *db, int64_t id, int64_t now_ms)
{
    struct ending ending = {id, now_ms};
    return db_write(db, end, &ending);
}
