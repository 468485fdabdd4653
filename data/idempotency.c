#include "data/idempotency.h"

#include <string.h>

static const int64_t kept_ms = 24 * 3600 * (int64_t)1000;

bool idempotency_key_ok(const char *key)
{
    size_t n = 0;
    for (; key[n]; n++)
        if (n == IDEMPOTENCY_KEY_MAX || key[n] < 0x21 || key[n] > 0x7E) return false;
    return n > 0;
}

static enum err read_answer(struct db_query *q, const struct idempotency *request,
                            struct arena *arena, struct idempotency_answer *answer)
{
    size_t hash_len, len;
    const void *hash = db_blob(q, 0, &hash_len);
    if (hash_len != SECRETS_HASH_BYTES || memcmp(hash, request->body_hash, hash_len) != 0)
        return ERR_CONFLICT;
    const void *bytes = db_blob(q, 2, &len);
    const char *body = arena_strndup(arena, bytes, len);
    const char *subject = arena_strdup(arena, db_text(q, 3));
    if (!body || !subject) return ERR_NOMEM;
    *answer = (struct idempotency_answer){(int)db_int(q, 1), body, len, subject};
    return ERR_OK;
}

enum err idempotency_find(struct db *db, const struct idempotency *request, int64_t now_ms,
                          struct arena *arena, struct idempotency_answer *answer)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT body_hash, status, answer, subject FROM idempotency "
                            "WHERE scope = :scope AND key = :key AND expires_ms > :now",
                            &q);
    if (e) return e;
    db_bind_text(q, ":scope", request->scope);
    db_bind_text(q, ":key", request->key);
    db_bind_int(q, ":now", now_ms);
    if (!(e = db_step(q, &row))) e = row ? read_answer(q, request, arena, answer) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

static enum err forget_expired(struct db *db, int64_t now_ms)
{
    struct db_query *q;
    enum err e = db_prepare(db, "DELETE FROM idempotency WHERE expires_ms <= :now", &q);
    if (e) return e;
    db_bind_int(q, ":now", now_ms);
    return db_run(q, NULL);
}

enum err idempotency_keep(struct db *db, const struct idempotency *request, int64_t now_ms,
                          const struct idempotency_answer *answer)
{
    struct db_query *q;
    enum err e = forget_expired(db, now_ms);
    if (e) return e;
    e = db_prepare(db,
                   "INSERT INTO idempotency (scope, key, body_hash, status, answer, subject, "
                   "expires_ms) VALUES (:scope, :key, :hash, :status, :answer, :subject, :expires)",
                   &q);
    if (e) return e;
    db_bind_text(q, ":scope", request->scope);
    db_bind_text(q, ":key", request->key);
    db_bind_blob(q, ":hash", request->body_hash, sizeof request->body_hash);
    db_bind_int(q, ":status", answer->status);
    db_bind_blob(q, ":answer", answer->body, answer->len);
    db_bind_text(q, ":subject", answer->subject);
    db_bind_int(q, ":expires", request->until_ms ? request->until_ms : now_ms + kept_ms);
    return db_run(q, NULL);
}

static enum err forget_now(struct db *db, void *user)
{
    return forget_expired(db, *(const int64_t *)user);
}

enum err idempotency_forget(struct db *db, int64_t now_ms)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT 1 FROM idempotency WHERE expires_ms <= :now LIMIT 1", &q);
    if (e) return e;
    db_bind_int(q, ":now", now_ms);
    e = db_step(q, &row);
    db_done(q);
    return e || !row ? e : db_write(db, forget_now, &now_ms);
}

enum err idempotency_forget_person(struct db *db, int64_t person)
{
    struct db_query *q;
    enum err e =
        db_prepare(db,
                   "DELETE FROM idempotency WHERE scope GLOB '* ' || :person OR (scope GLOB 'POST "
                   "/v1/points*' AND subject IN (SELECT CAST(id AS TEXT) FROM points_entries WHERE "
                   "person_id = :person))",
                   &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    return db_run(q, NULL);
}
