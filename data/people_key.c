#include "data/people_note.h"
#include "data/people_reach.h"
#include "data/people_token.h"
#include "geo/base/clock.h"

#include <string.h>

enum { LABEL_MAX_BYTES = 60 };

struct key_change {
    const struct people_by *by;
    int64_t person, area;
    const char *label, *token;
    struct why *why;
};

/* Whether they are there, and integrators and nothing else. */
static enum err check_integrator(struct db *db, const struct key_change *c)
{
    struct db_query *q;
    bool row = false, there = false, right = false;
    enum err e = db_prepare(db,
                            "SELECT disabled_ms IS NULL, EXISTS (SELECT 1 FROM grants WHERE "
                            "person_id = p.id AND role = 'integrator') AND NOT EXISTS (SELECT 1 "
                            "FROM grants WHERE person_id = p.id AND role <> 'integrator') FROM "
                            "people p WHERE id = :id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":id", c->person);
    if (!(e = db_step(q, &row)) && row) {
        there = db_int(q, 0) != 0;
        right = db_int(q, 1) != 0;
    }
    db_done(q);
    if (e) return e;
    if (!there) return err_say(c->why, ERR_NOTFOUND, "there is no such person, or not any more");
    if (right) return ERR_OK;
    return err_say(c->why, ERR_CONFLICT,
                   "a key is for an account whose one role is integrator: add one");
}

static enum err key_add(struct db *db, void *user)
{
    struct key_change *c = user;
    enum err e = people_reach_person(db, c->by, c->person, false, &c->area, c->why);
    if (!e) e = check_integrator(db, c);
    if (e) return e;
    e = people_token_add(db, c->token, c->person, "key", c->label, 0);
    if (e == ERR_CONFLICT)
        return err_say(c->why, e, "there is a key with the label \"%s\"", c->label);
    return e ? e : people_note(db, c->by, AUDIT_key_added, c->person, c->area, c->label);
}

enum err people_key_add(struct db *db, const struct people_by *by, int64_t person,
                        const char *label, char key[SECRETS_TOKEN_SIZE], struct why *why)
{
    char made[SECRETS_TOKEN_SIZE];
    struct key_change change = {
        .by = by, .person = person, .label = label, .token = made, .why = why};
    if (!label[0] || strlen(label) > LABEL_MAX_BYTES)
        return err_say(why, ERR_INVALID, "a label has 1 to %d bytes", LABEL_MAX_BYTES);
    secrets_token("yzk", made);
    enum err e = people_token_tell(db, db_write(db, key_add, &change), why);
    if (!e) memcpy(key, made, sizeof made);
    return e;
}

static enum err key_revoke(struct db *db, void *user)
{
    struct key_change *c = user;
    struct db_query *q;
    int64_t changed = 0;
    enum err e = people_reach_person(db, c->by, c->person, false, &c->area, c->why);
    if (!e)
        e = db_prepare(db,
                       "UPDATE tokens SET ended_ms = :now WHERE person_id = :person AND label = "
                       ":label AND purpose = 'key' AND ended_ms IS NULL",
                       &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":person", c->person);
    db_bind_text(q, ":label", c->label);
    if ((e = db_run(q, &changed))) return e;
    if (!changed)
        return err_say(c->why, ERR_NOTFOUND, "there is no key with the label \"%s\"", c->label);
    return people_note(db, c->by, AUDIT_key_revoked, c->person, c->area, c->label);
}

enum err people_key_revoke(struct db *db, const struct people_by *by, int64_t person,
                           const char *label, struct why *why)
{
    struct key_change change = {.by = by, .person = person, .label = label, .why = why};
    return people_token_tell(db, db_write(db, key_revoke, &change), why);
}

enum err people_keys(struct db *db, int64_t person, struct arena *arena,
                     const struct people_key **keys, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct people_key *list = arena_calloc(arena, PEOPLE_KEYS_LISTED, sizeof *list);
    if (!list) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT label, created_ms FROM tokens WHERE person_id = :person AND "
                            "purpose = 'key' AND ended_ms IS NULL ORDER BY label",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    while (!e && n < PEOPLE_KEYS_LISTED && !(e = db_step(q, &row)) && row) {
        list[n].label = arena_strdup(arena, db_text(q, 0));
        list[n].made_ms = db_int(q, 1);
        e = list[n++].label ? ERR_OK : ERR_NOMEM;
    }
    db_done(q);
    if (e) return e;
    *keys = list;
    *count = n;
    return ERR_OK;
}
