/* The second factor: a secret that an authenticator shares (RFC 6238), and recovery codes for when
 * it is lost. Secrets are sealed with the key of the data directory, recovery codes kept as hashes.
 */
#ifndef YZ_DATA_TOTP_H
#define YZ_DATA_TOTP_H

#include "data/people.h"
#include "data/totp_code.h"

enum { TOTP_RECOVERY_CODES = 10, TOTP_RECOVERY_SIZE = 18 };

/* What the codes of one person are read with. */
struct totp {
    const unsigned char *key; /* SECRETS_KEY_BYTES; secret.key of the data directory */
    int64_t person;
};

/* A new secret, shown this once; nothing is asked for before totp_confirm. ERR_CONFLICT when the
 * person has a second factor. These three open their own transaction. */
enum err totp_begin(struct db *db, const struct totp *totp, int64_t now_ms,
                    char text[TOTP_CODE_TEXT_SIZE], struct why *why);

/* From now on a code is asked for. The recovery codes, each good for once, are shown this once.
 * ERR_DENIED: the code is wrong; ERR_NOTFOUND: nothing was begun; ERR_CONFLICT: confirmed already.
 */
enum err totp_confirm(struct db *db, const struct totp *totp, const char *code, int64_t now_ms,
                      char codes[TOTP_RECOVERY_CODES][TOTP_RECOVERY_SIZE], struct why *why);

/* Takes the second factor away: one's own (that a code was given is for the caller to see to), or
 * that of a person within the reach of `by` (people_reach.h). ERR_NOTFOUND, ERR_DENIED. */
enum err totp_remove(struct db *db, const struct people_by *by, int64_t person, struct why *why);

/* Inside db_write: whether the code is the authenticator's, or a recovery code, not used before; it
 * is now. */
enum err totp_take(struct db *db, const struct totp *totp, const char *code, int64_t now_ms,
                   bool *good);

/* Whether the person has a second factor, and how many recovery codes are left. */
enum err totp_state(struct db *db, int64_t person, bool *has, int64_t *left);

#endif
