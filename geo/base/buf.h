/* A growing run of bytes with a maximum: answers, tiles and files are written into one. */
#ifndef YZ_GEO_BASE_BUF_H
#define YZ_GEO_BASE_BUF_H

#include "geo/base/err.h"

#include <stddef.h>
#include <string.h>

/* Belongs to one thread. `err` sticks: after a failed append all later ones do nothing, so that a
 * writer appends freely and looks once, at the end. */
struct buf {
    char *bytes;
    size_t len, size, max_bytes;
    enum err err;
};

/* An empty buffer that grows to at most `max_bytes`; allocates nothing yet. */
void buf_init(struct buf *buf, size_t max_bytes);

/* Frees the bytes. Works on a zeroed buffer. */
void buf_fini(struct buf *buf);

/* Empties it and clears `err`; keeps the memory. */
void buf_reset(struct buf *buf);

/* Room for `n` more bytes, to be filled by the caller, who then adds to `len`; NULL on failure. */
char *buf_grow(struct buf *buf, size_t n); /* where there is none yet; call buf_reserve */
static inline char *buf_reserve(struct buf *buf, size_t n)
{
    return n < buf->size - buf->len && !buf->err ? buf->bytes + buf->len : buf_grow(buf, n);
}

static inline void buf_put(struct buf *buf, const void *bytes, size_t n)
{
    char *to = n ? buf_reserve(buf, n) : NULL;
    if (!to) return;
    memcpy(to, bytes, n);
    buf->len += n;
}
static inline void buf_putc(struct buf *buf, char c)
{
    if (buf->len < buf->size && !buf->err)
        buf->bytes[buf->len++] = c;
    else
        buf_put(buf, &c, 1);
}
static inline void buf_puts(struct buf *buf, const char *text)
{
    buf_put(buf, text, strlen(text));
}
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands the bytes over to the caller, who frees them with free(); leaves the buffer empty. */
char *buf_take(struct buf *buf, size_t *len);

#endif
