/* Guessing of passwords and codes, counted by login: whether there is such a person or not, so that
 * being locked out tells nothing about that. */
#ifndef YZ_DATA_GUESSES_H
#define YZ_DATA_GUESSES_H

#include "data/db.h"

/* GUESSES_MAX failures in a row lock a login for GUESSES_LOCK_MIN minutes; those of more than a day
 * ago do not count. Of logins the last GUESSES_LOGINS that failed are remembered. */
enum { GUESSES_MAX = 10, GUESSES_LOCK_MIN = 15, GUESSES_LOGINS = 100000 };

/* Until when a login is locked; 0: it is not. */
enum err guesses_locked(struct db *db, const char *login, int64_t now_ms, int64_t *until_ms);

/* Inside db_write: a failure more, or an end to them. */
enum err guesses_count(struct db *db, const char *login, int64_t now_ms, bool good);

#endif
