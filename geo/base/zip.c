#include "geo/base/zip.h"

#include <stdbool.h>
#include <zlib.h>

uint32_t zip_crc32(uint32_t crc, const void *bytes, size_t n)
{
    return (uint32_t)crc32_z(crc, bytes, n);
}

/* `window` is zlib's windowBits: what wraps the data. */
static enum err deflate_as(int window, const void *bytes, size_t n, int level, struct buf *out)
{
    z_stream stream = {0};
    if (n > UINT32_MAX) return ERR_LIMIT;
    if (deflateInit2(&stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return ERR_NOMEM;
    uLong bound = deflateBound(&stream, (uLong)n);
    char *to = buf_reserve(out, bound);
    if (!to) {
        deflateEnd(&stream);
        return out->err;
    }
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)n;
    stream.next_out = (Bytef *)to;
    stream.avail_out = (uInt)bound;
    int done = deflate(&stream, Z_FINISH);
    out->len += stream.total_out;
    deflateEnd(&stream);
    return done == Z_STREAM_END ? ERR_OK : ERR_SYSTEM;
}

enum { STEP_BYTES = 64 * 1024 };

/* The next bytes, as many as fit. Where nothing fits any more the end may still follow, or what is
 * too much. */
static enum err inflate_step(z_stream *stream, struct buf *out, int *done)
{
    size_t room = out->max_bytes - out->len;
    unsigned n = room < STEP_BYTES ? (unsigned)room : STEP_BYTES;
    char one_more, *to = n ? buf_reserve(out, n) : &one_more;
    if (!to) return out->err;
    stream->next_out = (Bytef *)to;
    stream->avail_out = n ? n : 1;
    *done = inflate(stream, Z_NO_FLUSH);
    if (n == 0) return stream->avail_out == 0 ? ERR_LIMIT : ERR_OK;
    out->len += n - stream->avail_out;
    return ERR_OK;
}

static enum err inflate_all(z_stream *stream, struct buf *out)
{
    int done = Z_OK;
    enum err e = ERR_OK;
    while (done == Z_OK && !e)
        e = inflate_step(stream, out, &done);
    if (e) return e;
    if (done == Z_MEM_ERROR) return ERR_NOMEM;
    return done == Z_STREAM_END && stream->avail_in == 0 ? ERR_OK : ERR_FORMAT;
}

enum err zip_gunzip(const void *bytes, size_t n, struct buf *out)
{
    z_stream stream = {0};
    if (n > UINT32_MAX) return ERR_LIMIT;
    if (inflateInit2(&stream, 15 + 16) != Z_OK) return ERR_NOMEM;
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)n;
    enum err e = inflate_all(&stream, out);
    inflateEnd(&stream);
    return e;
}

enum err zip_gzip(const void *bytes, size_t n, int level, struct buf *out)
{
    return deflate_as(15 + 16, bytes, n, level, out); /* the largest window, in gzip's wrapper */
}

enum err zip_deflate(const void *bytes, size_t n, int level, struct buf *out)
{
    return deflate_as(-15, bytes, n, level, out);
}

enum err zip_inflate(const void *bytes, size_t n, void *to, size_t len)
{
    z_stream stream = {0};
    unsigned char none;
    if (n > UINT32_MAX || len > UINT32_MAX) return ERR_LIMIT;
    if (inflateInit2(&stream, -15) != Z_OK) return ERR_NOMEM;
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)n;
    stream.next_out = len ? to : &none;
    stream.avail_out = (uInt)len;
    int done = inflate(&stream, Z_FINISH);
    bool whole = done == Z_STREAM_END && stream.total_out == len;
    inflateEnd(&stream);
    return whole ? ERR_OK : done == Z_MEM_ERROR ? ERR_NOMEM : ERR_FORMAT;
}
