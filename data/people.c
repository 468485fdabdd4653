#include "data/people.h"

#include <string.h>

enum err people_find(struct db *db, const char *login, int64_t *id, struct why *why)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT id FROM people WHERE login = :login", &q);
    if (e) return e;
    db_bind_text(q, ":login", login);
    if (!(e = db_step(q, &row)) && row) *id = db_int(q, 0);
    db_done(q);
    if (e || row) return e;
    return err_say(why, ERR_NOTFOUND, "there is no account \"%s\"", login);
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
bool people_kind_covers(const char *granted, const char *wanted)
{
    if (!granted[0] || strcmp(granted, wanted) == 0) return true;
    return strcmp(granted, "place") == 0 && strcmp(wanted, "place_feedback") == 0;
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

enum err people_recognise(struct db *db, const char *token, const struct people_policy *policy,
                          int64_t now_ms, struct arena *arena, struct people_actor *actor)
{
    struct db_query *q;
    struct people_actor found = {0};
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT p.id, p.login, p.name, t.purpose = 'key', t.seen_ms, EXISTS "
                            "(SELECT 1 FROM totp f WHERE f.person_id = p.id AND f.confirmed_ms IS "
                            "NOT NULL) FROM tokens t JOIN "
                            "people p ON p.id = t.person_id WHERE t.hash = :hash AND t.ended_ms IS "
                            "NULL AND p.disabled_ms IS NULL AND (t.expires_ms IS NULL OR "
                            "(t.expires_ms > :now AND t.seen_ms > :idle))",
                            &q);
    if (e) return e;
    secrets_sha256(token, strlen(token), found.token);
    db_bind_blob(q, ":hash", found.token, sizeof found.token);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":idle", policy ? now_ms - policy->idle_ms : 0);
    if (!(e = db_step(q, &row)) && row) {
        found.id = db_int(q, 0);
        found.login = arena_strdup(arena, db_text(q, 1));
        found.name = arena_strdup(arena, db_text(q, 2));
        found.by_key = db_int(q, 3) != 0;
        found.seen_ms = db_int(q, 4);
        found.has_second_factor = db_int(q, 5) != 0;
    }
    db_done(q);
    if (e) return e;
    if (!row) return ERR_DENIED;
    if (!found.login || !found.name) return ERR_NOMEM;
    e = grants_read(db, found.id, arena, &found.grants, &found.grant_count);
    if (!e) *actor = found;
    return e;
}

enum err people_behind(struct db *db, int64_t person, struct arena *arena,
                       struct people_actor *actor)
{
    struct db_query *q;
    struct people_actor found = {.id = person, .by_key = true};
    bool row = false;
    enum err e =
        db_prepare(db, "SELECT login, name FROM people WHERE id = :id AND disabled_ms IS NULL", &q);
    if (e) return e;
    db_bind_int(q, ":id", person);
    if (!(e = db_step(q, &row)) && row) {
        found.login = arena_strdup(arena, db_text(q, 0));
        found.name = arena_strdup(arena, db_text(q, 1));
    }
    db_done(q);
    if (e) return e;
    if (!row) return ERR_DENIED;
    if (!found.login || !found.name) return ERR_NOMEM;
    e = grants_read(db, person, arena, &found.grants, &found.grant_count);
    if (!e) *actor = found;
    return e;
}
