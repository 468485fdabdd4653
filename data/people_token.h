/* Rows of the table of tokens: what people_sign.c and people_key.c share. */
#ifndef YZ_DATA_PEOPLE_TOKEN_H
#define YZ_DATA_PEOPLE_TOKEN_H

#include "data/db.h"

/* Both inside db_write. `purpose` is "session" or "key"; `expires_ms` 0: never. ERR_CONFLICT when a
 * living key of this person has the label. */
enum err people_token_add(struct db *db, const char *token, int64_t person, const char *purpose,
                          const char *label, int64_t expires_ms);

/* Ends all of a person's tokens of one purpose. */
enum err people_token_end(struct db *db, int64_t person, const char *purpose);

/* Gives `why` the database's own sentence where nothing better was said; returns `e`. */
enum err people_token_tell(struct db *db, enum err e, struct why *why);

#endif
