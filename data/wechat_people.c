#include "data/wechat_people.h"

#include "data/audit.h"
#include "data/changes.h"
#include "data/guesses.h"
#include "data/inbox.h"
#include "data/people_note.h"
#include "data/people_token.h"
#include "data/totp.h"

#include <stdio.h>
#include <string.h>

/* ---- openids --------------------------------------------------------------------------------- */

static void hash_openid(const unsigned char *key, const char *openid,
                        unsigned char hash[SECRETS_HASH_BYTES])
{
    secrets_keyed(key, "wechat openid", openid, strlen(openid), hash);
}

static void seal_key(const unsigned char *key, unsigned char own[SECRETS_HASH_BYTES])
{
    secrets_keyed(key, "wechat openid sealed", "", 0, own);
}

enum err wechat_people_open(const unsigned char *key, int64_t person, const unsigned char *sealed,
                            size_t len, char openid[WECHAT_PEOPLE_OPENID_SIZE])
{
    unsigned char own[SECRETS_HASH_BYTES];
    if (len <= SECRETS_SEAL_BYTES || len - SECRETS_SEAL_BYTES >= WECHAT_PEOPLE_OPENID_SIZE)
        return ERR_CHECKSUM;
    seal_key(key, own);
    enum err e = secrets_open(own, person, sealed, len, openid);
    openid[e ? 0 : len - SECRETS_SEAL_BYTES] = '\0';
    return e;
}

static enum err insert(struct db *db, int64_t person, const char *openid, const unsigned char *key,
                       int64_t now_ms)
{
    unsigned char own[SECRETS_HASH_BYTES], hash[SECRETS_HASH_BYTES];
    unsigned char sealed[WECHAT_PEOPLE_OPENID_SIZE + SECRETS_SEAL_BYTES];
    size_t len = strlen(openid);
    struct db_query *q;
    if (!len || len >= WECHAT_PEOPLE_OPENID_SIZE) return ERR_INVALID;
    enum err e = db_prepare(db,
                            "INSERT INTO wechat_people (person_id, openid_hash, openid_sealed, "
                            "made_ms) VALUES (:person, :hash, :sealed, :now)",
                            &q);
    if (e) return e;
    hash_openid(key, openid, hash);
    seal_key(key, own);
    secrets_seal(own, person, openid, len, sealed);
    db_bind_int(q, ":person", person);
    db_bind_blob(q, ":hash", hash, sizeof hash);
    db_bind_blob(q, ":sealed", sealed, len + SECRETS_SEAL_BYTES);
    db_bind_int(q, ":now", now_ms);
    return db_run(q, NULL);
}

/* 0: nobody. */
static enum err find(struct db *db, const char *openid, const unsigned char *key, int64_t *person)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    struct db_query *q;
    bool row = false;
    enum err e =
        db_prepare(db, "SELECT person_id FROM wechat_people WHERE openid_hash = :hash", &q);
    if (e) return e;
    hash_openid(key, openid, hash);
    db_bind_blob(q, ":hash", hash, sizeof hash);
    if (!(e = db_step(q, &row))) *person = row ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

/* ---- signing in ------------------------------------------------------------------------------ */

struct signing {
    const struct wechat_people_signing *in;
    char login[65];
    bool disabled, has_code;
    enum err verdict; /* while a wrong code is counted */
    struct people_session session;
};

/* A rider without a password, whose login nobody types. */
static enum err make_rider(struct db *db, struct signing *s)
{
    char id[SECRETS_ID_SIZE];
    struct db_query *q;
    secrets_public_id(id);
    (void)snprintf(s->login, sizeof s->login, "wx-%s", id);
    enum err e = db_prepare(db,
                            "INSERT INTO people (login, created_ms, updated_ms) VALUES (:login, "
                            ":now, :now)",
                            &q);
    if (e) return e;
    db_bind_text(q, ":login", s->login);
    db_bind_int(q, ":now", s->in->now_ms);
    if ((e = db_run(q, NULL))) return e;
    s->session.person = db_last_id(db);
    e = insert(db, s->session.person, s->in->openid, s->in->key, s->in->now_ms);
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO grants (person_id, role, kind, created_ms) VALUES (:person, "
                       "'rider', '', :now)",
                       &q);
    if (e) return e;
    db_bind_int(q, ":person", s->session.person);
    db_bind_int(q, ":now", s->in->now_ms);
    e = db_run(q, NULL);
    const struct people_by by = {s->session.person, "POST /v1/sessions/wechat"};
    return e ? e : people_note(db, &by, AUDIT_person_added, s->session.person, 0, "wechat");
}

static enum err read_person(struct db *db, struct signing *s)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT login, disabled_ms IS NOT NULL, EXISTS (SELECT 1 FROM totp t "
                            "WHERE t.person_id = people.id AND t.confirmed_ms IS NOT NULL) FROM "
                            "people WHERE id = :person",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", s->session.person);
    if (!(e = db_step(q, &row)) && row) {
        (void)snprintf(s->login, sizeof s->login, "%s", db_text(q, 0));
        s->disabled = db_int(q, 1) != 0;
        s->has_code = db_int(q, 2) != 0;
    }
    db_done(q);
    return e;
}

/* The second factor is owed here as with a password, and guessed as seldom. */
static enum err take_code(struct db *db, struct signing *s)
{
    const struct totp totp = {s->in->key, s->session.person};
    int64_t until_ms = 0;
    bool good = false;
    enum err e = guesses_locked(db, s->login, s->in->now_ms, &until_ms);
    if (!e && until_ms) s->verdict = ERR_LIMIT;
    if (e || until_ms) return e;
    s->session.wants_code = true;
    if (!s->in->code) {
        s->verdict = ERR_DENIED;
        return ERR_OK;
    }
    e = totp_take(db, &totp, s->in->code, s->in->now_ms, &good);
    if (!e) e = guesses_count(db, s->login, s->in->now_ms, good);
    s->verdict = good ? ERR_OK : ERR_DENIED;
    return e;
}

