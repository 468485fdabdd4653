#include "data/people_token.h"

#include "data/secrets.h"
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
    enum err e = db_prepare(db,
                            "INSERT INTO tokens (hash, person_id, purpose, label, created_ms, "
                            "expires_ms) VALUES (:hash, :person, :purpose, :label, :now, :expires)",
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

enum err people_token_end(struct db *db, int64_t person, const char *purpose)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE tokens SET ended_ms = :now WHERE person_id = :person AND "
                            "purpose = :purpose AND ended_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":person", person);
    db_bind_text(q, ":purpose", purpose);
    return db_run(q, NULL);
}
