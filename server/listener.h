/* A listening socket from a line of text, with errors that a person can act on. */
#ifndef YZ_SERVER_LISTENER_H
#define YZ_SERVER_LISTENER_H

#include "geo/base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Opens what "127.0.0.1:8080", "[::1]:8080", "localhost:8080" or ":8080" (every address) names;
 * non-blocking; port 0 takes a free one. `url` gets the address it has. The caller closes `*fd`. */
enum err listener_open(const char *text, int *fd, uint16_t *port, char *url, size_t url_size,
                       struct why *why);

/* Whether such a line could be listened on: its form, and whether this machine has the address. A
 * port that is taken is not looked for. */
enum err listener_check(const char *text, struct why *why);

#endif
