#include "server/rounds.h"

#include <errno.h>
#include <time.h>

static void release(struct rounds *r)
{
    pthread_cond_destroy(&r->wake);
    pthread_mutex_destroy(&r->lock);
}

enum err rounds_start(struct rounds *r, void *(*run)(void *user), void *user)
{
    pthread_condattr_t monotonic;
    r->poked = r->stopping = false;
    pthread_mutex_init(&r->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&r->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (!pthread_create(&r->thread, NULL, run, user)) return ERR_OK;
    release(r);
    return ERR_SYSTEM;
}

static struct timespec after(int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    until.tv_sec += (time_t)(ms / 1000) + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return until;
}

enum rounds_call rounds_wait(struct rounds *r, int64_t ms)
{
    const struct timespec until = after(ms);
    int rc = 0;
    pthread_mutex_lock(&r->lock);
    while (!r->poked && !r->stopping && ms > 0 && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&r->wake, &r->lock, &until);
    enum rounds_call call = r->stopping ? ROUNDS_over : r->poked ? ROUNDS_poked : ROUNDS_time;
    r->poked = false;
    pthread_mutex_unlock(&r->lock);
    return call;
}

void rounds_poke(struct rounds *r)
{
    pthread_mutex_lock(&r->lock);
    r->poked = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

void rounds_stop(struct rounds *r)
{
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

void rounds_end(struct rounds *r)
{
    rounds_stop(r);
    pthread_join(r->thread, NULL);
    release(r);
}
