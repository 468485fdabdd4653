/* Memory that is given back all at once: a request's, or a builder's. */
#ifndef YZ_GEO_BASE_ARENA_H
#define YZ_GEO_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

/* Belongs to one thread. Plain data; zero-initialised is empty with no limit. */
struct arena {
    struct arena_block *first, *current;
    size_t used_bytes;  /* handed out since the last reset */
    size_t limit_bytes; /* 0: none */
};

/* Makes an empty arena that hands out at most `limit_bytes` between resets (0: no limit). */
void arena_init(struct arena *arena, size_t limit_bytes);

/* Gives every block back to the system. Works on a zeroed arena. */
void arena_fini(struct arena *arena);

/* Forgets everything handed out, keeps the first block for reuse. O(number of blocks). */
void arena_reset(struct arena *arena);

/* `size` bytes aligned for any type, not zeroed; NULL when memory or the limit is exhausted.
 * A size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* As arena_alloc for `count` items of `size`, zeroed; NULL also when the product overflows. */
void *arena_calloc(struct arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of `len` bytes. */
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_strdup(struct arena *arena, const char *text);

/* A formatted copy; NULL on exhaustion. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
