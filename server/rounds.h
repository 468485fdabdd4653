/* A thread of its own that goes its rounds: works, waits for a while or until it is poked, works
 * again, until it is to end. What the server does beside requests stands on it. */
#ifndef YZ_SERVER_ROUNDS_H
#define YZ_SERVER_ROUNDS_H

#include "geo/base/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Embedded in what it works for; its fields are rounds.c's own. */
struct rounds {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool poked, stopping;
    pthread_t thread;
};

enum rounds_call {
    ROUNDS_over, /* 0: end */
    ROUNDS_time,
    ROUNDS_poked,
};

/* Begins `run(user)`, which asks rounds_wait between its rounds and returns when they are over. It
 * may run, and wait, before this returns. ERR_SYSTEM: there is no thread, and nothing to end. */
enum err rounds_start(struct rounds *r, void *(*run)(void *user), void *user);

/* Within `run`: waits for `ms` milliseconds, 0 for none, unless it was poked since the last time or
 * is, or is to end. */
enum rounds_call rounds_wait(struct rounds *r, int64_t ms);

/* From any thread, between start and end. */
void rounds_poke(struct rounds *r);

/* Asks `run` to return, and waits for nothing: for who has to wake it from elsewhere as well. */
void rounds_stop(struct rounds *r);

/* Asks `run` to return, waits until it has, and frees what rounds_start took. */
void rounds_end(struct rounds *r);

#endif
