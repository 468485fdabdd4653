#include "geo/base/archive.h"

#include "geo/base/zip.h"

#include <stdlib.h>

/* Signatures and fixed lengths of APPNOTE's records, sections 4.3.7, 4.3.12 and 4.3.16. */
enum {
    LOCAL = 0x04034b50,
    LOCAL_LEN = 30,
    LISTED = 0x02014b50,
    LISTED_LEN = 46,
    END = 0x06054b50,
    END_LEN = 22,
    COMMENT_MAX = 65535,
    ENCRYPTED = 1,
    UTF8_NAMES = 1 << 11,
    STORED = 0,
    DEFLATED = 8,
    WIDE = 0xffff,
    DOS_EPOCH = 0x21 /* 1980-01-01: an archive of the same files is the same bytes */
};

static uint32_t get16(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t get32(const unsigned char *at)
{
    return get16(at) | get16(at + 2) << 16;
}

/* ---- reading ---- */

/* The record at the archive's end: the last place where one fits with its comment. */
static const unsigned char *find_end(const unsigned char *bytes, size_t n)
{
    for (size_t back = END_LEN; back <= n && back <= END_LEN + COMMENT_MAX; back++) {
        const unsigned char *at = bytes + n - back;
        if (get32(at) == END && get16(at + 20) == back - END_LEN) return at;
    }
    return NULL;
}

static enum err damaged(struct why *why)
{
    return err_say(why, ERR_FORMAT, "the archive is damaged");
}

/* Where an entry's bytes lie: behind its own header, whose name and extra field may be longer than
 * the list's. */
static enum err find_bytes(const unsigned char *bytes, size_t n, uint32_t offset,
                           struct archive_entry *entry, struct why *why)
{
    if (offset > n || n - offset < LOCAL_LEN || get32(bytes + offset) != LOCAL) return damaged(why);
    size_t behind = LOCAL_LEN + get16(bytes + offset + 26) + get16(bytes + offset + 28);
    if (n - offset < behind || n - offset - behind < entry->packed_len) return damaged(why);
    entry->packed = bytes + offset + behind;
    return ERR_OK;
}

static enum err read_entry(const unsigned char *bytes, size_t n, const unsigned char *at,
                           struct archive_entry *entry, struct why *why)
{
    size_t name_len = get16(at + 28);
    *entry = (struct archive_entry){.method = get16(at + 10),
                                    .crc = get32(at + 16),
                                    .packed_len = get32(at + 20),
                                    .len = get32(at + 24)};
    if (!name_len || name_len > ARCHIVE_MAX_NAME || memchr(at + LISTED_LEN, '\0', name_len))
        return damaged(why);
    memcpy(entry->name, at + LISTED_LEN, name_len);
    if (get16(at + 8) & ENCRYPTED)
        return err_say(why, ERR_UNSUPPORTED, "the archive is protected by a password");
    if (entry->method != STORED && entry->method != DEFLATED)
        return err_say(why, ERR_UNSUPPORTED, "the archive is packed by an unusual method (%u)",
                       entry->method);
    if (entry->packed_len == UINT32_MAX || entry->len == UINT32_MAX)
        return err_say(why, ERR_UNSUPPORTED, "the archive is of the 64-bit kind");
    return find_bytes(bytes, n, get32(at + 42), entry, why);
}

/* A list of which nothing was believed yet: `at` up to `end`. */
static enum err read_list(struct archive *archive, const unsigned char *bytes, size_t n,
                          const unsigned char *at, const unsigned char *end, size_t max_bytes,
                          struct why *why)
{
    size_t total = 0;
    while (end - at >= LISTED_LEN && get32(at) == LISTED) {
        struct archive_entry *entry = &archive->entries[archive->count];
        size_t len = LISTED_LEN + get16(at + 28) + get16(at + 30) + get16(at + 32);
        if ((size_t)(end - at) < len) return damaged(why);
        if (archive->count == ARCHIVE_MAX_ENTRIES)
            return err_say(why, ERR_LIMIT, "the archive has more than %d files",
                           ARCHIVE_MAX_ENTRIES);
        enum err e = read_entry(bytes, n, at, entry, why);
        if (e) return e;
        if (entry->len > max_bytes - total)
            return err_say(why, ERR_LIMIT, "the archive is larger than %zu MiB when unpacked",
                           max_bytes >> 20);
        total += entry->len;
        archive->count += entry->name[strlen(entry->name) - 1] != '/';
        at += len;
    }
    return at == end ? ERR_OK : damaged(why);
}

enum err archive_init(struct archive *archive, const void *bytes, size_t n, size_t max_bytes,
                      struct why *why)
{
    const unsigned char *first = bytes;
    const unsigned char *end = n >= END_LEN ? find_end(first, n) : NULL;
    *archive = (struct archive){0};
    if (!end) return err_say(why, ERR_FORMAT, "it is no archive, or one cut short");
    size_t list = get32(end + 16), list_len = get32(end + 12);
    if (get16(end + 4) || get16(end + 6))
        return err_say(why, ERR_UNSUPPORTED, "the archive is one of several parts");
    if (list == UINT32_MAX || get16(end + 10) == WIDE)
        return err_say(why, ERR_UNSUPPORTED, "the archive is of the 64-bit kind");
    if (list > (size_t)(end - first) || list_len != (size_t)(end - first) - list)
        return damaged(why);
    /* One more than may be there, to see it. */
    archive->entries = calloc(ARCHIVE_MAX_ENTRIES + 1, sizeof *archive->entries);
    if (!archive->entries) return ERR_NOMEM;
    enum err e = read_list(archive, first, n, first + list, end, max_bytes, why);
    if (e) archive_fini(archive);
    return e;
}

void archive_fini(struct archive *archive)
{
    free(archive->entries);
    *archive = (struct archive){0};
}

enum err archive_unpack(const struct archive_entry *entry, unsigned char **bytes, struct why *why)
{
    unsigned char *made = malloc(entry->len + 1);
    enum err e = made ? ERR_OK : ERR_NOMEM;
    if (!e && entry->method == DEFLATED)
        e = zip_inflate(entry->packed, entry->packed_len, made, entry->len);
    else if (!e && entry->packed_len != entry->len)
        e = ERR_FORMAT;
    else if (!e && entry->len)
        memcpy(made, entry->packed, entry->len);
    if (!e && zip_crc32(0, made, entry->len) != entry->crc) e = ERR_FORMAT;
    if (e) {
        free(made);
        return e == ERR_FORMAT ? damaged(why) : e;
    }
    made[entry->len] = '\0';
    *bytes = made;
    return ERR_OK;
}

/* ---- writing ---- */

static void put16(struct buf *to, uint32_t value)
{
    buf_putc(to, (char)(value & 255));
    buf_putc(to, (char)(value >> 8 & 255));
}

static void put32(struct buf *to, uint32_t value)
{
    put16(to, value & 0xffff);
    put16(to, value >> 16);
}

void archive_begin(struct archive_out *out, struct buf *to)
{
    *out = (struct archive_out){.to = to, .start = to->len};
    buf_init(&out->list, (size_t)ARCHIVE_MAX_ENTRIES * (LISTED_LEN + ARCHIVE_MAX_NAME));
}

/* What the two headers of a file have in common: from the version needed to the name's length. */
static void put_common(struct buf *to, uint32_t method, uint32_t crc, size_t packed, size_t len,
                       size_t name_len)
{
    put16(to, 20);
    put16(to, UTF8_NAMES);
    put16(to, method);
    put16(to, 0);
    put16(to, DOS_EPOCH);
    put32(to, crc);
    put32(to, (uint32_t)packed);
    put32(to, (uint32_t)len);
    put16(to, (uint32_t)name_len);
    put16(to, 0);
}

void archive_add(struct archive_out *out, const char *name, const void *bytes, size_t len,
                 int level)
{
    struct buf packed;
    size_t name_len = strlen(name);
    uint32_t crc = zip_crc32(0, bytes, len), offset = (uint32_t)(out->to->len - out->start);
    buf_init(&packed, len + len / 100 + 1024);
    bool deflated = level > 0 && !zip_deflate(bytes, len, level, &packed);
    const void *what = deflated ? packed.bytes : bytes;
    size_t what_len = deflated ? packed.len : len;
    if (len > UINT32_MAX || out->to->len - out->start > UINT32_MAX) out->to->err = ERR_LIMIT;
    put32(out->to, LOCAL);
    put_common(out->to, deflated ? DEFLATED : STORED, crc, what_len, len, name_len);
    buf_put(out->to, name, name_len);
    if (what_len) buf_put(out->to, what, what_len);
    put32(&out->list, LISTED);
    put16(&out->list, 20);
    put_common(&out->list, deflated ? DEFLATED : STORED, crc, what_len, len, name_len);
    put32(&out->list, 0); /* comment, disk */
    put16(&out->list, 0);
    put32(&out->list, 0); /* attributes */
    put32(&out->list, offset);
    buf_put(&out->list, name, name_len);
    out->entries++;
    buf_fini(&packed);
}

enum err archive_end(struct archive_out *out)
{
    struct buf *to = out->to;
    size_t list = to->len - out->start;
    if (!to->err) to->err = out->list.err;
    if (out->list.len) buf_put(to, out->list.bytes, out->list.len);
    put32(to, END);
    put32(to, 0);
    put16(to, out->entries);
    put16(to, out->entries);
    put32(to, (uint32_t)out->list.len);
    put32(to, (uint32_t)list);
    put16(to, 0);
    buf_fini(&out->list);
    return to->err;
}
