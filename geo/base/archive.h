/* ZIP archives (PKWARE's APPNOTE 6.3) in memory: read with every size bounded before a byte is
 * inflated, and written. */
#ifndef YZ_GEO_BASE_ARCHIVE_H
#define YZ_GEO_BASE_ARCHIVE_H

#include "geo/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum { ARCHIVE_MAX_ENTRIES = 4096, ARCHIVE_MAX_NAME = 255 };

/* One file in it. Nothing is promised of its name but that it has no NUL and is not empty: it may
 * be "../x", and in any encoding. */
struct archive_entry {
    char name[ARCHIVE_MAX_NAME + 1];
    const unsigned char *packed; /* in the archive's bytes */
    size_t packed_len, len;      /* as packed; as a file */
    uint32_t crc;
    unsigned method; /* 0 stored, 8 deflated */
};

struct archive {
    struct archive_entry *entries;
    size_t count;
};

/* Reads the list of an archive's files (folders are left out); borrows `bytes` until
 * archive_fini. ERR_FORMAT: it is none, or is damaged, or lies about itself; ERR_UNSUPPORTED: it
 * is encrypted, in parts, larger than 4 GiB, or packed by another method than deflate; ERR_LIMIT:
 * more than ARCHIVE_MAX_ENTRIES files, or more than `max_bytes` in all when unpacked. */
enum err archive_init(struct archive *archive, const void *bytes, size_t n, size_t max_bytes,
                      struct why *why);
void archive_fini(struct archive *archive);

/* One file's bytes in new memory, freed with free(); a NUL behind them does not count. ERR_FORMAT
 * when they are not what the list says: its size and checksum are held. */
enum err archive_unpack(const struct archive_entry *entry, unsigned char **bytes, struct why *why);

/* An archive being written at the end of a buffer. */
struct archive_out {
    struct buf *to;
    size_t start;     /* of the archive in the buffer */
    struct buf list;  /* the central directory so far */
    uint32_t entries; /* so far */
};

void archive_begin(struct archive_out *out, struct buf *to);
/* Appends one file, deflated at `level` 1 to 9, or 0: stored. Errors stick in the buffers and are
 * told by archive_end. */
void archive_add(struct archive_out *out, const char *name, const void *bytes, size_t len,
                 int level);
enum err archive_end(struct archive_out *out);

#endif
