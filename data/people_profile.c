#include "data/people_profile.h"

#include "data/changes.h"
#include "data/people_note.h"
#include "data/people_token.h"
#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>

enum { DIGITS_MIN = 7, DIGITS_MAX = 15, SHOWN_BEHIND = 4 };

static const char *const languages[] = {
    [PEOPLE_PROFILE_ANY] = "", [PEOPLE_PROFILE_ZH] = "zh", [PEOPLE_PROFILE_EN] = "en"};

const char *people_profile_language_name(enum people_profile_language language)
{
    return languages[language];
}

bool people_profile_language_find(const char *name, enum people_profile_language *language)
{
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (strcmp(languages[i], name) == 0) {
            *language = (enum people_profile_language)i;
            return true;
        }
    return false;
}

/* ---- phone numbers --------------------------------------------------------------------------- */

bool people_profile_phone(const char *typed, char phone[PEOPLE_PROFILE_PHONE_SIZE])
{
    char read[PEOPLE_PROFILE_PHONE_SIZE];
    size_t n = 0, digits = 0;
    for (const char *at = typed; *at; at++) {
        if (*at == ' ' || *at == '-') continue;
        bool digit = *at >= '0' && *at <= '9';
        if ((!digit && (*at != '+' || n)) || digits + digit > DIGITS_MAX) return false;
        read[n++] = *at;
        digits += digit;
    }
    if (digits < DIGITS_MIN) return false;
    read[n] = '\0';
    memcpy(phone, read, n + 1);
    return true;
}

void people_profile_mask(const char *phone, char masked[PEOPLE_PROFILE_PHONE_SIZE])
{
    enum { HIDDEN = 4, SHORT = 10 };
    size_t n = strnlen(phone, PEOPLE_PROFILE_PHONE_SIZE - 1);
    size_t behind = n < SHORT ? 2 : SHOWN_BEHIND;
    size_t hidden = n < SHORT ? n - 2 : HIDDEN;
    memcpy(masked, phone, n);
    masked[n] = '\0';
    if (n > behind) memset(masked + n - behind - hidden, '*', hidden);
}

/* A key for numbers alone, so that what is sealed for something else cannot stand in their place.
 */
static void phone_key(const unsigned char *key, unsigned char own[SECRETS_HASH_BYTES])
{
    secrets_keyed(key, "phone number", "", 0, own);
}

static enum err open_phone(struct db_query *q, int64_t person, const unsigned char *key,
                           char phone[PEOPLE_PROFILE_PHONE_SIZE])
{
    unsigned char own[SECRETS_HASH_BYTES];
    size_t len = 0;
    const unsigned char *sealed = db_blob(q, 2, &len);
    if (len <= SECRETS_SEAL_BYTES || len - SECRETS_SEAL_BYTES >= PEOPLE_PROFILE_PHONE_SIZE)
        return ERR_CHECKSUM;
    phone_key(key, own);
    enum err e = secrets_open(own, person, sealed, len, phone);
    phone[e ? 0 : len - SECRETS_SEAL_BYTES] = '\0';
    return e;
}

/* ---- reading --------------------------------------------------------------------------------- */

enum err people_profile_read(struct db *db, int64_t person, const unsigned char *key,
                             struct people_profile *profile)
{
    struct people_profile found = {.version = 1};
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT version, language, phone_sealed FROM people_profiles WHERE "
                            "person_id = :person",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row)) && row) {
        found.version = db_int(q, 0);
        (void)people_profile_language_find(db_text(q, 1), &found.language);
        found.has_phone = !db_is_null(q, 2);
        if (found.has_phone && key) e = open_phone(q, person, key, found.phone);
    }
    db_done(q);
    if (!e) *profile = found;
    return e;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct writing {
    const struct people_by *by;
    const struct people_profile_put *put;
    struct why *why;
};

static enum err begin_row(struct db *db, const struct writing *w)
{
    struct db_query *q;
    struct people_profile now;
    enum err e = people_profile_read(db, w->by->person, NULL, &now);
    if (!e && now.version != w->put->version)
        e = err_say(w->why, ERR_CONFLICT, "the profile has been changed since: its version is %lld",
                    (long long)now.version);
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO people_profiles (person_id, version, updated_ms) VALUES "
                       "(:person, 2, :now) ON CONFLICT (person_id) DO UPDATE SET version = version "
                       "+ 1, updated_ms = :now",
                       &q);
    if (e) return e;
    db_bind_int(q, ":person", w->by->person);
    db_bind_int(q, ":now", w->put->now_ms);
    return db_run(q, NULL);
}

static enum err put_phone(struct db *db, const struct writing *w)
{
    unsigned char own[SECRETS_HASH_BYTES], sealed[PEOPLE_PROFILE_PHONE_SIZE + SECRETS_SEAL_BYTES];
    const char *phone = w->put->phone;
    size_t len = strlen(phone);
    struct db_query *q;
    enum err e = db_prepare(
        db, "UPDATE people_profiles SET phone_sealed = :sealed WHERE person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":person", w->by->person);
    if (len) {
        phone_key(w->put->key, own);
        secrets_seal(own, w->by->person, phone, len, sealed);
        db_bind_blob(q, ":sealed", sealed, len + SECRETS_SEAL_BYTES);
    } else {
        db_bind_null(q, ":sealed");
    }
    return db_run(q, NULL);
}

static enum err put_text(struct db *db, const char *sql, int64_t person, const char *value)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_text(q, ":value", value);
    return db_run(q, NULL);
}

static enum err put_hidden(struct db *db, const struct writing *w)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO points_names (person_id, name, hidden) VALUES (:person, "
                            "'', :hidden) ON CONFLICT (person_id) DO UPDATE SET hidden = :hidden",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", w->by->person);
    db_bind_int(q, ":hidden", *w->put->ranking_hidden);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_points, w->by->person, "named");
}

static enum err put(struct db *db, void *user)
{
    const struct writing *w = user;
    const struct people_profile_put *p = w->put;
    const int64_t person = w->by->person;
    enum err e = begin_row(db, w);
    if (!e && p->language)
        e = put_text(db, "UPDATE people_profiles SET language = :value WHERE person_id = :person",
                     person, languages[*p->language]);
    if (!e && p->phone) e = put_phone(db, w);
    if (!e && p->ranking_hidden) e = put_hidden(db, w);
    if (!e && p->name)
        e = put_text(db, "UPDATE people SET name = :value WHERE id = :person", person, p->name);
    if (!e && p->name) return people_note(db, w->by, AUDIT_person_renamed, person, 0, NULL);
    return e ? e : changes_add(db, CHANGES_people, person, "profiled");
}

enum err people_profile_put(struct db *db, const struct people_by *by,
                            const struct people_profile_put *change, struct why *why)
{
    struct writing w = {by, change, why};
    return people_token_tell(db, db_write(db, put, &w), why);
}

enum err people_profile_forget(struct db *db, int64_t person)
{
    struct db_query *q;
    enum err e = db_prepare(db, "DELETE FROM people_profiles WHERE person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    return db_run(q, NULL);
}
