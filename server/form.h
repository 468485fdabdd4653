/* application/x-www-form-urlencoded (WHATWG URL, section 5.1) of a body that is wholly in memory:
 * the same parts that multipart.h finds, without files. */
#ifndef YZ_SERVER_FORM_H
#define YZ_SERVER_FORM_H

#include "server/multipart.h"

#include <stdbool.h>

/* Whether a Content-Type is that one; NULL is not. */
bool form_is(const char *content_type);

/* Splits `body`; names and values are decoded into the arena. ERR_FORMAT: a broken percent sign, or
 * a name that is empty, is not UTF-8 or holds controls; ERR_LIMIT: too many fields, or too long a
 * name. The sentence tells which field, counted from 1. */
enum err form_parse(const char *body, size_t len, struct arena *arena, struct multipart *out,
                    struct why *why);

#endif
