/* Numbered jobs that have nothing to do with each other, done by a few threads. */
#ifndef YZ_GEO_BASE_JOBS_H
#define YZ_GEO_BASE_JOBS_H

#include <stddef.h>

/* Runs `run` once for every number below `count`, in no particular order, on at most `threads`
 * threads, the caller's among them, and returns when all are done. Where no further thread is to be
 * had, fewer do it. */
void jobs_run(unsigned threads, size_t count, void (*run)(void *user, size_t job), void *user);

/* How many threads have a processor of their own: at least 1, at most 8. */
unsigned jobs_threads(void);

#endif
