#include "server/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct worker_pool {
    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    struct worker_job *first, *last;
    size_t depth, queue_max;
    unsigned alive, thread_count;
    bool stopping;
    pthread_t threads[];
};

static struct worker_job *take(struct worker_pool *pool)
{
    struct worker_job *job = pool->first;
    if (!job) return NULL;
    pool->first = job->next;
    if (!pool->first) pool->last = NULL;
    pool->depth--;
    return job;
}

static void *work(void *argument)
{
    struct worker_pool *pool = argument;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        struct worker_job *job = take(pool);
        if (job) {
            bool cancelled = pool->stopping;
            pthread_mutex_unlock(&pool->lock);
            job->run(job, cancelled);
            pthread_mutex_lock(&pool->lock);
        } else if (pool->stopping) {
            break;
        } else {
            pthread_cond_wait(&pool->work, &pool->lock);
        }
    }
    if (--pool->alive == 0) pthread_cond_signal(&pool->idle);
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

enum err worker_start(unsigned threads, size_t queue_max, struct worker_pool **pool)
{
    struct worker_pool *fresh = calloc(1, sizeof *fresh + threads * sizeof(pthread_t));
    pthread_condattr_t monotonic;
    if (!fresh) return ERR_NOMEM;
    fresh->queue_max = queue_max;
    pthread_mutex_init(&fresh->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&fresh->work, NULL);
    pthread_cond_init(&fresh->idle, &monotonic);
    pthread_condattr_destroy(&monotonic);
    for (; fresh->thread_count < threads; fresh->thread_count++) {
        pthread_mutex_lock(&fresh->lock);
        fresh->alive++;
        pthread_mutex_unlock(&fresh->lock);
        if (pthread_create(&fresh->threads[fresh->thread_count], NULL, work, fresh)) {
            pthread_mutex_lock(&fresh->lock);
            fresh->alive--;
            pthread_mutex_unlock(&fresh->lock);
            if (worker_stop(fresh, 5) == ERR_OK) worker_free(fresh);
            return ERR_SYSTEM;
        }
    }
    *pool = fresh;
    return ERR_OK;
}

bool worker_submit(struct worker_pool *pool, struct worker_job *job)
{
    pthread_mutex_lock(&pool->lock);
    bool taken = !pool->stopping && pool->depth < pool->queue_max;
    if (taken) {
        job->next = NULL;
        if (pool->last)
            pool->last->next = job;
        else
            pool->first = job;
        pool->last = job;
        pool->depth++;
        pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

size_t worker_depth(struct worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    size_t depth = pool->depth;
    pthread_mutex_unlock(&pool->lock);
    return depth;
}

enum err worker_stop(struct worker_pool *pool, unsigned patience_s)
{
    struct timespec until;
    int rc = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += patience_s;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->work);
    while (pool->alive > 0 && rc == 0)
        rc = pthread_cond_timedwait(&pool->idle, &pool->lock, &until);
    bool busy = pool->alive > 0;
    pthread_mutex_unlock(&pool->lock);
    if (busy) return ERR_TIMEOUT;
    for (unsigned i = 0; i < pool->thread_count; i++)
        pthread_join(pool->threads[i], NULL);
    pool->thread_count = 0;
    return ERR_OK;
}

void worker_free(struct worker_pool *pool)
{
    if (!pool) return;
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->idle);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
