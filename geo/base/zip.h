/* zlib's door: checksums for files, gzip for answers, what archives hold. */
#ifndef YZ_GEO_BASE_ZIP_H
#define YZ_GEO_BASE_ZIP_H

#include "geo/base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* CRC-32 (ISO 3309) of `n` bytes, continued from `crc`; start with 0. */
uint32_t zip_crc32(uint32_t crc, const void *bytes, size_t n);

/* Appends `n` bytes to `out` as one gzip member (RFC 1952), at `level` 1 to 9. */
enum err zip_gzip(const void *bytes, size_t n, int level, struct buf *out);

/* Appends what one gzip member holds. ERR_FORMAT when it is damaged or something follows it,
 * ERR_LIMIT when it does not fit `out`, ERR_NOMEM. */
enum err zip_gunzip(const void *bytes, size_t n, struct buf *out);

/* Inflates `n` bytes of bare deflate data (RFC 1951) into exactly `len` bytes at `to`. ERR_FORMAT
 * when they are damaged, or are more or fewer than that; never writes beyond. */
enum err zip_inflate(const void *bytes, size_t n, void *to, size_t len);

/* Appends `n` bytes to `out` as bare deflate data. */
enum err zip_deflate(const void *bytes, size_t n, int level, struct buf *out);

#endif
