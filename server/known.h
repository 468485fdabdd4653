/* Whose tokens were good lately: so that limits can count a person, and not the address that a
 * whole office shares, before a body is read and without asking the database. It gives no right:
 * who may do what is asked anew for each request (server/auth.h). */
#ifndef YZ_SERVER_KNOWN_H
#define YZ_SERVER_KNOWN_H

#include "geo/base/err.h"

#include <stdint.h>

enum { KNOWN_HASH_BYTES = 32 }; /* of a token: SHA-256 */

struct known; /* shared by all threads; a table of fixed size */

enum err known_new(struct known **known);
void known_free(struct known *known);

/* The token was that person's just now. Where there is no room the one seen longest ago is
 * forgotten. */
void known_note(struct known *known, const unsigned char hash[KNOWN_HASH_BYTES], int64_t person,
                uint64_t now_ns);
/* It is good no more. */
void known_forget(struct known *known, const unsigned char hash[KNOWN_HASH_BYTES]);
/* Whose it was within the last ten minutes; 0 where nobody knows. */
int64_t known_person(struct known *known, const unsigned char hash[KNOWN_HASH_BYTES],
                     uint64_t now_ns);

#endif
