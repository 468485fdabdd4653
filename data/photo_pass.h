/* Addresses of photos that open to whoever has them, for minutes: a signature over the photo, its
 * size and when it ends, under a key of this database. */
#ifndef YZ_DATA_PHOTO_PASS_H
#define YZ_DATA_PHOTO_PASS_H

#include "data/db.h"
#include "data/photos.h"

enum { PHOTO_PASS_MS = 600000 /* that one lasts, at most */ };

struct photo_pass_key {
    char text[SECRETS_TOKEN_SIZE];
};

/* The key of the database; the first time makes one. Not inside of db_write. */
enum err photo_pass_key(struct db *db, struct photo_pass_key *key);

/* Until when a pass that is made now lasts, in seconds since 1970: nine to ten minutes, and the
 * same for a minute, so that a page that is read again has the pictures. */
int64_t photo_pass_until(int64_t now_ms);

/* The signature for one size of a photo. */
void photo_pass_sign(const struct photo_pass_key *key, const char *public_id, enum photos_size size,
                     int64_t until_s, char signature[SECRETS_HEX_SIZE]);

/* Whether a pass is good now: what came in an address, NULL where it did not. */
bool photo_pass_ok(const struct photo_pass_key *key, const char *public_id, enum photos_size size,
                   const char *until, const char *signature, int64_t now_ms);

#endif
