#include "data/voices.h"

#include <stdio.h>
#include <string.h>

/* What is hashed: the key, the place, and who. */
enum { TEXT_MAX = 256 };

static enum err make_key(struct db *db, char key[SECRETS_TOKEN_SIZE])
{
    struct db_query *q;
    secrets_token("yzv", key);
    enum err e = db_prepare(db, "INSERT INTO voices_key (id, key) VALUES (1, :key)", &q);
    if (e) return e;
    db_bind_text(q, ":key", key);
    return db_run(q, NULL);
}

static enum err find_key(struct db *db, char key[SECRETS_TOKEN_SIZE])
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT key FROM voices_key", &q);
    if (e) return e;
    if (!(e = db_step(q, &row)) && row)
        (void)snprintf(key, SECRETS_TOKEN_SIZE, "%s", db_text(q, 0));
    db_done(q);
    return e || row ? e : make_key(db, key);
}

enum err voices_of(struct db *db, int64_t place, const char *who,
                   unsigned char voice[SECRETS_HASH_BYTES])
{
    char key[SECRETS_TOKEN_SIZE] = "", text[TEXT_MAX];
    enum err e = find_key(db, key);
    if (e) return e;
    int n = snprintf(text, sizeof text, "%s %lld %s", key, (long long)place, who);
    if (n < 0 || (size_t)n >= sizeof text) return ERR_LIMIT;
    secrets_sha256(text, (size_t)n, voice);
    return ERR_OK;
}

/* By two ranges, for each of which there is an index: there are as many voices today as riders. */
static enum err forget(struct db *db, int32_t day)
{
    struct db_query *q;
    enum err e = db_prepare(db, "DELETE FROM place_voices WHERE day < :day OR day > :day", &q);
    if (e) return e;
    db_bind_int(q, ":day", day);
    return db_run(q, NULL);
}

enum err voices_first(struct db *db, int64_t place, const char *who, int32_t day, bool *first)
{
    unsigned char voice[SECRETS_HASH_BYTES];
    int64_t changed = 0;
    struct db_query *q;
    enum err e = voices_of(db, place, who, voice);
    if (!e) e = forget(db, day);
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO place_voices (place_id, day, voice) VALUES (:place, :day, "
                       ":voice) ON CONFLICT DO NOTHING",
                       &q);
    if (e) return e;
    db_bind_int(q, ":place", place);
    db_bind_int(q, ":day", day);
    db_bind_blob(q, ":voice", voice, sizeof voice);
    if (!(e = db_run(q, &changed))) *first = changed > 0;
    return e;
}
