#include "server/form.h"

#include "geo/base/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

bool form_is(const char *content_type)
{
    static const char wanted[] = "application/x-www-form-urlencoded";
    const size_t len = sizeof wanted - 1;
    return content_type && strncasecmp(content_type, wanted, len) == 0 &&
           (!content_type[len] || strchr("; \t", content_type[len]));
}

static int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Into memory of the arena, with a NUL behind; values may be any bytes. */
static enum err decode(const char *text, size_t len, struct arena *arena, const char **decoded,
                       size_t *decoded_len)
{
    char *to = arena_alloc(arena, len + 1);
    size_t n = 0;
    if (!to) return ERR_NOMEM;
    for (size_t i = 0; i < len; i++) {
        int high, low;
        to[n++] = (char)(text[i] == '+' ? ' ' : text[i]);
        if (text[i] != '%') continue;
        if (len - i < 3) return ERR_FORMAT;
        high = digit(text[i + 1]);
        low = digit(text[i + 2]);
        if (high < 0 || low < 0) return ERR_FORMAT;
        to[n - 1] = (char)(high * 16 + low);
        i += 2;
    }
    to[n] = '\0';
    *decoded = to;
    *decoded_len = n;
    return ERR_OK;
}

static bool is_name(const char *name, size_t len)
{
    if (!len || !text_utf8_valid(name, len)) return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < 0x20) return false;
    return true;
}

static enum err take(const char *field, size_t len, struct arena *arena, struct multipart *out,
                     struct why *why)
{
    const char *equals = memchr(field, '=', len);
    size_t name_len = equals ? (size_t)(equals - field) : len, decoded_len = 0;
    struct multipart_part *part = &out->parts[out->count];
    if (out->count == MULTIPART_MAX_PARTS)
        return err_say(why, ERR_LIMIT, "the form has more than %d fields", MULTIPART_MAX_PARTS);
    *part = (struct multipart_part){.type = "", .bytes = ""};
    enum err e = decode(field, name_len, arena, &part->name, &decoded_len);
    if (!e && decoded_len > MULTIPART_MAX_NAME)
        return err_say(why, ERR_LIMIT, "the name of field %zu is longer than %d bytes",
                       out->count + 1, MULTIPART_MAX_NAME);
    if (!e && !is_name(part->name, decoded_len)) e = ERR_FORMAT;
    if (!e && equals) e = decode(equals + 1, len - name_len - 1, arena, &part->bytes, &part->len);
    if (e == ERR_FORMAT)
        return err_say(why, e, "field %zu of the form has a broken percent sign or name",
                       out->count + 1);
    if (!e) out->count++;
    return e;
}

enum err form_parse(const char *body, size_t len, struct arena *arena, struct multipart *out,
                    struct why *why)
{
    enum err e = ERR_OK;
    out->count = 0;
    for (size_t at = 0; at < len && !e;) {
        const char *end = memchr(body + at, '&', len - at);
        size_t n = end ? (size_t)(end - (body + at)) : len - at;
        if (n) e = take(body + at, n, arena, out, why);
        at += n + 1;
    }
    return e;
}
