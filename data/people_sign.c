#include "data/people.h"

#include "data/audit.h"
#include "data/guesses.h"
#include "data/people_token.h"
#include "data/totp.h"

#include <stdio.h>
#include <string.h>

struct signing {
    const struct people_signing *in;
    int64_t person, locked_until_ms;
    char hash[SECRETS_PASSWORD_SIZE];
    bool has_code, knows_password;
    bool opens; /* a session, where all is right */
    /* Found anew each time that the transaction is tried: */
    bool good;
    struct people_session session;
};

static enum err read_person(struct db *db, struct signing *s)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT id, password, EXISTS (SELECT 1 FROM totp WHERE person_id = id "
                            "AND confirmed_ms IS NOT NULL) FROM people "
                            "WHERE login = :login AND disabled_ms IS NULL AND password <> ''",
                            &q);
    if (e) return e;
    db_bind_text(q, ":login", s->in->login);
    if (!(e = db_step(q, &row)) && row) {
        s->person = db_int(q, 0);
        (void)snprintf(s->hash, sizeof s->hash, "%s", db_text(q, 1));
        s->has_code = db_int(q, 2) != 0;
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

static enum err note(struct db *db, const struct signing *s, enum audit_verb verb)
{
    const struct audit_row row = {.verb = verb,
                                  .person = verb == AUDIT_signed_in ? s->person : 0,
                                  .subject = s->person,
                                  .at_ms = s->in->now_ms};
    return s->person ? audit_add(db, &row) : ERR_OK;
}

static enum err open_session(struct db *db, struct signing *s)
{
    const char *device = s->in->device ? s->in->device : "";
    s->session.person = s->person;
    s->session.expires_ms = s->in->now_ms + s->in->policy->session_ms;
    enum err e = forget_sessions(db, s->in->now_ms);
    if (!e)
        e = people_token_add(db, s->session.token, s->person, "session", device,
                             s->session.expires_ms);
    return e ? e : note(db, s, AUDIT_signed_in);
}

/* Counts a failure, of somebody or nobody alike, or opens the session. What was guessed right while
 * others guessed the login shut is refused, too. */
static enum err settle(struct db *db, void *user)
{
    struct signing *s = user;
    const struct totp totp = {s->in->key, s->person};
    s->good = s->knows_password;
    enum err e = guesses_locked(db, s->in->login, s->in->now_ms, &s->locked_until_ms);
    if (e || s->locked_until_ms) return e;
    if (s->good && s->has_code && s->in->code)
        e = totp_take(db, &totp, s->in->code, s->in->now_ms, &s->good);
    if (!e) e = guesses_count(db, s->in->login, s->in->now_ms, s->good);
    if (e) return e;
    if (!s->good) return note(db, s, AUDIT_sign_in_failed);
    return s->opens ? open_session(db, s) : ERR_OK;
}

static enum err tell_locked(const struct signing *s, struct why *why)
{
    return err_say(why, ERR_LIMIT, "too many failed attempts: try again in %lld minutes",
                   (long long)((s->locked_until_ms - s->in->now_ms + 59999) / 60000));
}

static enum err check(struct db *db, struct signing *s, struct why *why)
{
    const char *password = s->in->password;
    enum err e = read_person(db, s);
    if (!e) e = guesses_locked(db, s->in->login, s->in->now_ms, &s->locked_until_ms);
    if (e) return people_token_tell(db, e, why);
    if (s->locked_until_ms) return tell_locked(s, why);
    bool short_enough = strnlen(password, SECRETS_PASSWORD_MAX + 1) <= SECRETS_PASSWORD_MAX;
    /* Whether there is somebody is not to be told by the time it takes. */
    const char *hash = s->person ? s->hash : secrets_password_of_nobody;
    s->knows_password =
        secrets_password_ok(hash, short_enough ? password : "") && s->person && short_enough;
    s->session.wants_code = s->knows_password && s->has_code;
    if (s->opens && s->session.wants_code && !s->in->code)
        return err_say(why, ERR_DENIED, "a code is wanted");
    secrets_token("yzs", s->session.token);
    e = db_write(db, settle, s);
    if (e) return people_token_tell(db, e, why);
    if (s->locked_until_ms) return tell_locked(s, why);
    if (s->good) return ERR_OK;
    return err_say(why, ERR_DENIED, "login or password is wrong");
}

enum err people_sign_in(struct db *db, const struct people_signing *signing,
                        struct people_session *session, struct why *why)
{
    struct signing s = {.in = signing, .opens = true};
    enum err e = check(db, &s, why);
    if (!e)
        *session = s.session;
    else
        session->wants_code = s.session.wants_code;
    return e;
}

enum err people_check(struct db *db, const struct people_actor *actor,
                      const struct people_signing *signing, struct why *why)
{
    struct people_signing own = *signing;
    own.login = actor->login;
    struct signing s = {.in = &own};
    return check(db, &s, why);
}
