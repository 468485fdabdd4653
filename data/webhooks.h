/* Where other systems want to be told what happens to cases, and by whose right. */
#ifndef YZ_DATA_WEBHOOKS_H
#define YZ_DATA_WEBHOOKS_H

#include "data/db.h"
#include "data/secrets.h"
#include "geo/base/arena.h"

enum {
    WEBHOOKS_URL_MAX = 500,  /* bytes */
    WEBHOOKS_OF_PERSON = 10, /* living ones */
    WEBHOOKS_MAX = 200,      /* of everybody */
};

struct webhooks_hook {
    int64_t id, person;
    const char *url, *secret;
    const char *kind, *category, *verb; /* "": every one */
    int64_t area_id;                    /* 0: everywhere */
    int64_t told; /* number of the outbox up to which its deliveries are there */
    int64_t created_ms;
    int64_t waiting, dead; /* deliveries; only of webhooks_list */
};

/* Adds one that hears of what happens from now on; `id`, `secret`, `told` and the counts of `fresh`
 * do not matter. `key`: hash of the key it was registered with, or NULL; it ends with that key.
 * ERR_LIMIT with a sentence. The secret is shown this once. Opens its own transaction. */
enum err webhooks_add(struct db *db, const struct webhooks_hook *fresh,
                      const unsigned char key[SECRETS_HASH_BYTES], char secret[SECRETS_TOKEN_SIZE],
                      int64_t *id, struct why *why);

/* The living ones of a person, 0: of everybody; by id. With `only`, that one alone. Those whose key
 * was revoked or whose person was disabled are not living. At most WEBHOOKS_MAX. */
enum err webhooks_list(struct db *db, int64_t person, int64_t only, struct arena *arena,
                       const struct webhooks_hook **hooks, size_t *count);

/* The same for who sends to them: all, with their secrets and without counts. */
enum err webhooks_living(struct db *db, struct arena *arena, const struct webhooks_hook **hooks,
                         size_t *count);

/* The number of the outbox up to which all living ones have been told; INT64_MAX - 1 without any.
 */
enum err webhooks_told(struct db *db, int64_t *told);

/* Ends one; what waits for it is not sent any more. ERR_NOTFOUND. Opens its own transaction. */
enum err webhooks_end(struct db *db, int64_t id, int64_t now_ms);

#endif
