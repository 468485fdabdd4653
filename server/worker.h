/* A lane of threads beside the event loops: a bounded queue and a fixed pool. Event loops hand over
 * whatever touches a disk, a database, or a processor for long. */
#ifndef YZ_SERVER_WORKER_H
#define YZ_SERVER_WORKER_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct worker_pool;

/* A piece of work; lives in its owner's memory until it has run. */
struct worker_job {
    void (*run)(struct worker_job *job, bool cancelled); /* cancelled: just answer, do not work */
    struct worker_job *next;
};

enum err worker_start(unsigned threads, size_t queue_max, struct worker_pool **pool);

/* False, at once, when the queue is full or the pool is stopping. */
bool worker_submit(struct worker_pool *pool, struct worker_job *job);

/* Waiting jobs, for metrics. */
size_t worker_depth(struct worker_pool *pool);

/* Takes no more; cancels what waits; lets what runs finish, for at most `patience_s`. ERR_TIMEOUT:
 * some thread is still busy; the pool must then be left alone until the process ends. */
enum err worker_stop(struct worker_pool *pool, unsigned patience_s);

/* Frees a stopped pool. NULL does nothing. */
void worker_free(struct worker_pool *pool);

#endif
