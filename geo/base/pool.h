/* A pool of strings, each stored once, named by a 32-bit offset: how flat arrays hold text. */
#ifndef YZ_GEO_BASE_POOL_H
#define YZ_GEO_BASE_POOL_H

#include "geo/base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Offset 0 is always the empty string. `bytes` is one run of NUL-terminated strings, so that it can
 * be written to a file and used from a mapping as it is. Built by one thread, then shared. */
struct pool {
    char *bytes;
    uint32_t len, size;
    uint32_t *slots; /* open addressing; needed only while strings are added */
    uint32_t slot_count, used;
};

/* Zero-initialised is empty; the first pool_put allocates. */
void pool_fini(struct pool *pool);

/* The offset of `text` (NULL is the empty string), added if it is new.
 * ERR_NOMEM; ERR_LIMIT beyond 4 GiB. */
enum err pool_put(struct pool *pool, const char *text, uint32_t *offset);
enum err pool_put_n(struct pool *pool, const char *text, size_t len, uint32_t *offset);

/* Drops what only adding needs and shrinks the bytes to their length. */
void pool_seal(struct pool *pool);

/* The string at an offset that pool_put gave; lives as long as the pool. */
static inline const char *pool_get(const struct pool *pool, uint32_t offset)
{
    return pool->len ? pool->bytes + offset : "";
}

#endif
