#include "geo/base/jobs.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS_MAX = 8 };

struct jobs {
    size_t count;
    atomic_size_t next;
    void (*run)(void *user, size_t job);
    void *user;
};

static void *work(void *argument)
{
    struct jobs *jobs = argument;
    for (size_t job; (job = atomic_fetch_add(&jobs->next, 1)) < jobs->count;)
        jobs->run(jobs->user, job);
    return NULL;
}

void jobs_run(unsigned threads, size_t count, void (*run)(void *user, size_t job), void *user)
{
    struct jobs jobs = {.count = count, .run = run, .user = user};
    pthread_t helpers[THREADS_MAX];
    size_t helper_count = 0;
    atomic_init(&jobs.next, 0);
    while (helper_count + 1 < threads && helper_count + 1 < count && helper_count < THREADS_MAX &&
           pthread_create(&helpers[helper_count], NULL, work, &jobs) == 0)
        helper_count++;
    (void)work(&jobs);
    for (size_t i = 0; i < helper_count; i++)
        pthread_join(helpers[i], NULL);
}

unsigned jobs_threads(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (unsigned)cores;
}
