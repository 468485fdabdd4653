#include "data/people.h"

#include "data/people_token.h"
#include "geo/base/clock.h"

#include <stdio.h>
#include <string.h>

struct signing {
    const char *login, *password;
    int64_t now_ms, person, failures, locked_until_ms;
    char hash[SECRETS_PASSWORD_SIZE];
    bool good;
    char *token;
    int64_t expires_ms;
};

enum { FAILURES_MAX = 10 };
static const int64_t locked_ms = 15 * 60 * (int64_t)1000;
static const int64_t session_ms = 12 * 3600 * (int64_t)1000;

static enum err read_person(struct db *db, struct signing *s)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT id, password, failures, locked_until_ms FROM people "
                            "WHERE login = :login AND disabled_ms IS NULL AND password <> ''",
                            &q);
    if (e) return e;
    db_bind_text(q, ":login", s->login);
    if (!(e = db_step(q, &row)) && row) {
        s->person = db_int(q, 0);
        (void)snprintf(s->hash, sizeof s->hash, "%s", db_text(q, 1));
        s->failures = db_int(q, 2);
        s->locked_until_ms = db_int(q, 3);
    }
    db_done(q);
    return e;
}

/* Forgets sessions that ended a day ago or more. */
static enum err forget_sessions(struct db *db, int64_t now_ms)
{
    struct db_query *q;
    enum err e =
        db_prepare(db, "DELETE FROM tokens WHERE purpose = 'session' AND expires_ms < :before", &q);
    if (e) return e;
    db_bind_int(q, ":before", now_ms - 24 * 3600 * (int64_t)1000);
    return db_run(q, NULL);
}

/* Counts a failure, or opens the session. */
static enum err settle(struct db *db, void *user)
{
    struct signing *s = user;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE people SET failures = CASE WHEN :good THEN 0 ELSE failures + 1 "
                            "END, locked_until_ms = CASE WHEN :good THEN 0 WHEN (failures + 1) % "
                            ":max = 0 THEN :until ELSE locked_until_ms END WHERE id = :id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":good", s->good);
    db_bind_int(q, ":max", FAILURES_MAX);
    db_bind_int(q, ":until", s->now_ms + locked_ms);
    db_bind_int(q, ":id", s->person);
    if ((e = db_run(q, NULL)) || !s->good) return e;
    s->expires_ms = s->now_ms + session_ms;
    e = forget_sessions(db, s->now_ms);
    return e ? e : people_token_add(db, s->token, s->person, "session", "", s->expires_ms);
}

/* Somebody unknown is checked against a hash that nothing matches, so that the time tells nothing.
 */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

enum err people_sign_in(struct db *db, const char *login, const char *password, int64_t now_ms,
                        char token[SECRETS_TOKEN_SIZE], int64_t *expires_ms, int64_t *person,
                        struct why *why)
{
    char made[SECRETS_TOKEN_SIZE];
    struct signing s = {.login = login, .password = password, .now_ms = now_ms, .token = made};
    enum err e = read_person(db, &s);
    if (e) return people_token_tell(db, e, why);
    if (s.locked_until_ms > now_ms)
        return err_say(why, ERR_LIMIT, "too many failed attempts: try again in %lld minutes",
                       (long long)((s.locked_until_ms - now_ms + 59999) / 60000));
    bool short_enough = strnlen(password, SECRETS_PASSWORD_MAX + 1) <= SECRETS_PASSWORD_MAX;
    s.good = secrets_password_ok(s.person ? s.hash : nobody, short_enough ? password : "") &&
             s.person && short_enough;
    secrets_token("yzs", made);
    if (s.person && (e = db_write(db, settle, &s))) return people_token_tell(db, e, why);
    if (!s.good) return err_say(why, ERR_DENIED, "login or password is wrong");
    memcpy(token, made, sizeof made);
    *expires_ms = s.expires_ms;
    *person = s.person;
    return ERR_OK;
}

static enum err end_one(struct db *db, void *user)
{
    const char *token = user;
    unsigned char hash[SECRETS_HASH_BYTES];
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE tokens SET ended_ms = :now WHERE hash = :hash AND purpose = "
                            "'session' AND ended_ms IS NULL",
                            &q);
    if (e) return e;
    secrets_sha256(token, strlen(token), hash);
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_blob(q, ":hash", hash, sizeof hash);
    return db_run(q, NULL);
}

enum err people_sign_out(struct db *db, const char *token)
{
    return db_write(db, end_one, (void *)token);
}

static enum err end_all(struct db *db, void *user)
{
    return people_token_end(db, *(const int64_t *)user, "session");
}

enum err people_sign_out_all(struct db *db, int64_t person)
{
    return db_write(db, end_all, &person);
}
