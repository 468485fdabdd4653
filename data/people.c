#include "data/people.h"

#include "data/changes.h"
#include "data/people_token.h"
#include "geo/base/clock.h"

#include <string.h>

enum { NAME_MAX_BYTES = 200 };

/* One number found by a text; ERR_NOTFOUND. */
static enum err find_id(struct db *db, const char *sql, const char *name, const char *text,
                        int64_t *id)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_text(q, name, text);
    if (!(e = db_step(q, &row))) {
        if (row)
            *id = db_int(q, 0);
        else
            e = ERR_NOTFOUND;
    }
    db_done(q);
    return e;
}

static enum err find_login(struct db *db, const char *login, int64_t *id, struct why *why)
{
    enum err e = find_id(db, "SELECT id FROM people WHERE login = :login", ":login", login, id);
    return e == ERR_NOTFOUND ? err_say(why, e, "there is nobody with the login \"%s\"", login) : e;
}

/* --- adding and changing --- */

static enum err check_login(const char *login, struct why *why)
{
    size_t n = strlen(login);
    if (n < 2 || n > 64 || strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-@") != n)
        return err_say(why, ERR_INVALID, "a login has 2 to 64 characters of a-z 0-9 . _ - @");
    return ERR_OK;
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

struct adding {
    const char *login, *name;
    char hash[SECRETS_PASSWORD_SIZE];
    int64_t id;
    struct why *why;
};

static enum err add(struct db *db, void *user)
{
    struct adding *adding = user;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO people (login, name, password, created_ms, updated_ms) "
                            "VALUES (:login, :name, :password, :now, :now)",
                            &q);
    if (e) return e;
    db_bind_text(q, ":login", adding->login);
    db_bind_text(q, ":name", adding->name);
    db_bind_text(q, ":password", adding->hash);
    db_bind_int(q, ":now", clock_utc_ms());
    e = db_run(q, NULL);
    if (e == ERR_CONFLICT)
        return err_say(adding->why, e, "the login \"%s\" is taken", adding->login);
    if (e) return e;
    adding->id = db_last_id(db);
    return changes_add(db, CHANGES_people, adding->id, "added");
}

enum err people_add(struct db *db, const char *login, const char *name, const char *password,
                    int64_t *id, struct why *why)
{
    struct adding adding = {.login = login, .name = name ? name : "", .why = why};
    enum err e = check_login(login, why);
    if (!e && strlen(adding.name) > NAME_MAX_BYTES)
        e = err_say(why, ERR_INVALID, "the name is longer than %d bytes", NAME_MAX_BYTES);
    if (!e) e = hash_password(password, adding.hash, why);
    if (!e) e = people_token_tell(db, db_write(db, add, &adding), why);
    if (!e) *id = adding.id;
    return e;
}

static enum err set_password(struct db *db, void *user)
{
    struct adding *adding = user;
    struct db_query *q;
    enum err e = find_login(db, adding->login, &adding->id, adding->why);
    if (e) return e;
    e = db_prepare(db,
                   "UPDATE people SET password = :password, failures = 0, locked_until_ms = 0, "
                   "updated_ms = :now WHERE id = :id",
                   &q);
    if (e) return e;
    db_bind_text(q, ":password", adding->hash);
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":id", adding->id);
    if (!(e = db_run(q, NULL))) e = people_token_end(db, adding->id, "session");
    return e ? e : changes_add(db, CHANGES_people, adding->id, "password");
}

enum err people_set_password(struct db *db, const char *login, const char *password,
                             struct why *why)
{
    struct adding adding = {.login = login, .why = why};
    enum err e = hash_password(password ? password : "", adding.hash, why);
    return e ? e : people_token_tell(db, db_write(db, set_password, &adding), why);
}

static enum err disable(struct db *db, void *user)
{
    struct adding *adding = user;
    struct db_query *q;
    enum err e = find_login(db, adding->login, &adding->id, adding->why);
    if (e) return e;
    e = db_prepare(db,
                   "UPDATE people SET disabled_ms = :now, updated_ms = :now "
                   "WHERE id = :id AND disabled_ms IS NULL",
                   &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":id", adding->id);
    if (!(e = db_run(q, NULL))) e = people_token_end(db, adding->id, "session");
    if (!e) e = people_token_end(db, adding->id, "key");
    return e ? e : changes_add(db, CHANGES_people, adding->id, "disabled");
}

enum err people_disable(struct db *db, const char *login, struct why *why)
{
    struct adding adding = {.login = login, .why = why};
    return people_token_tell(db, db_write(db, disable, &adding), why);
}

/* --- roles and grants --- */

static const char *const roles[PEOPLE_ROLE_COUNT] = {
#define PEOPLE_NAME(name) [PEOPLE_##name] = #name,
    PEOPLE_ROLES(PEOPLE_NAME)
#undef PEOPLE_NAME
};

const char *people_role_name(enum people_role role)
{
    return roles[role];
}

enum err people_role_find(const char *name, enum people_role *role)
{
    for (int i = 0; i < PEOPLE_ROLE_COUNT; i++)
        if (strcmp(roles[i], name) == 0) {
            *role = (enum people_role)i;
            return ERR_OK;
        }
    return ERR_NOTFOUND;
}

