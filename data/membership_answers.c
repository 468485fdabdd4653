#include "data/membership_answers.h"

#include "geo/base/moment.h"
#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_MAX = 1000000000, PHONE_MIN = 5, PHONE_MAX = 20, DATE_LEN = 10 };

const char *membership_answers_get(const struct membership_answers *answers, const char *code)
{
    for (size_t i = 0; i < answers->count; i++)
        if (strcmp(answers->items[i].code, code) == 0) return answers->items[i].value;
    return NULL;
}

/* ---- one answer ------------------------------------------------------------------------------ */

static enum err read_phone(const char *value, struct arena *arena, const char **read)
{
    char digits[PHONE_MAX + 2];
    size_t n = 0, plus = *value == '+';
    for (const char *at = value; *at; at++) {
        if (strchr(" -()", *at)) continue;
        if (!(*at >= '0' && *at <= '9') && !(at == value && *at == '+')) return ERR_INVALID;
        if (n == PHONE_MAX + plus) return ERR_INVALID;
        digits[n++] = *at;
    }
    digits[n] = '\0';
    if (n < PHONE_MIN + plus) return ERR_INVALID;
    *read = arena_strdup(arena, digits);
    return *read ? ERR_OK : ERR_NOMEM;
}

static bool is_date(const char *value)
{
    char moment[DATE_LEN + 12];
    int64_t ms;
    if (strlen(value) != DATE_LEN) return false;
    (void)snprintf(moment, sizeof moment, "%sT00:00:00Z", value);
    return moment_read_any(moment, &ms);
}

static bool is_choice(const struct branches_field *field, const char *value)
{
    for (size_t i = 0; i < field->choice_count; i++)
        if (strcmp(field->choices[i], value) == 0) return true;
    return false;
}

static enum err read_value(const struct branches_field *field, const char *value,
                           struct arena *arena, const char **read, struct why *why)
{
    int64_t number;
    *read = value;
    if (text_utf8_count(value, strlen(value)) > MEMBERSHIP_ANSWERS_TEXT_MAX)
        return err_say(why, ERR_INVALID, "must have at most %d characters",
                       MEMBERSHIP_ANSWERS_TEXT_MAX);
    switch (field->type) {
    case BRANCHES_phone:
        if (read_phone(value, arena, read) == ERR_OK) return ERR_OK;
        return err_say(why, ERR_INVALID, "must be a phone number of %d to %d digits", PHONE_MIN,
                       PHONE_MAX);
    case BRANCHES_number:
        if (text_int(value, strlen(value), -NUMBER_MAX, NUMBER_MAX, &number)) return ERR_OK;
        return err_say(why, ERR_INVALID, "must be a whole number");
    case BRANCHES_date:
        if (is_date(value)) return ERR_OK;
        return err_say(why, ERR_INVALID, "must be a date, as 1990-05-21");
    case BRANCHES_choice:
        if (is_choice(field, value)) return ERR_OK;
        return err_say(why, ERR_INVALID, "must be one of those to choose from");
    default:
        return ERR_OK;
    }
}

enum err membership_answers_add(struct membership_answers *answers,
                                const struct branches_form *form, const char *code,
                                const char *value, struct arena *arena, struct why *why)
{
    const struct branches_field *field = NULL;
    size_t len = strlen(value);
    for (size_t i = 0; i < form->field_count; i++)
        if (strcmp(form->fields[i].code, code) == 0) field = &form->fields[i];
    if (!field) return err_say(why, ERR_INVALID, "is not asked in the form");
    text_trim(&value, &len);
    if (!text_visible(value, len)) return ERR_OK; /* it is not answered */
    const char *copy = arena_strndup(arena, value, len), *read = NULL;
    if (!copy) return ERR_NOMEM;
    enum err e = read_value(field, copy, arena, &read, why);
    if (e) return e;
    if (membership_answers_get(answers, code) || answers->count == BRANCHES_FIELDS_MAX)
        return err_say(why, ERR_INVALID, "is answered twice");
    answers->items[answers->count++] = (struct membership_answer){field->code, read};
    return ERR_OK;
}

const struct branches_field *membership_answers_owed(const struct membership_answers *answers,
                                                     const struct branches_form *form)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i].required && !membership_answers_get(answers, form->fields[i].code))
            return &form->fields[i];
    return NULL;
}

