/* A road file being prepared on a thread of its own, while everything else goes on. */
#ifndef YZ_SERVER_REBUILD_H
#define YZ_SERVER_REBUILD_H

#include "geo/road/roads.h"

struct rebuild;

/* How to prepare, and what to call, from that thread, when it has come to an end. */
struct rebuild_plan {
    const char *path; /* borrowed until rebuild_end */
    unsigned threads;
    bool gently; /* with lower priority, so that requests go before */
    void (*done)(void *user);
    void *user;
};
enum err rebuild_start(const struct rebuild_plan *plan, struct rebuild **rebuild);

/* Whether rebuild_end would not wait. */
bool rebuild_is_done(const struct rebuild *rebuild);

/* Asks it to stop at the next chance; rebuild_end is still owed. */
void rebuild_cancel(struct rebuild *rebuild);

/* Waits, gives the keeper or roads_open's error, and frees the rebuild. */
enum err rebuild_end(struct rebuild *rebuild, struct roads_keeper **keeper, struct why *why);

#endif
