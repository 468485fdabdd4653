/* Structured lines to standard error, one a request and one an event, written by a thread of their
 * own: a slow terminal or a full pipe never holds up a request. What does not fit into the buffer
 * meanwhile is dropped, counted, and told. */
#ifndef YZ_SERVER_LOG_H
#define YZ_SERVER_LOG_H

#include "geo/base/err.h"
#include "server/app.h"

#include <stdint.h>

struct log; /* shared by all threads */

/* Writes to the descriptor `fd`, which stays the caller's. */
enum err log_start(int fd, enum app_log_format format, enum app_log_level level, struct log **log);
/* Waits until what was said is written, for at most `patience_ms`; others may go on. */
void log_flush(struct log *log, int patience_ms);
/* Writes what is left, and frees: nobody may use it any more. NULL does nothing. */
void log_stop(struct log *log);

/* One answered request; an error when the server failed, a warning when it was not available.
 * Nothing here says where somebody is, who they are, or what they asked. */
struct log_request {
    const char *id, *method, *route; /* the pattern of the route, not the address */
    int status;
    double ms;
    uint64_t bytes_in, bytes_out;
    const char *problem; /* "" for none */
    const char *cause;   /* of a failure of the server's own, "" for none */
};
void log_request(struct log *log, const struct log_request *line);

/* An event, in a sentence for the operator. */
void log_say(struct log *log, enum app_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
