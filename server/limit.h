/* How often one address, or one account, may ask: token buckets in a table of fixed size. */
#ifndef YZ_SERVER_LIMIT_H
#define YZ_SERVER_LIMIT_H

#include "geo/base/err.h"
#include "server/request.h"

#include <stdbool.h>
#include <stdint.h>

/* What is counted apart. LIMIT_OWN_WRITE is what an account writes in place of an address. */
enum limit_class {
    LIMIT_READ,
    LIMIT_WRITE,
    LIMIT_SIGN_IN,
    LIMIT_LONG,
    LIMIT_OWN_WRITE,
    LIMIT_CLASSES
};

enum { LIMIT_NONE = 0 }; /* as `per_minute`: not limited */

struct limit; /* shared by all threads */

/* `per_minute[c]` requests of class c may come in any minute, all at once if need be. */
enum err limit_new(const unsigned per_minute[LIMIT_CLASSES], struct limit **limit);
void limit_free(struct limit *limit);

/* What to tell the client (draft-ietf-httpapi-ratelimit-headers). */
struct limit_state {
    const char *policy; /* the value of RateLimit-Policy; lives as long as the limits do */
    unsigned quota, remaining;
    unsigned wait_s; /* until one more is allowed; 0 when this one was */
};

/* The value of RateLimit for a state. */
enum { LIMIT_TEXT_SIZE = 48 };
void limit_text(enum limit_class class, const struct limit_state *state,
                char text[LIMIT_TEXT_SIZE]);

/* What stands for an account where addresses are counted: no client comes from there (RFC 4291,
 * 2.7: multicast). */
struct request_address limit_account(int64_t person);

/* Takes one token; false when there is none. An address that the table has forgotten starts full:
 * under attack from more addresses than it holds, the oldest are forgotten. */
bool limit_take(struct limit *limit, enum limit_class class, const struct request_address *address,
                uint64_t now_ns, struct limit_state *state);

#endif
