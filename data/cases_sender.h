/* Who goes on with a case without signing in: whoever sent or joined it was given a secret, of
 * which only the hash is kept here. */
#ifndef YZ_DATA_CASES_SENDER_H
#define YZ_DATA_CASES_SENDER_H

#include "data/cases.h"

/* What the holder of a secret (NULL: none) and this person (0: nobody) are to the case:
 * KINDS_REPORTER, KINDS_JOINER, both or 0. */
enum err cases_sender_is(struct db *db, const struct cases_case *of, const char *token,
                         int64_t person, unsigned *as);

/* Gives the case's sender a new secret, inside db_write. */
enum err cases_sender_give(struct db *db, int64_t case_id, char token[SECRETS_TOKEN_SIZE]);

/* Adds one who joins, inside db_write. `voice` (may be NULL) tells those who are not signed in
 * apart. ERR_CONFLICT: they have joined it, or sent it. */
enum err cases_sender_join(struct db *db, const struct cases_case *to, int64_t person,
                           const char *voice, int64_t now_ms, char token[SECRETS_TOKEN_SIZE]);

/* Whether they sent or joined a case that repeats this one: of a public kind, that makes them one
 * who joined it, for as long as it is repeated. */
enum err cases_sender_repeats(struct db *db, int64_t case_id, const char *token, int64_t person,
                              bool *yes);

#endif
