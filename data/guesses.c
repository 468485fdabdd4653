#include "data/guesses.h"

#include "data/secrets.h"

#include <string.h>

static const int64_t lock_ms = GUESSES_LOCK_MIN * (int64_t)60000;
static const int64_t day_ms = 24 * 3600 * (int64_t)1000;

static void bind_login(struct db_query *q, const char *login)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    secrets_sha256(login, strlen(login), hash);
    db_bind_blob(q, ":login", hash, sizeof hash);
}

enum err guesses_locked(struct db *db, const char *login, int64_t now_ms, int64_t *until_ms)
{
    struct db_query *q;
    bool row = false;
    int64_t until = 0;
    enum err e =
        db_prepare(db, "SELECT locked_until_ms FROM guesses WHERE login_hash = :login", &q);
    if (e) return e;
    bind_login(q, login);
    if (!(e = db_step(q, &row)) && row) until = db_int(q, 0);
    db_done(q);
    if (!e) *until_ms = until > now_ms ? until : 0;
    return e;
}

/* What is old, and the oldest of too many. */
static enum err forget(struct db *db, int64_t now_ms)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "DELETE FROM guesses WHERE at_ms < :before OR at_ms <= (SELECT at_ms "
                            "FROM guesses ORDER BY at_ms DESC LIMIT 1 OFFSET :most)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":before", now_ms - day_ms);
    db_bind_int(q, ":most", GUESSES_LOGINS);
    return db_run(q, NULL);
}

static enum err fail(struct db *db, const char *login, int64_t now_ms)
{
    struct db_query *q;
    enum err e = forget(db, now_ms);
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO guesses (login_hash, failures, locked_until_ms, at_ms) "
                       "VALUES (:login, 1, 0, :now) ON CONFLICT (login_hash) DO UPDATE SET "
                       "failures = failures + 1, locked_until_ms = CASE WHEN (failures + 1) % :max "
                       "= 0 THEN :until ELSE locked_until_ms END, at_ms = :now",
                       &q);
    if (e) return e;
    bind_login(q, login);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":max", GUESSES_MAX);
    db_bind_int(q, ":until", now_ms + lock_ms);
    return db_run(q, NULL);
}

enum err guesses_count(struct db *db, const char *login, int64_t now_ms, bool good)
{
    struct db_query *q;
    if (!good) return fail(db, login, now_ms);
    enum err e = db_prepare(db, "DELETE FROM guesses WHERE login_hash = :login", &q);
    if (e) return e;
    bind_login(q, login);
    return db_run(q, NULL);
}