static enum err sign_in(struct db *db, void *user)
{
    struct signing *s = user;
    const struct wechat_people_signing *in = s->in;
    s->verdict = ERR_OK;
    s->session.wants_code = false;
    enum err e = find(db, in->openid, in->key, &s->session.person);
    if (!e) e = s->session.person ? read_person(db, s) : make_rider(db, s);
    if (!e && s->disabled) s->verdict = ERR_DENIED;
    if (!e && !s->verdict && s->has_code) e = take_code(db, s);
    if (e || s->verdict) return e;
    s->session.expires_ms = in->now_ms + in->policy->session_ms;
    e = people_token_add(db, s->session.token, s->session.person, "session",
                         in->device ? in->device : "", s->session.expires_ms);
    const struct audit_row row = {.verb = AUDIT_signed_in,
                                  .person = s->session.person,
                                  .subject = s->session.person,
                                  .detail = "wechat",
                                  .at_ms = in->now_ms};
    return e ? e : audit_add(db, &row);
}

enum err wechat_people_sign_in(struct db *db, const struct wechat_people_signing *signing,
                               struct people_session *session, struct why *why)
{
    struct signing s = {.in = signing};
    secrets_token("yzs", s.session.token);
    enum err e = people_token_tell(db, db_write(db, sign_in, &s), why);
    if (e) return e;
    if (s.verdict) {
        session->wants_code = s.session.wants_code;
        return err_say(why, s.verdict,
                       s.verdict == ERR_LIMIT ? "too many failed attempts: try again later"
                       : s.disabled           ? "the account is disabled"
                                              : "a code is wanted");
    }
    *session = s.session;
    return ERR_OK;
}

/* ---- binding --------------------------------------------------------------------------------- */

struct binding {
    struct wechat_people_binding in;
    struct why *why;
};

enum err wechat_people_since(struct db *db, int64_t person, int64_t *since_ms)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT made_ms FROM wechat_people WHERE person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row))) *since_ms = row ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

/* Who has the account learns of it, and the trail says so. */
static enum err tell(struct db *db, const struct binding *b, enum inbox_verb verb)
{
    const struct inbox_message message = {.person = b->in.by->person, .verb = verb};
    enum err e = inbox_put(db, &message, b->in.now_ms);
    return e ? e
             : people_note(db, b->in.by,
                           verb == INBOX_account_wechat_bound ? AUDIT_wechat_bound
                                                              : AUDIT_wechat_freed,
                           b->in.by->person, 0, NULL);
}

static enum err bind_one(struct db *db, void *user)
{
    const struct binding *b = user;
    int64_t whose = 0, since_ms = 0;
    bool alive = false;
    enum err e = people_token_alive(db, b->in.token, b->in.now_ms, b->in.now_ms, &alive);
    if (!e && !alive) return err_say(b->why, ERR_DENIED, "the session has ended");
    if (!e) e = find(db, b->in.openid, b->in.key, &whose);
    if (!e) e = wechat_people_since(db, b->in.by->person, &since_ms);
    if (e || whose == b->in.by->person) return e;
    if (whose)
        return err_say(b->why, ERR_CONFLICT,
                       "this WeChat account signs in to another account here");
    if (since_ms)
        return err_say(b->why, ERR_CONFLICT,
                       "another WeChat account signs in to yours: free that one first");
    e = insert(db, b->in.by->person, b->in.openid, b->in.key, b->in.now_ms);
    return e ? e : tell(db, b, INBOX_account_wechat_bound);
}

enum err wechat_people_bind(struct db *db, const struct wechat_people_binding *binding,
                            struct why *why)
{
    struct binding b = {*binding, why};
    return people_token_tell(db, db_write(db, bind_one, &b), why);
}

static enum err run(struct db *db, const char *sql, int64_t person, int64_t *changed)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    return db_run(q, changed);
}

static enum err free_one(struct db *db, void *user)
{
    const struct binding *b = user;
    const int64_t person = b->in.by->person;
    int64_t since_ms = 0, gone = 0;
    enum err e = wechat_people_since(db, person, &since_ms);
    if (!e && !since_ms) e = err_say(b->why, ERR_NOTFOUND, "no WeChat account signs in to yours");
    if (!e)
        e = run(db,
                "DELETE FROM wechat_people WHERE person_id = :person AND EXISTS (SELECT 1 FROM "
                "people p WHERE p.id = :person AND p.password <> '')",
                person, &gone);
    if (!e && !gone)
        e = err_say(b->why, ERR_CONFLICT,
                    "WeChat is the only way to sign in to this account: have a password set first, "
                    "or delete the account");
    if (!e)
        e = run(
            db,
            "UPDATE inbox_deliveries SET state = 'dropped', error = 'no longer bound' WHERE "
            "state IN ('waiting', 'dead') AND message_id IN (SELECT id FROM inbox_messages WHERE "
            "person_id = :person)",
            person, NULL);
    return e ? e : tell(db, b, INBOX_account_wechat_freed);
}

enum err wechat_people_free(struct db *db, const struct people_by *by, int64_t now_ms,
                            struct why *why)
{
    struct binding b = {.in = {.by = by, .now_ms = now_ms}, .why = why};
    return people_token_tell(db, db_write(db, free_one, &b), why);
}

enum err wechat_people_forget(struct db *db, int64_t person)
{
    return run(db, "DELETE FROM wechat_people WHERE person_id = :person", person, NULL);
}
