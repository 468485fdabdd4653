#include "geo/base/jsonw.h"

#include "geo/base/digits.h"
#include "geo/base/text.h"

#include <endian.h>
#include <math.h>
#include <string.h>

void jsonw_init(struct jsonw *json, struct buf *buf)
{
    *json = (struct jsonw){.buf = buf};
}

/* Every value passes here: a comma, if a sibling came before. */
static void separate(struct jsonw *json)
{
    if (json->need_comma) buf_putc(json->buf, ',');
    json->need_comma = true;
}

static void open(struct jsonw *json, char bracket)
{
    separate(json);
    buf_putc(json->buf, bracket);
    json->need_comma = false;
}

static void close(struct jsonw *json, char bracket)
{
    buf_putc(json->buf, bracket);
    json->need_comma = true;
}

void jsonw_object(struct jsonw *json)
{
    open(json, '{');
}

void jsonw_object_end(struct jsonw *json)
{
    close(json, '}');
}

void jsonw_array(struct jsonw *json)
{
    open(json, '[');
}

void jsonw_array_end(struct jsonw *json)
{
    close(json, ']');
}

void jsonw_key_n(struct jsonw *json, const char *key, size_t len)
{
    char *to = buf_reserve(json->buf, len + 4);
    if (!to) return;
    if (json->need_comma) {
        *to++ = ',';
        json->buf->len++;
    }
    *to++ = '"';
    memcpy(to, key, len); /* NOLINT(bugprone-not-null-terminated-result): it goes on */
    to[len] = '"';
    to[len + 1] = ':';
    json->buf->len += len + 3;
    json->need_comma = false;
}

