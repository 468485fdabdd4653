#include "data/people_note.h"
#include "data/people_reach.h"
#include "data/people_token.h"
#include "geo/base/clock.h"

#include <stdio.h>

struct granting {
    const struct people_by *by;
    int64_t person, id;
    const struct people_grant *grant;
    struct why *why;
};

/* "area_staff report" */
static enum err note(struct db *db, const struct granting *g, enum audit_verb verb,
                     const struct people_grant *grant)
{
    char detail[160];
    const char *kind = grant->kind ? grant->kind : "";
    (void)snprintf(detail, sizeof detail, "%s%s%s", people_role_name(grant->role),
                   kind[0] ? " " : "", kind);
    return people_note(db, g->by, verb, g->person, grant->area_id, detail);
}

/* Of a person: how many grants, and whether one more of this role would mix a key with what people
 * do who sign in. */
static enum err check_room(struct db *db, const struct granting *g)
{
    struct db_query *q;
    bool row = false, keyed = false;
    int64_t count = 0;
    enum err e = db_prepare(db,
                            "SELECT (SELECT count(*) FROM grants WHERE person_id = :person), "
                            "EXISTS (SELECT 1 FROM tokens WHERE person_id = :person AND purpose = "
                            "'key' AND ended_ms IS NULL)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", g->person);
    if (!(e = db_step(q, &row)) && row) {
        count = db_int(q, 0);
        keyed = db_int(q, 1) != 0;
    }
    db_done(q);
    if (e) return e;
    if (count >= PEOPLE_GRANTS_MAX)
        return err_say(g->why, ERR_CONFLICT, "a person holds %d roles at most", PEOPLE_GRANTS_MAX);
    if (keyed && g->grant->role != PEOPLE_integrator)
        return err_say(g->why, ERR_CONFLICT,
                       "a key stands for this account, which is for an integrator and nothing "
                       "else: add another person");
    return ERR_OK;
}

static enum err insert(struct db *db, const struct granting *g, int64_t *added)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO grants (person_id, role, area_id, kind, created_ms) "
                            "VALUES (:person, :role, NULLIF(:area, 0), :kind, :now) "
                            "ON CONFLICT DO NOTHING",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", g->person);
    db_bind_text(q, ":role", people_role_name(g->grant->role));
    db_bind_int(q, ":area", g->grant->area_id);
    db_bind_text(q, ":kind", g->grant->kind ? g->grant->kind : "");
    db_bind_int(q, ":now", clock_utc_ms());
    e = db_run(q, added);
    /* Only the foreign keys are left to be broken. */
    return e == ERR_CONFLICT ? err_say(g->why, ERR_NOTFOUND, "there is no such area") : e;
}

static enum err add(struct db *db, void *user)
{
    const struct granting *g = user;
    int64_t added = 0;
    enum err e = people_reach_person(db, g->by, g->person, false, NULL, g->why);
    if (!e) e = people_reach_grant(db, g->by, g->grant, g->why);
    if (!e) e = check_room(db, g);
    if (!e) e = insert(db, g, &added);
    return e || !added ? e : note(db, g, AUDIT_granted, g->grant);
}

enum err people_grant(struct db *db, const struct people_by *by, int64_t person,
                      const struct people_grant *grant, struct why *why)
{
    struct granting granting = {.by = by, .person = person, .grant = grant, .why = why};
    return people_token_tell(db, db_write(db, add, &granting), why);
}

/* --- taking away --- */

static enum err delete (struct db *db, int64_t id) {
    struct db_query *q; enum err e = db_prepare(db, "DELETE FROM grants WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}

/* Unlike all else this touches who holds more elsewhere, too. */
static enum err take(struct db *db, const struct granting *g, struct arena *arena)
{
    struct people_reach reach;
    const struct people_held *held = NULL;
    size_t count = 0, i = 0, within = 0;
    int64_t admins = 0;
    enum err e = people_reach_read(db, g->by, arena, &reach, g->why);
    if (!e) e = people_reach_held(db, &reach, g->person, arena, &held, &count);
    if (!e) e = people_note_admins(db, &admins);
    if (e) return e;
    for (size_t k = 0; k < count; k++)
        within += held[k].reached;
    while (i < count && held[i].id != g->id)
        i++;
    bool own = reach.person == g->person && reach.person;
    if (i == count || (!within && !own))
        return err_say(g->why, ERR_NOTFOUND, "this person has no such role");
    if (!held[i].reached && !own)
        return err_say(g->why, ERR_DENIED, "the role goes beyond yours: ask a city administrator");
    e = delete (db, g->id);
    if (!e) e = people_note_keep(db, admins, g->why);
    return e ? e : note(db, g, AUDIT_grant_removed, &held[i].grant);
}

static enum err remove_grant(struct db *db, void *user)
{
    struct arena arena;
    arena_init(&arena, 0);
    enum err e = take(db, user, &arena);
    arena_fini(&arena);
    return e;
}

enum err people_ungrant(struct db *db, const struct people_by *by, int64_t person, int64_t grant,
                        struct why *why)
{
    struct granting granting = {.by = by, .person = person, .id = grant, .why = why};
    return people_token_tell(db, db_write(db, remove_grant, &granting), why);
}
