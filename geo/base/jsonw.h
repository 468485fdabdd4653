/* A writer of JSON text (RFC 8259) into a buffer: commas are its business, order is the caller's.
 * Named apart from jansson, whose exported functions are json_object, json_array, ... */
#ifndef YZ_GEO_BASE_JSONW_H
#define YZ_GEO_BASE_JSONW_H

#include "geo/base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Borrows the buffer. Depth is bounded by the caller's code, not by data. */
struct jsonw {
    struct buf *buf;
    bool need_comma;
};

void jsonw_init(struct jsonw *json, struct buf *buf);

void jsonw_object(struct jsonw *json);     /* {  */
void jsonw_object_end(struct jsonw *json); /* }  */
void jsonw_array(struct jsonw *json);      /* [  */
void jsonw_array_end(struct jsonw *json);  /* ]  */

/* The key of the next value; `key` is trusted text that needs no escaping. */
void jsonw_key_n(struct jsonw *json, const char *key, size_t len);
static inline void jsonw_key(struct jsonw *json, const char *key)
{
    jsonw_key_n(json, key, strlen(key)); /* here, so that it is known for a literal */
}

/* Whether JSON writes it as it is: UTF-8 without controls, quotation marks and backslashes. */
bool jsonw_is_plain(const char *text, size_t len);

/* A key that is often written, as it stands in the text: with the comma before it and the colon
 * behind, in an array of one size, so that it is copied without asking for its length. */
struct jsonw_name {
    char text[31];
    uint8_t len;
};
#define JSONW_NAME(key)                                                                            \
    {                                                                                              \
        ",\"" key "\":", sizeof ",\"" key "\":" - 1                                                \
    }
/* Puts it where `json` stands, in room of its own size, and tells where it ends. For jsonw_*. */
static inline char *jsonw_put_name(const struct jsonw *json, char *to,
                                   const struct jsonw_name *name)
{
    unsigned skipped = !json->need_comma;
    memcpy(to, name->text + skipped, sizeof name->text - 1);
    return to + name->len - skipped;
}
static inline void jsonw_name(struct jsonw *json, const struct jsonw_name *name)
{
    char *to = buf_reserve(json->buf, sizeof name->text);
    if (!to) return;
    json->buf->len += (size_t)(jsonw_put_name(json, to, name) - to);
    json->need_comma = false;
}
/* The key and a string that is plain. */
void jsonw_plain(struct jsonw *json, const struct jsonw_name *name, const char *text, size_t len);

/* A string value: escaped, and bytes that are not UTF-8 replaced by U+FFFD. NULL writes null. */
void jsonw_string(struct jsonw *json, const char *text);
void jsonw_string_n(struct jsonw *json, const char *text, size_t len);

void jsonw_int(struct jsonw *json, int64_t value);
void jsonw_bool(struct jsonw *json, bool value);
void jsonw_null(struct jsonw *json);

/* A number with at most `decimals` (0 to 9) digits behind the point, trailing zeros dropped,
 * rounded half away from zero; what is not finite, or beyond ±9e9, is written as by %.17g or as
 * null. */
void jsonw_number(struct jsonw *json, double value, int decimals);

/* `[a,b]`, as a point is written. */
void jsonw_pair(struct jsonw *json, double a, double b, int decimals);

/* A value that is JSON already. */
void jsonw_raw(struct jsonw *json, const char *text, size_t len);

/* `"key": value` in one call. */
void jsonw_key_string(struct jsonw *json, const char *key, const char *text);
void jsonw_key_int(struct jsonw *json, const char *key, int64_t value);
void jsonw_key_bool(struct jsonw *json, const char *key, bool value);
void jsonw_key_number(struct jsonw *json, const char *key, double value, int decimals);

#endif
