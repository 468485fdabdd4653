/* Telling senders apart without knowing them: a voice is a hash of whoever sends (a person, an
 * address) under a key of this database, and of one place alone. The same sender has another voice
 * at another place, so that voices never add up to where somebody was. */
#ifndef YZ_DATA_VOICES_H
#define YZ_DATA_VOICES_H

#include "data/db.h"
#include "data/secrets.h"

#include <stdint.h>

/* The voice of `who` at a place (0: at none; negative: at the case of that number, so that joining
 * adds up to nothing either). Inside db_write: the first time makes the key. */
enum err voices_of(struct db *db, int64_t place, const char *who,
                   unsigned char voice[SECRETS_HASH_BYTES]);

/* Whether `who` speaks of the place for the first time on that day; it is noted, and the days
 * before are forgotten. Inside db_write. */
enum err voices_first(struct db *db, int64_t place, const char *who, int32_t day, bool *first);

#endif
