#include "data/import_text.h"

#include "geo/base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>

enum {
    NAMES = 6,
    PIECE = 1 << 16,
    WIDEST = 4,
    TOLERATED = 4 /* good characters for each broken byte */
};

struct import_text_encoding {
    const char *shown, *iconv;
    const char *names[NAMES];
    const char *mark; /* byte order mark */
};

/* UTF-8 first, GB18030 second: the two that are guessed. */
static const struct import_text_encoding encodings[] = {
    {"UTF-8", "UTF-8", {"utf-8", "utf8", "utf_8"}, "\xef\xbb\xbf"},
    {"GB18030", "GB18030", {"gb18030", "gbk", "gb2312", "cp936", "936"}, "\x84\x31\x95\x33"},
    {"UTF-16LE", "UTF-16LE", {"utf-16", "utf-16le", "utf16", "unicode"}, "\xff\xfe"},
    {"UTF-16BE", "UTF-16BE", {"utf-16be"}, "\xfe\xff"},
    {"Big5", "BIG5", {"big5", "cp950", "950"}, ""},
};
enum { COUNT = sizeof encodings / sizeof *encodings };

enum err import_text_find(const char *name, const struct import_text_encoding **encoding,
                          struct why *why)
{
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < NAMES && encodings[i].names[k]; k++)
            if (text_same(encodings[i].names[k], name)) {
                *encoding = &encodings[i];
                return ERR_OK;
            }
    return err_say(why, ERR_INVALID,
                   "encoding: \"%.40s\" is none of utf-8, gb18030, gbk, gb2312, big5, utf-16",
                   name);
}

const char *import_text_name(const struct import_text_encoding *encoding)
{
    return encoding->shown;
}

static size_t mark_of(const struct import_text_encoding *encoding, const char *bytes, size_t len)
{
    size_t n = strlen(encoding->mark);
    return n && len >= n && memcmp(bytes, encoding->mark, n) == 0 ? n : 0;
}

const struct import_text_encoding *import_text_guess(const void *bytes, size_t len)
{
    const char *text = bytes;
    uint64_t good = 0, broken = 0;
    for (size_t i = 0; i < COUNT; i++)
        if (mark_of(&encodings[i], text, len)) return &encodings[i];
    for (size_t i = 0; i < len;) {
        size_t n = text_utf8_len(text + i, len - i);
        good += n > 1;
        broken += n == 0;
        i += n ? n : 1;
    }
    return &encodings[broken > good / TOLERATED];
}

/* Moves on by one byte that the encoding does not know. */
static void skip_byte(char **from, size_t *left, struct buf *out)
{
    (*from)++;
    (*left)--;
    buf_putc(out, '\xff');
}

static enum err convert(const char *to, const char *from_name, const char *bytes, size_t len,
                        struct buf *out)
{
    char *from = (char *)bytes; /* iconv reads it only */
    size_t left = len;
    iconv_t made = iconv_open(to, from_name);
    if (made == (iconv_t)-1) return ERR_UNSUPPORTED;
    while (left && !out->err) {
        size_t size = left < PIECE / WIDEST ? WIDEST * left : PIECE, room = size;
        char *at = buf_reserve(out, size);
        if (!at) break;
        bool whole = iconv(made, &from, &left, &at, &room) != (size_t)-1;
        int reason = whole ? 0 : errno;
        out->len += size - room;
        if (!whole && reason != E2BIG) skip_byte(&from, &left, out);
    }
    iconv_close(made);
    return out->err;
}

enum err import_text_decode(const struct import_text_encoding *encoding, const void *bytes,
                            size_t len, struct buf *out)
{
    size_t mark = mark_of(encoding, bytes, len);
    const char *text = (const char *)bytes + mark;
    if (encoding == &encodings[0]) {
        buf_put(out, text, len - mark);
        return out->err;
    }
    return convert("UTF-8", encoding->iconv, text, len - mark, out);
}

enum err import_text_gb18030(const void *bytes, size_t len, struct buf *out)
{
    return convert("GB18030", "UTF-8", bytes, len, out);
}

uint64_t import_text_next(struct import_text_lines *lines)
{
    const char *bytes = lines->bytes;
    size_t i = lines->offset, size = lines->len;
    uint64_t line = lines->next_line;
    while (i < size && (bytes[i] == '\n' || bytes[i] == '\r'))
        line += bytes[i++] == '\n';
    uint64_t start = line;
    bool quoted = false;
    for (; i < size && (quoted || bytes[i] != '\n'); i++) {
        if (bytes[i] == '"') quoted = !quoted;
        line += bytes[i] == '\n';
    }
    lines->offset = i;
    lines->next_line = line;
    return start;
}