/* Who keeps places true also works on what riders say of them. */
static bool kind_covers(const char *granted, const char *wanted)
{
    if (!granted[0] || strcmp(granted, wanted) == 0) return true;
    return strcmp(granted, "place") == 0 && strcmp(wanted, "place_feedback") == 0;
}

static bool grant_covers(const struct people_grant *grant, const int64_t *area_ids,
                         size_t area_count, const char *kind)
{
    if (!kind_covers(grant->kind, kind)) return false;
    bool covers = grant->area_id == 0;
    for (size_t i = 0; i < area_count && !covers; i++)
        covers = area_ids[i] == grant->area_id;
    return covers;
}

bool people_may(const struct people_actor *actor, unsigned wanted, const int64_t *area_ids,
                size_t area_count, const char *kind)
{
    for (size_t i = 0; actor && i < actor->grant_count; i++)
        if ((wanted & 1u << actor->grants[i].role) &&
            grant_covers(&actor->grants[i], area_ids, area_count, kind))
            return true;
    return false;
}

struct granting {
    int64_t person;
    const struct people_grant *grant;
    struct why *why;
};

static enum err grant_add(struct db *db, void *user)
{
    struct granting *g = user;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO grants (person_id, role, area_id, kind, created_ms) "
                            "VALUES (:person, :role, NULLIF(:area, 0), :kind, :now) "
                            "ON CONFLICT DO NOTHING",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", g->person);
    db_bind_text(q, ":role", roles[g->grant->role]);
    db_bind_int(q, ":area", g->grant->area_id);
    db_bind_text(q, ":kind", g->grant->kind ? g->grant->kind : "");
    db_bind_int(q, ":now", clock_utc_ms());
    e = db_run(q, NULL);
    /* Only the foreign keys are left to be broken. */
    if (e == ERR_CONFLICT) return err_say(g->why, ERR_NOTFOUND, "there is no such person or area");
    return e ? e : changes_add(db, CHANGES_people, g->person, "granted");
}

enum err people_grant(struct db *db, int64_t person, const struct people_grant *grant,
                      struct why *why)
{
    struct granting granting = {person, grant, why};
    return people_token_tell(db, db_write(db, grant_add, &granting), why);
}

static enum err grants_read(struct db *db, int64_t person, struct arena *arena,
                            const struct people_grant **grants, size_t *count)
{
    enum { MAX = 256 };
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct people_grant *list = arena_calloc(arena, MAX, sizeof *list);
    if (!list) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT role, area_id, kind FROM grants WHERE person_id = :person "
                            "ORDER BY id LIMIT 256",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    while (!e && !(e = db_step(q, &row)) && row) {
        struct people_grant *grant = &list[n];
        /* A role that this program does not know gives no right. */
        if (people_role_find(db_text(q, 0), &grant->role)) continue;
        grant->area_id = db_int(q, 1);
        grant->kind = arena_strdup(arena, db_text(q, 2));
        e = grant->kind ? ERR_OK : ERR_NOMEM;
        n++;
    }
    db_done(q);
    if (e) return e;
    *grants = list;
    *count = n;
    return ERR_OK;
}

enum err people_list(struct db *db, void (*each)(void *user, const struct people_listed *person),
                     void *user)
{
    struct arena arena;
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT id, login, name, disabled_ms IS NOT NULL FROM people ORDER BY login", &q);
    if (e) return e;
    arena_init(&arena, 0);
    while (!e && !(e = db_step(q, &row)) && row) {
        struct people_listed person = {.id = db_int(q, 0),
                                       .login = db_text(q, 1),
                                       .name = db_text(q, 2),
                                       .disabled = db_int(q, 3) != 0};
        e = grants_read(db, person.id, &arena, &person.grants, &person.grant_count);
        if (!e) each(user, &person);
        arena_reset(&arena);
    }
    db_done(q);
    arena_fini(&arena);
    return e;
}

enum err people_recognise(struct db *db, const char *token, int64_t now_ms, struct arena *arena,
                          struct people_actor *actor)
{
    struct db_query *q;
    struct people_actor found = {0};
    unsigned char hash[SECRETS_HASH_BYTES];
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT p.id, p.login, p.name, t.purpose = 'key' FROM tokens t JOIN "
                            "people p ON p.id = t.person_id WHERE t.hash = :hash AND t.ended_ms IS "
                            "NULL AND p.disabled_ms IS NULL AND (t.expires_ms IS NULL OR "
                            "t.expires_ms > :now)",
                            &q);
    if (e) return e;
    secrets_sha256(token, strlen(token), hash);
    db_bind_blob(q, ":hash", hash, sizeof hash);
    db_bind_int(q, ":now", now_ms);
    if (!(e = db_step(q, &row)) && row) {
        found.id = db_int(q, 0);
        found.login = arena_strdup(arena, db_text(q, 1));
        found.name = arena_strdup(arena, db_text(q, 2));
        found.by_key = db_int(q, 3) != 0;
    }
    db_done(q);
    if (e) return e;
    if (!row) return ERR_DENIED;
    if (!found.login || !found.name) return ERR_NOMEM;
    e = grants_read(db, found.id, arena, &found.grants, &found.grant_count);
    if (!e) *actor = found;
    return e;
}
