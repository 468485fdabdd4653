#include "geo/base/pool.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void pool_fini(struct pool *pool)
{
    free(pool->bytes);
    free(pool->slots);
    *pool = (struct pool){0};
}

/* FNV-1a, 64 bit, folded: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint32_t hash(const char *text, size_t len)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * 1099511628211u;
    return (uint32_t)(h ^ (h >> 32));
}

/* A slot holds offset + 1; 0 is free. Offset 0, the empty string, is never looked up. */
static uint32_t *find(const struct pool *pool, const char *text, size_t len)
{
    uint32_t mask = pool->slot_count - 1;
    for (uint32_t i = hash(text, len) & mask;; i = (i + 1) & mask) {
        uint32_t slot = pool->slots[i];
        if (!slot) return &pool->slots[i];
        const char *have = pool->bytes + slot - 1;
        if (strncmp(have, text, len) == 0 && have[len] == '\0') return &pool->slots[i];
    }
}

static bool grow_slots(struct pool *pool)
{
    uint32_t count = pool->slot_count ? pool->slot_count * 2 : 1024;
    uint32_t *slots = count > pool->slot_count ? calloc(count, sizeof *slots) : NULL;
    if (!slots) return false;
    free(pool->slots);
    pool->slots = slots;
    pool->slot_count = count;
    for (uint32_t at = 1; at < pool->len; at += (uint32_t)strlen(pool->bytes + at) + 1) {
        size_t len = strlen(pool->bytes + at);
        if (len) *find(pool, pool->bytes + at, len) = at + 1;
    }
    return true;
}

static bool grow_bytes(struct pool *pool, size_t need)
{
    if (need <= pool->size) return true;
    size_t size = pool->size ? pool->size : 4096;
    while (size < need)
        size *= 2;
    if (size > UINT32_MAX) size = UINT32_MAX;
    char *bytes = realloc(pool->bytes, size);
    if (!bytes) return false;
    pool->bytes = bytes;
    pool->size = (uint32_t)size;
    return true;
}

enum err pool_put_n(struct pool *pool, const char *text, size_t len, uint32_t *offset)
{
    const char *nul = len ? memchr(text, '\0', len) : NULL;
    if (nul) len = (size_t)(nul - text);
    size_t base = pool->len ? pool->len : 1;
    if (len >= UINT32_MAX - 2 - base) return ERR_LIMIT;
    if (!grow_bytes(pool, base + len + 1)) return ERR_NOMEM;
    if (!pool->len) pool->bytes[pool->len++] = '\0';
    if (!len) {
        *offset = 0;
        return ERR_OK;
    }
    if (pool->used * 2 >= pool->slot_count && !grow_slots(pool)) return ERR_NOMEM;
    uint32_t *slot = find(pool, text, len);
    if (!*slot) {
        memcpy(pool->bytes + pool->len, text, len);
        pool->bytes[pool->len + len] = '\0';
        *slot = pool->len + 1;
        pool->len += (uint32_t)len + 1;
        pool->used++;
    }
    *offset = *slot - 1;
    return ERR_OK;
}

enum err pool_put(struct pool *pool, const char *text, uint32_t *offset)
{
    return pool_put_n(pool, text ? text : "", text ? strlen(text) : 0, offset);
}

void pool_seal(struct pool *pool)
{
    free(pool->slots);
    pool->slots = NULL;
    pool->slot_count = 0;
    pool->used = 0;
    char *bytes = pool->len ? realloc(pool->bytes, pool->len) : NULL;
    if (!bytes) return;
    pool->bytes = bytes;
    pool->size = pool->len;
}
