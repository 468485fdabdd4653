#include "data/people_token.h"

#include "geo/base/clock.h"

#include <string.h>

enum err people_token_tell(struct db *db, enum err e, struct why *why)
{
    if (e && why && !why->text[0]) return err_say(why, e, "the database: %s", db_error(db));
    return e;
}

enum err people_token_add(struct db *db, const char *token, int64_t person, const char *purpose,
                          const char *label, int64_t expires_ms)
{
    struct db_query *q;
    unsigned char hash[SECRETS_HASH_BYTES];
    enum err e = db_prepare(
        db,
        "INSERT INTO tokens (hash, person_id, purpose, label, created_ms, "
        "expires_ms, seen_ms) VALUES (:hash, :person, :purpose, :label, :now, :expires, :now)",
        &q);
    if (e) return e;
    secrets_sha256(token, strlen(token), hash);
    db_bind_blob(q, ":hash", hash, sizeof hash);
    db_bind_int(q, ":person", person);
    db_bind_text(q, ":purpose", purpose);
    db_bind_text(q, ":label", label);
    db_bind_int(q, ":now", clock_utc_ms());
    if (expires_ms)
        db_bind_int(q, ":expires", expires_ms);
    else
        db_bind_null(q, ":expires");
    return db_run(q, NULL);
}

enum err people_token_end(struct db *db, int64_t person, const char *purpose,
                          const unsigned char *keep)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE tokens SET ended_ms = :now WHERE person_id = :person AND "
                            "purpose = :purpose AND ended_ms IS NULL AND hash <> :keep",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":person", person);
    db_bind_text(q, ":purpose", purpose);
    db_bind_blob(q, ":keep", keep ? keep : (const unsigned char *)"",
                 keep ? SECRETS_HASH_BYTES : 0);
    return db_run(q, NULL);
}

enum err people_token_alive(struct db *db, const unsigned char hash[SECRETS_HASH_BYTES],
                            int64_t now_ms, int64_t idle_ms, bool *alive)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM tokens t JOIN people p ON p.id = t.person_id WHERE "
                            "t.hash = :hash AND t.ended_ms IS NULL AND p.disabled_ms IS NULL AND "
                            "(t.expires_ms IS NULL OR (t.expires_ms > :now AND t.seen_ms > :idle))",
                            &q);
    if (e) return e;
    db_bind_blob(q, ":hash", hash, SECRETS_HASH_BYTES);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":idle", now_ms - idle_ms);
    if (!(e = db_step(q, &row))) *alive = row;
    db_done(q);
    return e;
}
