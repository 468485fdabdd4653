/* The card of a member: 16 digits that are others every half minute, so that a picture of them is
 * soon worth nothing. They follow from secret.key, the number of the card and the time, and are
 * kept nowhere: a copy of the database cannot make them.
 *
 * The first eight are the number of the card, permuted as the half minute says (a Feistel network
 * of keyed hashes; Luby, Rackoff 1988); the others are taken out of an HMAC of the membership and
 * the half minute, as RFC 6238 does with a secret. So two codes of one card have nothing in common
 * for who checks them, also beside a card of their own. */
#ifndef YZ_DATA_MEMBER_CARD_H
#define YZ_DATA_MEMBER_CARD_H

#include "data/memberships.h"

enum {
    MEMBER_CARD_STEP_S = 30,
    MEMBER_CARD_SKEW = 1,  /* half minutes that a code is good for after its own */
    MEMBER_CARD_LATE = 20, /* those for which it is told to be too old, rather than wrong */
    MEMBER_CARD_SIZE = 20  /* "1234-5678-9012-3456" and its NUL */
};

/* Inside db_write: a number that no card has. */
enum err member_card_number(struct db *db, int64_t *number);

/* The code of a member's card (state member) now, and until when it is shown. `key` has
 * SECRETS_KEY_BYTES. */
void member_card_code(const unsigned char *key, const struct memberships_membership *m,
                      int64_t now_ms, char code[MEMBER_CARD_SIZE], int64_t *until_ms);

/* Who looks at a code. */
struct member_card_check {
    const char *code; /* as typed: blanks and hyphens do not matter */
    int64_t by;       /* whose guesses are counted */
    const unsigned char *key;
    int64_t now_ms;
};

/* Inside db_write: whose code it is. ERR_NOTFOUND with a sentence: nobody's; ERR_CONFLICT: it was
 * somebody's until a moment ago; ERR_LIMIT: GUESSES_MAX codes in a row were nobody's (guesses.h).
 * What was counted must be kept although it fails: commit. */
enum err member_card_find(struct db *db, const struct member_card_check *check, struct arena *arena,
                          struct memberships_membership *found, struct why *why);

/* The same in a transaction of its own. */
enum err member_card_verify(struct db *db, const struct member_card_check *check,
                            struct arena *arena, struct memberships_membership *found,
                            struct why *why);

#endif
