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
/* The key and the string in one, of which both are plain. */
void jsonw_key_plain(struct jsonw *json, const char *key, size_t key_len, const char *text,
                     size_t len);

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
