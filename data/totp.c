#include "data/totp.h"

#include "data/people_note.h"
#include "data/people_reach.h"
#include "data/people_token.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A secret as it is kept; the person is sealed in, so that a row is worth nothing as another's. */
enum { SEALED_BYTES = TOTP_CODE_SECRET_BYTES + SECRETS_SEAL_BYTES };

struct kept {
    unsigned char secret[TOTP_CODE_SECRET_BYTES];
    int64_t last_step;
    bool found, confirmed;
};

static enum err open_row(struct db_query *q, const struct totp *totp, struct kept *kept)
{
    size_t len = 0;
    const void *sealed = db_blob(q, 0, &len);
    kept->found = true;
    kept->last_step = db_int(q, 1);
    kept->confirmed = !db_is_null(q, 2);
    if (len != SEALED_BYTES) return ERR_CHECKSUM;
    return secrets_open(totp->key, totp->person, sealed, SEALED_BYTES, kept->secret);
}

static enum err read_kept(struct db *db, const struct totp *totp, struct kept *kept)
{
    struct db_query *q;
    bool row = false;
    *kept = (struct kept){.found = false};
    enum err e = db_prepare(
        db, "SELECT sealed, last_step, confirmed_ms FROM totp WHERE person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":person", totp->person);
    if (!(e = db_step(q, &row)) && row) e = open_row(q, totp, kept);
    db_done(q);
    return e;
}

enum err totp_state(struct db *db, int64_t person, bool *has, int64_t *left)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT (SELECT COUNT(*) FROM totp WHERE person_id = :person AND "
                            "confirmed_ms IS NOT NULL), (SELECT COUNT(*) FROM recovery_codes WHERE "
                            "person_id = :person AND used_ms IS NULL)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row)) && row) {
        *has = db_int(q, 0) > 0;
        *left = db_int(q, 1);
    }
    db_done(q);
    return e;
}

struct change {
    const struct totp *totp;
    const char *code;
    int64_t now_ms;
    unsigned char sealed[SEALED_BYTES];
    char (*codes)[TOTP_RECOVERY_SIZE];
    struct why *why;
};

/* --- beginning --- */

static enum err begin(struct db *db, void *user)
{
    struct change *c = user;
    struct db_query *q;
    int64_t changed = 0;
    enum err e = db_prepare(db,
                            "INSERT INTO totp (person_id, sealed, created_ms) VALUES (:person, "
                            ":sealed, :now) ON CONFLICT (person_id) DO UPDATE SET sealed = "
                            ":sealed, created_ms = :now WHERE confirmed_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", c->totp->person);
    db_bind_blob(q, ":sealed", c->sealed, sizeof c->sealed);
    db_bind_int(q, ":now", c->now_ms);
    e = db_run(q, &changed);
    if (e || changed) return e;
    return err_say(c->why, ERR_CONFLICT, "there is a second factor already; remove that one first");
}

enum err totp_begin(struct db *db, const struct totp *totp, int64_t now_ms,
                    char text[TOTP_CODE_TEXT_SIZE], struct why *why)
{
    struct change c = {.totp = totp, .now_ms = now_ms, .why = why};
    unsigned char secret[TOTP_CODE_SECRET_BYTES];
    secrets_random(secret, sizeof secret);
    secrets_seal(totp->key, totp->person, secret, sizeof secret, c.sealed);
    enum err e = people_token_tell(db, db_write(db, begin, &c), why);
    if (!e) e = totp_code_text(secret, text);
    explicit_bzero(secret, sizeof secret);
    return e;
}

/* --- recovery codes --- */

/* "abcde-fghij-kmnpq" as its letters alone, in small ones. */
static void hash_recovery(int64_t person, const char *code, unsigned char hash[SECRETS_HASH_BYTES])
{
    char text[64];
    int n = snprintf(text, sizeof text, "recovery %lld ", (long long)person);
    for (size_t used = n > 0 ? (size_t)n : 0; *code && used + 1 < sizeof text; code++)
        if (isalnum((unsigned char)*code)) {
            text[used++] = (char)tolower((unsigned char)*code);
            text[used] = '\0';
        }
    secrets_sha256(text, strlen(text), hash);
}

