/* A writer of JSON text (RFC 8259) into a buffer: commas are its business, order is the caller's.
 */
#ifndef YZ_GEO_BASE_JSON_H
#define YZ_GEO_BASE_JSON_H

#include "geo/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* Borrows the buffer. Depth is bounded by the caller's code, not by data. */
struct json {
    struct buf *buf;
    bool need_comma;
};

void json_init(struct json *json, struct buf *buf);

void json_object(struct json *json);     /* {  */
void json_object_end(struct json *json); /* }  */
void json_array(struct json *json);      /* [  */
void json_array_end(struct json *json);  /* ]  */

/* The key of the next value; `key` is trusted text that needs no escaping. */
void json_key(struct json *json, const char *key);

/* A string value: escaped, and bytes that are not UTF-8 replaced by U+FFFD. NULL writes null. */
void json_string(struct json *json, const char *text);
void json_string_n(struct json *json, const char *text, size_t len);

void json_int(struct json *json, int64_t value);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);

/* A number with at most `decimals` (0 to 9) digits behind the point, trailing zeros dropped,
 * rounded half away from zero; what is not finite, or beyond ±9e9, is written as by %.17g or as
 * null. */
void json_number(struct json *json, double value, int decimals);

/* A value that is JSON already. */
void json_raw(struct json *json, const char *text, size_t len);

/* `"key": value` in one call. */
void json_key_string(struct json *json, const char *key, const char *text);
void json_key_int(struct json *json, const char *key, int64_t value);
void json_key_bool(struct json *json, const char *key, bool value);
void json_key_number(struct json *json, const char *key, double value, int decimals);

#endif
