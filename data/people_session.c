#include "data/people.h"

#include "data/audit.h"
#include "data/people_token.h"
#include "geo/base/clock.h"

#include <stdio.h>
#include <string.h>

/* A session is known to its owner by the first bytes of its hash, from which no token
 * follows. */
enum { ID_BYTES = 8 };

static void write_id(const unsigned char *hash, char id[17])
{
    char hex[SECRETS_HEX_SIZE];
    secrets_hex(hash, hex);
    (void)snprintf(id, 17, "%.16s", hex);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void read_session(struct db_query *q, const struct people_actor *actor,
                         const struct people_policy *policy, struct people_seen *session)
{
    size_t len = 0;
    const unsigned char *hash = db_blob(q, 0, &len);
    *session = (struct people_seen){.made_ms = db_int(q, 2), .seen_ms = db_int(q, 3)};
    if (len == SECRETS_HASH_BYTES) {
        write_id(hash, session->id);
        session->current = memcmp(hash, actor->token, SECRETS_HASH_BYTES) == 0;
    }
    (void)snprintf(session->device, sizeof session->device, "%s", db_text(q, 1));
    session->expires_ms = earlier(db_int(q, 4), session->seen_ms + policy->idle_ms);
}

enum err people_sessions(struct db *db, const struct people_actor *actor,
                         const struct people_policy *policy, int64_t now_ms,
                         struct people_seen *sessions, size_t room, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db,
                            "SELECT hash, label, created_ms, seen_ms, expires_ms FROM tokens WHERE "
                            "person_id = :person AND purpose = 'session' AND ended_ms IS NULL AND "
                            "expires_ms > :now AND seen_ms > :idle ORDER BY seen_ms DESC, "
                            "created_ms DESC, hash",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", actor->id);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":idle", now_ms - policy->idle_ms);
    while (n < room && !(e = db_step(q, &row)) && row)
        read_session(q, actor, policy, &sessions[n++]);
    db_done(q);
    if (!e) *count = n;
    return e;
}

struct ending {
    const struct people_actor *actor;
    unsigned char hash[SECRETS_HASH_BYTES];
    size_t hash_len; /* how much of it is known */
};

static enum err end_one(struct db *db, void *user)
{
    const struct ending *ending = user;
    struct db_query *q;
    int64_t changed = 0;
    enum err e = db_prepare(db,
                            "UPDATE tokens SET ended_ms = :now WHERE person_id = :person AND "
                            "substr(hash, 1, :len) = :hash AND purpose = 'session' AND ended_ms IS "
                            "NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":person", ending->actor->id);
    db_bind_int(q, ":len", (int64_t)ending->hash_len);
    db_bind_blob(q, ":hash", ending->hash, ending->hash_len);
    if ((e = db_run(q, &changed))) return e;
    return changed ? ERR_OK : ERR_NOTFOUND;
}

static int digit(char c)
{
    static const char hex[] = "0123456789abcdef";
    const char *at = c ? strchr(hex, c) : NULL;
    return at ? (int)(at - hex) : -1;
}

enum err people_session_end(struct db *db, const struct people_actor *actor, const char *id)
{
    struct ending ending = {.actor = actor, .hash_len = ID_BYTES};
    if (strlen(id) != 16) return ERR_NOTFOUND;
    for (size_t i = 0; i < ID_BYTES; i++) {
        int high = digit(id[2 * i]), low = digit(id[2 * i + 1]);
        if (high < 0 || low < 0) return ERR_NOTFOUND;
        ending.hash[i] = (unsigned char)(high * 16 + low);
    }
    return db_write(db, end_one, &ending);
}

enum err people_sign_out(struct db *db, const struct people_actor *actor)
{
    struct ending ending = {.actor = actor, .hash_len = SECRETS_HASH_BYTES};
    memcpy(ending.hash, actor->token, sizeof ending.hash);
    enum err e = db_write(db, end_one, &ending);
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

static enum err end_all(struct db *db, void *user)
{
    int64_t person = *(const int64_t *)user;
    const struct audit_row row = {
        .verb = AUDIT_sessions_ended, .person = person, .subject = person, .at_ms = clock_utc_ms()};
    enum err e = people_token_end(db, person, "session", NULL);
    return e ? e : audit_add(db, &row);
}

enum err people_sign_out_all(struct db *db, int64_t person)
{
    return db_write(db, end_all, &person);
}

struct seeing {
    const struct people_actor *actor;
    int64_t now_ms;
};

static enum err note_seen(struct db *db, void *user)
{
    const struct seeing *seeing = user;
    struct db_query *q;
    enum err e = db_prepare(
        db, "UPDATE tokens SET seen_ms = :now WHERE hash = :hash AND seen_ms < :now", &q);
    if (e) return e;
    db_bind_int(q, ":now", seeing->now_ms);
    db_bind_blob(q, ":hash", seeing->actor->token, sizeof seeing->actor->token);
    return db_run(q, NULL);
}

enum err people_session_seen(struct db *db, const struct people_actor *actor, int64_t now_ms)
{
    struct seeing seeing = {actor, now_ms};
    return db_write(db, note_seen, &seeing);
}
