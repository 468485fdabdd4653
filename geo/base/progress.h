/* How long work says how far it is, and learns that it should stop: the caller draws the bar. */
#ifndef YZ_GEO_BASE_PROGRESS_H
#define YZ_GEO_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* `report` is called from the working thread, a few times a second at most by convention of the
 * worker (every some thousand items); `total` 0 means unknown. Returning false asks to stop, which
 * the work answers with ERR_CANCELLED. */
struct progress {
    bool (*report)(void *user, const char *stage, uint64_t done, uint64_t total);
    void *user;
};

/* Reports if there is anyone to report to; NULL is nobody. True: go on. */
static inline bool progress_say(const struct progress *progress, const char *stage, uint64_t done,
                                uint64_t total)
{
    return !progress || !progress->report || progress->report(progress->user, stage, done, total);
}

#endif
