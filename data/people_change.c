#include "data/guesses.h"
#include "data/inbox.h"
#include "data/people_note.h"
#include "data/people_reach.h"
#include "data/people_token.h"
#include "geo/base/clock.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 200 };

struct change {
    const struct people_by *by;
    int64_t person, area;
    const char *login, *name;
    const struct people_grant *first;
    const struct people_put *put;
    char hash[SECRETS_PASSWORD_SIZE];
    struct why *why;
};

/* --- what comes in --- */

static enum err check_login(const char *login, struct why *why)
{
    size_t n = strlen(login);
    if (n < 2 || n > 64 || strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-@") != n)
        return err_say(why, ERR_INVALID, "a login has 2 to 64 characters of a-z 0-9 . _ - @");
    return ERR_OK;
}

static enum err check_name(const char *name, struct why *why)
{
    if (strlen(name) <= NAME_MAX_BYTES) return ERR_OK;
    return err_say(why, ERR_INVALID, "the name is longer than %d bytes", NAME_MAX_BYTES);
}

static enum err hash_password(const char *password, char hash[SECRETS_PASSWORD_SIZE],
                              struct why *why)
{
    hash[0] = '\0';
    if (!password) return ERR_OK;
    size_t n = strlen(password);
    if (n < SECRETS_PASSWORD_MIN || n > SECRETS_PASSWORD_MAX)
        return err_say(why, ERR_INVALID, "a password has %d to %d bytes", SECRETS_PASSWORD_MIN,
                       SECRETS_PASSWORD_MAX);
    enum err e = secrets_password_hash(password, hash);
    return e ? err_say(why, e, "no memory to hash a password") : ERR_OK;
}

/* --- adding --- */

/* A first grant within one's own reach, or a reach that has no end. */
static enum err may_add(struct db *db, const struct change *c)
{
    struct people_reach reach;
    struct arena arena;
    if (c->first) return people_reach_grant(db, c->by, c->first, c->why);
    arena_init(&arena, 0);
    enum err e = people_reach_read(db, c->by, &arena, &reach, c->why);
    if (!e && !reach.all)
        e = err_say(c->why, ERR_DENIED, "give the person a role of yours to begin with");
    arena_fini(&arena);
    return e;
}

static enum err first_grant(struct db *db, const struct change *c)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO grants (person_id, role, area_id, kind, created_ms) "
                            "VALUES (:person, :role, NULLIF(:area, 0), :kind, :now)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", c->person);
    db_bind_text(q, ":role", people_role_name(c->first->role));
    db_bind_int(q, ":area", c->first->area_id);
    db_bind_text(q, ":kind", c->first->kind ? c->first->kind : "");
    db_bind_int(q, ":now", clock_utc_ms());
    return db_run(q, NULL);
}

static enum err add(struct db *db, void *user)
{
    struct change *c = user;
    struct db_query *q;
    int64_t area = c->first ? c->first->area_id : 0;
    enum err e = may_add(db, c);
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO people (login, name, password, created_ms, updated_ms) VALUES "
                       "(:login, :name, :password, :now, :now)",
                       &q);
    if (e) return e;
    db_bind_text(q, ":login", c->login);
    db_bind_text(q, ":name", c->name);
    db_bind_text(q, ":password", c->hash);
    db_bind_int(q, ":now", clock_utc_ms());
    e = db_run(q, NULL);
    if (e == ERR_CONFLICT) return err_say(c->why, e, "the login \"%s\" is taken", c->login);
    if (e) return e;
    c->person = db_last_id(db);
    e = people_note(db, c->by, AUDIT_person_added, c->person, area, NULL);
    if (!e && c->first) e = first_grant(db, c);
    if (!e && c->first)
        e = people_note(db, c->by, AUDIT_granted, c->person, area,
                        people_role_name(c->first->role));
    return e;
}

enum err people_add(struct db *db, const struct people_by *by, const struct people_grant *first,
                    const char *login, const char *name, const char *password, int64_t *id,
                    struct why *why)
{
    struct change c = {
        .by = by, .first = first, .login = login, .name = name ? name : "", .why = why};
    enum err e = check_login(login, why);
    if (!e) e = check_name(c.name, why);
    if (!e) e = hash_password(password, c.hash, why);
    if (!e) e = people_token_tell(db, db_write(db, add, &c), why);
    if (!e) *id = c.person;
    return e;
}

/* --- passwords and sessions --- */

static enum err read_login(struct db *db, int64_t person, char login[65])
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT login FROM people WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", person);
    if (!(e = db_step(q, &row))) (void)snprintf(login, 65, "%s", row ? db_text(q, 0) : "");
    db_done(q);
    return e;
}