static enum err forget_codes(struct db *db, int64_t person)
{
    struct db_query *q;
    enum err e = db_prepare(db, "DELETE FROM recovery_codes WHERE person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    return db_run(q, NULL);
}

static enum err keep_codes(struct db *db, const struct change *c)
{
    enum err e = forget_codes(db, c->totp->person);
    for (int i = 0; !e && i < TOTP_RECOVERY_CODES; i++) {
        unsigned char hash[SECRETS_HASH_BYTES];
        struct db_query *q;
        e = db_prepare(db, "INSERT INTO recovery_codes (hash, person_id) VALUES (:hash, :person)",
                       &q);
        if (e) return e;
        hash_recovery(c->totp->person, c->codes[i], hash);
        db_bind_blob(q, ":hash", hash, sizeof hash);
        db_bind_int(q, ":person", c->totp->person);
        e = db_run(q, NULL);
    }
    return e;
}

static enum err take_recovery(struct db *db, const struct totp *totp, const char *code,
                              int64_t now_ms, bool *good)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    struct db_query *q;
    int64_t changed = 0;
    enum err e = db_prepare(db,
                            "UPDATE recovery_codes SET used_ms = :now WHERE hash = :hash AND "
                            "person_id = :person AND used_ms IS NULL",
                            &q);
    if (e) return e;
    hash_recovery(totp->person, code, hash);
    db_bind_int(q, ":now", now_ms);
    db_bind_blob(q, ":hash", hash, sizeof hash);
    db_bind_int(q, ":person", totp->person);
    if ((e = db_run(q, &changed))) return e;
    *good = changed > 0;
    const struct audit_row row = {.verb = AUDIT_recovery_used,
                                  .person = totp->person,
                                  .subject = totp->person,
                                  .at_ms = now_ms};
    return *good ? audit_add(db, &row) : ERR_OK;
}

/* --- taking codes --- */

/* Holds the step, so that its code and older ones are worth nothing any more. */
static enum err hold_step(struct db *db, int64_t person, int64_t step, int64_t confirmed_ms)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE totp SET last_step = :step, confirmed_ms = "
                            "COALESCE(confirmed_ms, :confirmed) WHERE person_id = :person",
                            &q);
    if (e) return e;
    db_bind_int(q, ":step", step);
    db_bind_int(q, ":confirmed", confirmed_ms);
    db_bind_int(q, ":person", person);
    return db_run(q, NULL);
}

enum err totp_take(struct db *db, const struct totp *totp, const char *code, int64_t now_ms,
                   bool *good)
{
    struct kept kept;
    int64_t step = 0;
    *good = false;
    if (strlen(code) != TOTP_CODE_DIGITS) return take_recovery(db, totp, code, now_ms, good);
    enum err e = read_kept(db, totp, &kept);
    if (!e && kept.confirmed) e = totp_code_find(kept.secret, code, now_ms, kept.last_step, &step);
    explicit_bzero(&kept.secret, sizeof kept.secret);
    if (e || !step) return e;
    *good = true;
    return hold_step(db, totp->person, step, now_ms);
}

static enum err confirm(struct db *db, void *user)
{
    struct change *c = user;
    struct kept kept;
    int64_t step = 0;
    enum err e = read_kept(db, c->totp, &kept);
    if (!e && !kept.found) e = err_say(c->why, ERR_NOTFOUND, "no second factor was begun");
    if (!e && kept.confirmed) e = err_say(c->why, ERR_CONFLICT, "it is confirmed already");
    if (!e) e = totp_code_find(kept.secret, c->code, c->now_ms, 0, &step);
    explicit_bzero(&kept.secret, sizeof kept.secret);
    if (e) return e;
    if (!step)
        return err_say(c->why, ERR_DENIED,
                       "the code is wrong: look whether the clock of the device is right");
    const struct audit_row row = {.verb = AUDIT_second_factor_added,
                                  .person = c->totp->person,
                                  .subject = c->totp->person,
                                  .at_ms = c->now_ms};
    e = hold_step(db, c->totp->person, step, c->now_ms);
    if (!e) e = keep_codes(db, c);
    return e ? e : audit_add(db, &row);
}

enum err totp_confirm(struct db *db, const struct totp *totp, const char *code, int64_t now_ms,
                      char codes[TOTP_RECOVERY_CODES][TOTP_RECOVERY_SIZE], struct why *why)
{
    struct change c = {.totp = totp, .code = code, .now_ms = now_ms, .codes = codes, .why = why};
    for (int i = 0; i < TOTP_RECOVERY_CODES; i++)
        secrets_recovery(codes[i]);
    return people_token_tell(db, db_write(db, confirm, &c), why);
}

/* --- removing --- */

struct removal {
    const struct people_by *by;
    int64_t person;
    struct why *why;
};

static enum err remove_row(struct db *db, void *user)
{
    const struct removal *r = user;
    struct db_query *q;
    int64_t changed = 0, area = 0;
    enum err e = people_reach_person(db, r->by, r->person, true, &area, r->why);
    if (!e) e = db_prepare(db, "DELETE FROM totp WHERE person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":person", r->person);
    if ((e = db_run(q, &changed))) return e;
    if (!changed) return err_say(r->why, ERR_NOTFOUND, "there is no second factor");
    e = forget_codes(db, r->person);
    return e ? e : people_note(db, r->by, AUDIT_second_factor_removed, r->person, area, NULL);
}

enum err totp_remove(struct db *db, const struct people_by *by, int64_t person, struct why *why)
{
    struct removal removal = {by, person, why};
    return people_token_tell(db, db_write(db, remove_row, &removal), why);
}
