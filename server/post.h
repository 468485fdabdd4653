/* libcurl's door: many letters under way at once, each a POST of a few bytes, or a GET, to an
 * address that a stranger named. Redirects are not followed, proxies of the environment not used,
 * and what comes back is not kept but where it is asked for.
 *
 * Belongs to one thread, but for post_wake. */
#ifndef YZ_SERVER_POST_H
#define YZ_SERVER_POST_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    POST_PATIENCE_S = 10,
    POST_ANSWER_BYTES = 64 * 1024, /* more of an answer is not read */
    POST_HEADERS_MAX = 6,
    POST_ERROR_SIZE = 120
};

/* Once before all else, from one thread; and at the end. */
enum err post_init(void);
void post_fini(void);

/* Whether letters could go to an address: https, or with `inside` http, a host and no user in it.
 * Otherwise ERR_INVALID with a sentence. Where the host lies is seen when something is sent. */
enum err post_check(const char *url, bool inside, struct why *why);

struct post;

/* `inside`: addresses of this machine and of private networks are called, too, and http. */
enum err post_new(bool inside, struct post **post);
/* What is under way is broken off, and told to nobody. NULL does nothing. */
void post_free(struct post *post);

struct post_letter {
    const char *url;
    const char *headers[POST_HEADERS_MAX]; /* "Name: value"; NULL ends them */
    const char *body;                      /* NULL: a GET */
    size_t len;
    bool keep; /* the answer, for post_run's `done` */
    void *user;
};
/* Sends a copy. ERR_NOMEM, ERR_SYSTEM. */
enum err post_send(struct post *post, const struct post_letter *letter);

/* How a letter went: the status of the answer, or 0 and a short sentence why there was none. */
struct post_outcome {
    void *user;
    int status;
    char error[POST_ERROR_SIZE];
    const char *answer; /* of a letter that keeps it, until `done` returns; else NULL */
    size_t answer_len;
};
/* Goes on with all of them, and waits at most `wait_ms` for something to happen. `done` is called
 * for each that ended. */
enum err post_run(struct post *post, int wait_ms,
                  void (*done)(void *context, const struct post_outcome *outcome), void *context);

/* Ends a wait, from any thread. */
void post_wake(struct post *post);

#endif