static void put_escape(struct buf *buf, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char shorts[][2] = {
        {'"', '"'}, {'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}};
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
        if (shorts[i][0] == (char)c) {
            buf_put(buf, (const char[]){'\\', shorts[i][1]}, 2);
            return;
        }
    buf_put(buf, (const char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
}

/* High bits where a byte of `word` is not among the plain ones of ASCII, which stand for themselves
 * in a string: all but controls, the quotation mark and the backslash. The lowest is right; above
 * it a borrow may have set others. */
static uint64_t not_plain(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\', del = word ^ ones * 0x7f;
    uint64_t found = word | (word - ones * 0x20) | (quote - ones) | (slash - ones) | (del - ones);
    return found & high;
}

/* How many bytes from the start on are characters of three bytes, as those of Chinese are: so long
 * as four bytes can be read at once, and none has a first byte that bounds its second one. */
static size_t han_len(const char *text, size_t len)
{
    const uint32_t shape = 0x00C0C0F0, is = 0x008080E0; /* as they lie, the first byte lowest */
    uint32_t four, first;
    size_t i = 0;
    for (; len - i >= sizeof four; i += 3) {
        memcpy(&four, text + i, sizeof four);
        four = le32toh(four);
        first = four & 0xFF;
        if ((four & shape) != is || first == 0xE0 || first == 0xED) break;
    }
    return i;
}

/* How many bytes from the start on stand for themselves; ends within no character. */
static size_t plain_len(const char *text, size_t len)
{
    uint64_t word;
    size_t i = 0, step;
    while (i < len) {
        if (len - i >= sizeof word) {
            memcpy(&word, text + i, sizeof word);
            uint64_t found = not_plain(le64toh(word));
            i += found ? (size_t)__builtin_ctzll(found) / 8 : sizeof word;
            if (!found) continue;
        }
        i += han_len(text + i, len - i);
        if (i == len) break;
        unsigned char c = (unsigned char)text[i];
        step = c < 0x80 ? 1 : text_utf8_len(text + i, len - i);
        if (!step || c < 0x20 || c == '"' || c == '\\' || c == 0x7f) break;
        i += step;
    }
    return i;
}

bool jsonw_is_plain(const char *text, size_t len)
{
    return plain_len(text, len) == len;
}

void jsonw_plain(struct jsonw *json, const struct jsonw_name *name, const char *text, size_t len)
{
    char *start = buf_reserve(json->buf, sizeof name->text + len + 2), *to = start;
    if (!start) return;
    to = jsonw_put_name(json, to, name);
    *to++ = '"';
    memcpy(to, text, len); /* NOLINT(bugprone-not-null-terminated-result): it goes on */
    to[len] = '"';
    json->buf->len += (size_t)(to - start) + len + 1;
    json->need_comma = true;
}

void jsonw_string_n(struct jsonw *json, const char *text, size_t len)
{
    size_t plain = plain_len(text, len);
    separate(json);
    buf_putc(json->buf, '"');
    buf_put(json->buf, text, plain);
    while (plain < len) {
        if (text_utf8_len(text + plain, len - plain))
            put_escape(json->buf, (unsigned char)text[plain]);
        else
            buf_put(json->buf, "\xEF\xBF\xBD", 3);
        text += plain + 1;
        len -= plain + 1;
        plain = plain_len(text, len);
        buf_put(json->buf, text, plain);
    }
    buf_putc(json->buf, '"');
}

void jsonw_string(struct jsonw *json, const char *text)
{
    if (text)
        jsonw_string_n(json, text, strlen(text));
    else
        jsonw_null(json);
}

void jsonw_int(struct jsonw *json, int64_t value)
{
    char *start = buf_reserve(json->buf, DIGITS_ROOM + 2), *to = start;
    if (!start) return;
    if (json->need_comma) *to++ = ',';
    if (value < 0) *to++ = '-';
    to = digits_whole(to, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
    json->buf->len += (size_t)(to - start);
    json->need_comma = true;
}

void jsonw_bool(struct jsonw *json, bool value)
{
    jsonw_raw(json, value ? "true" : "false", value ? 4 : 5);
}

void jsonw_null(struct jsonw *json)
{
    jsonw_raw(json, "null", 4);
}

/* Writes what is below 9e9: at most 21 bytes, with room for DIGITS_ROOM. */
static char *put_fixed(char *to, double value, int decimals)
{
    static const uint32_t scale[] = {1,      10,      100,      1000,      10000,
                                     100000, 1000000, 10000000, 100000000, 1000000000};
    uint64_t units = (uint64_t)(fabs(value) * scale[decimals] + 0.5);
    uint64_t whole;
    uint32_t part;
    if (units <= UINT32_MAX) { /* as degrees and metres are: divided in half the time */
        whole = (uint32_t)units / scale[decimals];
        part = (uint32_t)units % scale[decimals];
    } else {
        whole = units / scale[decimals];
        part = (uint32_t)(units % scale[decimals]);
    }
    if (value < 0 && units > 0) *to++ = '-';
    return digits_part(digits_whole(to, whole), part, decimals);
}

void jsonw_number(struct jsonw *json, double value, int decimals)
{
    if (!isfinite(value)) {
        jsonw_null(json);
    } else if (fabs(value) < 9e9) {
        char *start = buf_reserve(json->buf, DIGITS_ROOM + 1), *to = start;
        if (!start) return;
        if (json->need_comma) *to++ = ',';
        to = put_fixed(to, value, decimals < 0 ? 0 : decimals > 9 ? 9 : decimals);
        json->buf->len += (size_t)(to - start);
        json->need_comma = true;
    } else {
        separate(json);
        buf_printf(json->buf, "%.17g", value);
    }
}

void jsonw_pair(struct jsonw *json, double a, double b, int decimals)
{
    if (!(fabs(a) < 9e9 && fabs(b) < 9e9) || decimals < 0 || decimals > 9) {
        jsonw_array(json);
        jsonw_number(json, a, decimals);
        jsonw_number(json, b, decimals);
        jsonw_array_end(json);
        return;
    }
    char *start = buf_reserve(json->buf, 2 * DIGITS_ROOM + 4), *to = start;
    if (!start) return;
    if (json->need_comma) *to++ = ',';
    *to++ = '[';
    to = put_fixed(to, a, decimals);
    *to++ = ',';
    to = put_fixed(to, b, decimals);
    *to++ = ']';
    json->buf->len += (size_t)(to - start);
    json->need_comma = true;
}

void jsonw_raw(struct jsonw *json, const char *text, size_t len)
{
    separate(json);
    buf_put(json->buf, text, len);
}

void jsonw_key_string(struct jsonw *json, const char *key, const char *text)
{
    jsonw_key(json, key);
    jsonw_string(json, text);
}

void jsonw_key_int(struct jsonw *json, const char *key, int64_t value)
{
    jsonw_key(json, key);
    jsonw_int(json, value);
}

void jsonw_key_bool(struct jsonw *json, const char *key, bool value)
{
    jsonw_key(json, key);
    jsonw_bool(json, value);
}

void jsonw_key_number(struct jsonw *json, const char *key, double value, int decimals)
{
    jsonw_key(json, key);
    jsonw_number(json, value, decimals);
}