/* ---- sealed ---------------------------------------------------------------------------------- */

static void derive(const unsigned char *key, const char *public_id,
                   unsigned char own[SECRETS_HASH_BYTES])
{
    _Static_assert(SECRETS_HASH_BYTES == SECRETS_KEY_BYTES, "a hash is a key");
    secrets_keyed(key, "membership", public_id, strlen(public_id), own);
}

/* Codes and values, each with its NUL. */
enum err membership_answers_seal(const struct membership_answers *answers, const unsigned char *key,
                                 const char *public_id, int64_t person, struct arena *arena,
                                 const void **sealed, size_t *len)
{
    unsigned char own[SECRETS_KEY_BYTES];
    size_t n = 0, used = 0;
    for (size_t i = 0; i < answers->count; i++)
        n += strlen(answers->items[i].code) + strlen(answers->items[i].value) + 2;
    char *plain = arena_alloc(arena, n);
    unsigned char *made = arena_alloc(arena, n + SECRETS_SEAL_BYTES);
    if (!plain || !made) return ERR_NOMEM;
    for (size_t i = 0; i < answers->count; i++) {
        const char *const texts[] = {answers->items[i].code, answers->items[i].value};
        for (size_t k = 0; k < 2; k++) {
            size_t size = strlen(texts[k]) + 1;
            memcpy(plain + used, texts[k], size);
            used += size;
        }
    }
    derive(key, public_id, own);
    secrets_seal(own, person, plain, n, made);
    explicit_bzero(own, sizeof own);
    *sealed = made;
    *len = n + SECRETS_SEAL_BYTES;
    return ERR_OK;
}

enum err membership_answers_open(const struct memberships_membership *m, const unsigned char *key,
                                 struct arena *arena, struct membership_answers *answers)
{
    unsigned char own[SECRETS_KEY_BYTES];
    struct membership_answers read = {.count = 0};
    *answers = read;
    if (!m->sealed) return ERR_OK;
    if (m->sealed_len < SECRETS_SEAL_BYTES) return ERR_CHECKSUM;
    size_t n = m->sealed_len - SECRETS_SEAL_BYTES;
    char *plain = arena_alloc(arena, n + 1);
    if (!plain) return ERR_NOMEM;
    derive(key, m->public_id, own);
    enum err e = secrets_open(own, m->person, m->sealed, m->sealed_len, plain);
    explicit_bzero(own, sizeof own);
    if (e) return e;
    plain[n] = '\0';
    for (const char *at = plain; at < plain + n && read.count < BRANCHES_FIELDS_MAX;) {
        struct membership_answer *one = &read.items[read.count++];
        one->code = at;
        at += strlen(at) + 1;
        if (at >= plain + n) return ERR_CHECKSUM;
        one->value = at;
        at += strlen(at) + 1;
    }
    *answers = read;
    return ERR_OK;
}

enum err membership_answers_readable(const struct memberships_membership *m,
                                     const unsigned char *key, struct arena *arena,
                                     struct membership_answers *answers)
{
    enum err e = membership_answers_open(m, key, arena, answers);
    if (e != ERR_CHECKSUM) return e;
    *answers = (struct membership_answers){.count = 0};
    return ERR_OK;
}

/* ---- names ----------------------------------------------------------------------------------- */

const char *membership_answers_name(const struct memberships_membership *m,
                                    const struct branches_form *form,
                                    const struct membership_answers *answers)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i].type == BRANCHES_name) {
            const char *name = membership_answers_get(answers, form->fields[i].code);
            if (name) return name;
        }
    return m->name;
}

const char *membership_answers_mask_name(struct arena *arena, const char *name)
{
    static const char stars[] = "*****";
    size_t len = strlen(name);
    if (!len) return "";
    size_t first = text_utf8_len(name, len);
    size_t others = text_utf8_count(name, len) - 1, most = sizeof stars - 1;
    return arena_printf(arena, "%.*s%.*s", (int)(first ? first : 1), name,
                        (int)(others < most ? others : most), stars);
}

const char *membership_answers_mask_phone(struct arena *arena, const char *phone)
{
    size_t len = strlen(phone);
    if (len < 8) return "****";
    return arena_printf(arena, "%.3s****%s", phone, phone + len - 4);
}
