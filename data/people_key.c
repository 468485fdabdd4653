#include "data/people.h"

#include "data/changes.h"
#include "data/people_token.h"
#include "geo/base/clock.h"

#include <string.h>

enum { LABEL_MAX_BYTES = 60 };

struct key_change {
    int64_t person;
    const char *label, *token;
    struct why *why;
};

static enum err key_add(struct db *db, void *user)
{
    struct key_change *c = user;
    struct db_query *q;
    bool there = false;
    enum err e = db_prepare(db, "SELECT 1 FROM people WHERE id = :id AND disabled_ms IS NULL", &q);
    if (e) return e;
    db_bind_int(q, ":id", c->person);
    e = db_step(q, &there);
    db_done(q);
    if (!e && !there) return err_say(c->why, ERR_NOTFOUND, "there is no such person");
    if (!e) e = people_token_add(db, c->token, c->person, "key", c->label, 0);
    if (e == ERR_CONFLICT)
        return err_say(c->why, e, "there is a key with the label \"%s\"", c->label);
    return e ? e : changes_add(db, CHANGES_people, c->person, "key_added");
}

enum err people_key_add(struct db *db, int64_t person, const char *label,
                        char key[SECRETS_TOKEN_SIZE], struct why *why)
{
    char made[SECRETS_TOKEN_SIZE];
    struct key_change change = {person, label, made, why};
    if (strlen(label) > LABEL_MAX_BYTES)
        return err_say(why, ERR_INVALID, "the label is longer than %d bytes", LABEL_MAX_BYTES);
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
    enum err e = db_prepare(db,
                            "UPDATE tokens SET ended_ms = :now WHERE person_id = :person AND "
                            "label = :label AND purpose = 'key' AND ended_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":person", c->person);
    db_bind_text(q, ":label", c->label);
    if ((e = db_run(q, &changed))) return e;
    if (!changed)
        return err_say(c->why, ERR_NOTFOUND, "there is no key with the label \"%s\"", c->label);
    return changes_add(db, CHANGES_people, c->person, "key_revoked");
}

enum err people_key_revoke(struct db *db, int64_t person, const char *label, struct why *why)
{
    struct key_change change = {person, label, NULL, why};
    return people_token_tell(db, db_write(db, key_revoke, &change), why);
}
