#include "geo/base/json.h"

#include "geo/base/text.h"

#include <math.h>
#include <string.h>

void json_init(struct json *json, struct buf *buf)
{
    *json = (struct json){.buf = buf};
}

/* Every value passes here: a comma, if a sibling came before. */
static void separate(struct json *json)
{
    if (json->need_comma) buf_putc(json->buf, ',');
    json->need_comma = true;
}

static void open(struct json *json, char bracket)
{
    separate(json);
    buf_putc(json->buf, bracket);
    json->need_comma = false;
}

static void close(struct json *json, char bracket)
{
    buf_putc(json->buf, bracket);
    json->need_comma = true;
}

void json_object(struct json *json)
{
    open(json, '{');
}

void json_object_end(struct json *json)
{
    close(json, '}');
}

void json_array(struct json *json)
{
    open(json, '[');
}

void json_array_end(struct json *json)
{
    close(json, ']');
}

void json_key(struct json *json, const char *key)
{
    separate(json);
    buf_putc(json->buf, '"');
    buf_puts(json->buf, key);
    buf_put(json->buf, "\":", 2);
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

void json_string_n(struct json *json, const char *text, size_t len)
{
    separate(json);
    buf_putc(json->buf, '"');
    size_t plain = 0, i = 0;
    while (i < len) {
        unsigned char c = (unsigned char)text[i];
        size_t step = text_utf8_len(text + i, len - i);
        if (step && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            i += step;
            continue;
        }
        buf_put(json->buf, text + plain, i - plain);
        if (step)
            put_escape(json->buf, c);
        else
            buf_put(json->buf, "\xEF\xBF\xBD", 3);
        plain = ++i;
    }
    buf_put(json->buf, text + plain, len - plain);
    buf_putc(json->buf, '"');
}

void json_string(struct json *json, const char *text)
{
    if (text)
        json_string_n(json, text, strlen(text));
    else
        json_null(json);
}

static char *put_digits(char *end, uint64_t value)
{
    do {
        *--end = (char)('0' + value % 10);
    } while (value /= 10);
    return end;
}

void json_int(struct json *json, int64_t value)
{
    char text[24], *end = text + sizeof text;
    char *start = put_digits(end, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
    if (value < 0) *--start = '-';
    json_raw(json, start, (size_t)(end - start));
}

void json_bool(struct json *json, bool value)
{
    json_raw(json, value ? "true" : "false", value ? 4 : 5);
}

void json_null(struct json *json)
{
    json_raw(json, "null", 4);
}

static void put_fixed(struct json *json, double value, int decimals)
{
    static const double scale[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    char text[32], *end = text + sizeof text;
    uint64_t units = (uint64_t)(fabs(value) * scale[decimals] + 0.5);
    uint64_t whole = units / (uint64_t)scale[decimals], part = units % (uint64_t)scale[decimals];
    bool negative = value < 0 && units > 0;
    while (decimals > 0 && part % 10 == 0) {
        part /= 10;
        decimals--;
    }
    char *start = end;
    if (decimals > 0) {
        for (int i = 0; i < decimals; i++, part /= 10)
            *--start = (char)('0' + part % 10);
        *--start = '.';
    }
    start = put_digits(start, whole);
    if (negative) *--start = '-';
    json_raw(json, start, (size_t)(end - start));
}

void json_number(struct json *json, double value, int decimals)
{
    if (!isfinite(value)) {
        json_null(json);
    } else if (fabs(value) < 9e9) {
        put_fixed(json, value, decimals < 0 ? 0 : decimals > 9 ? 9 : decimals);
    } else {
        separate(json);
        buf_printf(json->buf, "%.17g", value);
    }
}

void json_raw(struct json *json, const char *text, size_t len)
{
    separate(json);
    buf_put(json->buf, text, len);
}

void json_key_string(struct json *json, const char *key, const char *text)
{
    json_key(json, key);
    json_string(json, text);
}

void json_key_int(struct json *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_int(json, value);
}

void json_key_bool(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    json_bool(json, value);
}

void json_key_number(struct json *json, const char *key, double value, int decimals)
{
    json_key(json, key);
    json_number(json, value, decimals);
}
