/* What somebody answered in the form of a branch: held against its fields, and sealed under a key
 * of its own for each membership, which follows from that of the data directory (secret.key). */
#ifndef YZ_DATA_MEMBERSHIP_ANSWERS_H
#define YZ_DATA_MEMBERSHIP_ANSWERS_H

#include "data/memberships.h"

enum { MEMBERSHIP_ANSWERS_TEXT_MAX = 200 /* characters of an answer */ };

struct membership_answers {
    struct membership_answer {
        const char *code, *value;
    } items[BRANCHES_FIELDS_MAX];
    size_t count;
};

/* The value of a field; NULL where there is none. */
const char *membership_answers_get(const struct membership_answers *answers, const char *code);

/* Adds an answer as somebody typed it, by the rules of its field: space around it goes, and out of
 * a phone number what is neither digit nor the + in front. An empty one is none. The value is the
 * arena's. ERR_INVALID: no such field, or not such a value. */
enum err membership_answers_add(struct membership_answers *answers,
                                const struct branches_form *form, const char *code,
                                const char *value, struct arena *arena, struct why *why);

/* The first field that is owed and has no answer; NULL: there is none. */
const struct branches_field *membership_answers_owed(const struct membership_answers *answers,
                                                     const struct branches_form *form);

/* Bytes that open for this membership and this person alone, in the arena. `key` has
 * SECRETS_KEY_BYTES. ERR_NOMEM. */
enum err membership_answers_seal(const struct membership_answers *answers, const unsigned char *key,
                                 const char *public_id, int64_t person, struct arena *arena,
                                 const void **sealed, size_t *len);

/* Those of a membership, in the arena; none where they are erased. ERR_CHECKSUM: another key. */
enum err membership_answers_open(const struct memberships_membership *m, const unsigned char *key,
                                 struct arena *arena, struct membership_answers *answers);
/* The same, and none where the key is another: whoever belongs does so without them. */
enum err membership_answers_readable(const struct memberships_membership *m,
                                     const unsigned char *key, struct arena *arena,
                                     struct membership_answers *answers);

/* What somebody is called: by the form's field of type name, else by their account. "" where
 * neither says it. */
const char *membership_answers_name(const struct memberships_membership *m,
                                    const struct branches_form *form,
                                    const struct membership_answers *answers);

/* "王小二" as "王**": the first character, and a star for each other one, five at most. */
const char *membership_answers_mask_name(struct arena *arena, const char *name);
/* "13800138000" as "138****8000"; a short one has stars alone. */
const char *membership_answers_mask_phone(struct arena *arena, const char *phone);

#endif
