/* What somebody says of themselves, for themselves: language and phone number. The name is the
 * account's (people.h). A phone number is kept sealed, so that a copy of the database tells nobody,
 * and is shown masked. */
#ifndef YZ_DATA_PEOPLE_PROFILE_H
#define YZ_DATA_PEOPLE_PROFILE_H

#include "data/people.h"

enum people_profile_language { PEOPLE_PROFILE_ANY, PEOPLE_PROFILE_ZH, PEOPLE_PROFILE_EN };
/* "", "zh", "en"; false: there is none of that name. */
const char *people_profile_language_name(enum people_profile_language language);
bool people_profile_language_find(const char *name, enum people_profile_language *language);

enum { PEOPLE_PROFILE_PHONE_SIZE = 20, PEOPLE_PROFILE_NAME_MAX = 60 /* characters */ };

struct people_profile {
    int64_t version; /* 1: nothing was said yet */
    enum people_profile_language language;
    bool has_phone;
    char phone[PEOPLE_PROFILE_PHONE_SIZE]; /* where a key was given; else "" */
};

/* `key` (SECRETS_KEY_BYTES) may be NULL. ERR_CHECKSUM: it is not the one that sealed the number. */
enum err people_profile_read(struct db *db, int64_t person, const unsigned char *key,
                             struct people_profile *profile);

/* A number as somebody types it, without its blanks and hyphens: a plus or none, and 7 to 15 digits
 * (ITU-T E.164). False: it is none. */
bool people_profile_phone(const char *typed, char phone[PEOPLE_PROFILE_PHONE_SIZE]);
/* "+86138****5678": what is shown of it. */
void people_profile_mask(const char *phone, char masked[PEOPLE_PROFILE_PHONE_SIZE]);

/* What is changed, in its own transaction: NULL leaves a thing as it was. */
struct people_profile_put {
    int64_t version; /* that was seen */
    const char *name;
    const enum people_profile_language *language;
    const char *phone; /* as people_profile_phone gives it; "" takes it away */
    const bool *ranking_hidden;
    const unsigned char *key;
    int64_t now_ms;
};
/* ERR_CONFLICT: another was faster. `by` is whose it is. */
enum err people_profile_put(struct db *db, const struct people_by *by,
                            const struct people_profile_put *change, struct why *why);

/* Inside db_write, when an account is emptied. */
enum err people_profile_forget(struct db *db, int64_t person);

#endif
