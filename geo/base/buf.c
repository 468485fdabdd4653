#include "geo/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *buf, size_t max_bytes)
{
    *buf = (struct buf){.max_bytes = max_bytes};
}

void buf_fini(struct buf *buf)
{
    free(buf->bytes);
    *buf = (struct buf){.max_bytes = buf->max_bytes};
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->err = ERR_OK;
}

static size_t next_size(const struct buf *buf, size_t need)
{
    size_t size = buf->size ? buf->size : 256;
    while (size < need)
        size *= 2;
    return size < buf->max_bytes ? size : buf->max_bytes;
}

char *buf_grow(struct buf *buf, size_t n)
{
    if (buf->err) return NULL;
    if (n > buf->max_bytes - buf->len) {
        buf->err = ERR_LIMIT;
        return NULL;
    }
    if (buf->len + n > buf->size || !buf->bytes) {
        size_t size = next_size(buf, buf->len + n);
        char *bytes = realloc(buf->bytes, size ? size : 1);
        if (!bytes) {
            buf->err = ERR_NOMEM;
            return NULL;
        }
        buf->bytes = bytes;
        buf->size = size;
    }
    return buf->bytes + buf->len;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) {
        buf->err = ERR_INVALID;
    } else if (n > 0 && (size_t)n < buf->max_bytes - buf->len) {
        char *to = buf_reserve(buf, (size_t)n + 1); /* vsnprintf wants room for its NUL */
        if (to) {
            (void)vsnprintf(to, (size_t)n + 1, format, again);
            buf->len += (size_t)n;
        }
    } else if (n > 0 && !buf->err) {
        buf->err = ERR_LIMIT;
    }
    va_end(again);
}

char *buf_take(struct buf *buf, size_t *len)
{
    char *bytes = buf->bytes;
    *len = buf->len;
    *buf = (struct buf){.max_bytes = buf->max_bytes};
    return bytes;
}
