/* multipart/form-data (RFC 7578, RFC 2046 section 5.1) of a body that is wholly in memory: nothing
 * is copied but names, and every fault is named. */
#ifndef YZ_SERVER_MULTIPART_H
#define YZ_SERVER_MULTIPART_H

#include "geo/base/arena.h"
#include "geo/base/err.h"

#include <stddef.h>

enum {
    MULTIPART_MAX_PARTS = 32,
    MULTIPART_MAX_BOUNDARY = 70,  /* RFC 2046 */
    MULTIPART_MAX_HEADERS = 4096, /* bytes, of one part */
    MULTIPART_MAX_NAME = 100
};

struct multipart_part {
    const char *name;     /* in the arena */
    const char *filename; /* in the arena; NULL: a field, not a file. Never a path to anything. */
    const char *type;     /* as sent, in the arena; "" when not said */
    const char *bytes;    /* in the body */
    size_t len;
};

struct multipart {
    struct multipart_part parts[MULTIPART_MAX_PARTS];
    size_t count;
};

/* Splits `body`. ERR_UNSUPPORTED: the content type is another; ERR_INVALID: it has no usable
 * boundary; ERR_TRUNCATED: the closing boundary is missing; ERR_FORMAT: a part is malformed, its
 * Content-Length is wrong, or something follows the end; ERR_LIMIT: too many parts, or their
 * headers are too large. The sentence names the part. */
enum err multipart_parse(const char *content_type, const char *body, size_t len,
                         struct arena *arena, struct multipart *out, struct why *why);

#endif
