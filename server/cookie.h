/* The Cookie header (RFC 6265, section 5.4). */
#ifndef YZ_SERVER_COOKIE_H
#define YZ_SERVER_COOKIE_H

#include <stdbool.h>
#include <stddef.h>

/* The value of a cookie into `value`, with its NUL. False when the header (NULL: none) does not
 * hold it exactly once, or when it is empty or longer than `size` takes: one that was set beside
 * ours, by whoever can set cookies for this host, is not to be chosen from. */
bool cookie_read(const char *header, const char *name, char *value, size_t size);

#endif