static enum err write_password(struct db *db, const struct change *c, const unsigned char *keep)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, "UPDATE people SET password = :password, updated_ms = :now WHERE id = :id", &q);
    if (e) return e;
    db_bind_text(q, ":password", c->hash);
    const int64_t now_ms = clock_utc_ms();
    const struct inbox_message message = {.person = c->person, .verb = INBOX_account_password};
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":id", c->person);
    if (!(e = db_run(q, NULL))) e = people_token_end(db, c->person, "session", keep);
    return e ? e : inbox_put(db, &message, now_ms);
}

static enum err set_password(struct db *db, void *user)
{
    struct change *c = user;
    char login[65];
    enum err e = people_reach_person(db, c->by, c->person, false, &c->area, c->why);
    if (!e) e = write_password(db, c, NULL);
    if (!e) e = read_login(db, c->person, login);
    if (!e) e = guesses_count(db, login, clock_utc_ms(), true);
    return e ? e : people_note(db, c->by, AUDIT_password_changed, c->person, c->area, NULL);
}

enum err people_set_password(struct db *db, const struct people_by *by, int64_t person,
                             const char *password, struct why *why)
{
    struct change c = {.by = by, .person = person, .why = why};
    enum err e = hash_password(password ? password : "", c.hash, why);
    return e ? e : people_token_tell(db, db_write(db, set_password, &c), why);
}

struct own_password {
    struct change change;
    const unsigned char *token;
};

static enum err change_own(struct db *db, void *user)
{
    const struct own_password *own = user;
    const struct people_by by = {own->change.person, NULL};
    enum err e = write_password(db, &own->change, own->token);
    return e ? e : people_note(db, &by, AUDIT_password_changed, own->change.person, 0, NULL);
}

enum err people_change_password(struct db *db, const struct people_actor *actor,
                                const char *password, struct why *why)
{
    struct own_password own = {.change = {.person = actor->id}, .token = actor->token};
    enum err e = hash_password(password, own.change.hash, why);
    return e ? e : people_token_tell(db, db_write(db, change_own, &own), why);
}

static enum err end_sessions(struct db *db, void *user)
{
    struct change *c = user;
    enum err e = people_reach_person(db, c->by, c->person, true, &c->area, c->why);
    if (!e) e = people_token_end(db, c->person, "session", NULL);
    return e ? e : people_note(db, c->by, AUDIT_sessions_ended, c->person, c->area, NULL);
}

enum err people_end_sessions(struct db *db, const struct people_by *by, int64_t person,
                             struct why *why)
{
    struct change c = {.by = by, .person = person, .why = why};
    return people_token_tell(db, db_write(db, end_sessions, &c), why);
}

/* --- names, and being let in --- */

static enum err rename_person(struct db *db, const struct change *c)
{
    struct db_query *q;
    int64_t changed = 0;
    enum err e = db_prepare(
        db, "UPDATE people SET name = :name, updated_ms = :now WHERE id = :id AND name <> :name",
        &q);
    if (e) return e;
    db_bind_text(q, ":name", c->put->name);
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":id", c->person);
    e = db_run(q, &changed);
    if (e || !changed) return e;
    return people_note(db, c->by, AUDIT_person_renamed, c->person, c->area, NULL);
}

static enum err set_disabled(struct db *db, const struct change *c)
{
    bool off = c->put->disabled;
    struct db_query *q;
    int64_t changed = 0, admins = 0;
    enum err e = people_note_admins(db, &admins);
    if (!e)
        e = db_prepare(db,
                       off ? "UPDATE people SET disabled_ms = :now, updated_ms = :now WHERE id = "
                             ":id AND disabled_ms IS NULL"
                           : "UPDATE people SET disabled_ms = NULL, updated_ms = :now WHERE id = "
                             ":id AND disabled_ms IS NOT NULL",
                       &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":id", c->person);
    e = db_run(q, &changed);
    if (!e) e = people_note_keep(db, admins, c->why);
    if (!e && off) e = people_token_end(db, c->person, "session", NULL);
    if (!e && off) e = people_token_end(db, c->person, "key", NULL);
    if (e || !changed) return e;
    return people_note(db, c->by, off ? AUDIT_person_disabled : AUDIT_person_enabled, c->person,
                       c->area, NULL);
}

static enum err put(struct db *db, void *user)
{
    struct change *c = user;
    bool own = !c->put->sets_disabled;
    enum err e = people_reach_person(db, c->by, c->person, own, &c->area, c->why);
    if (!e && c->put->name) e = rename_person(db, c);
    return !e && c->put->sets_disabled ? set_disabled(db, c) : e;
}

enum err people_put(struct db *db, const struct people_by *by, int64_t person,
                    const struct people_put *change, struct why *why)
{
    struct change c = {.by = by, .person = person, .put = change, .why = why};
    enum err e = change->name ? check_name(change->name, why) : ERR_OK;
    return e ? e : people_token_tell(db, db_write(db, put, &c), why);
}
