/* Rows of the table of tokens. */
#ifndef YZ_DATA_PEOPLE_TOKEN_H
#define YZ_DATA_PEOPLE_TOKEN_H

#include "data/db.h"
#include "data/secrets.h"

/* Both inside db_write. `purpose` is "session" or "key"; `expires_ms` 0: never. ERR_CONFLICT when a
 * living key of this person has the label. */
enum err people_token_add(struct db *db, const char *token, int64_t person, const char *purpose,
                          const char *label, int64_t expires_ms);

/* Ends all of a person's tokens of one purpose, but for that of the hash `keep` (NULL: none). */
enum err people_token_end(struct db *db, int64_t person, const char *purpose,
                          const unsigned char *keep);

/* Whether the token of this hash (secrets_sha256) still opens anything: not ended, not expired, not
 * unused for `idle_ms`, its person not disabled. */
enum err people_token_alive(struct db *db, const unsigned char hash[SECRETS_HASH_BYTES],
                            int64_t now_ms, int64_t idle_ms, bool *alive);

/* Gives `why` the database's own sentence where nothing better was said; returns `e`. */
enum err people_token_tell(struct db *db, enum err e, struct why *why);

#endif
