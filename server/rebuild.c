#include "server/rebuild.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { GENTLE_NICE = 10 };

struct rebuild {
    struct rebuild_plan plan;
    pthread_t thread;
    atomic_bool is_done, cancelled;
    /* of the thread until it is done: */
    struct roads_keeper *keeper;
    enum err result;
    struct why why;
};

static bool go_on(void *user, const char *stage, uint64_t done, uint64_t total)
{
    struct rebuild *r = user;
    (void)stage, (void)done, (void)total;
    return !atomic_load(&r->cancelled);
}

static void *prepare(void *argument)
{
    struct rebuild *r = argument;
    const struct progress progress = {go_on, r};
    /* Of this thread alone, and inherited by those that it starts. */
    if (r->plan.gently) (void)setpriority(PRIO_PROCESS, 0, GENTLE_NICE);
    r->result = roads_open(r->plan.path, r->plan.threads, &progress, &r->keeper, &r->why);
    atomic_store(&r->is_done, true);
    r->plan.done(r->plan.user);
    return NULL;
}

enum err rebuild_start(const struct rebuild_plan *plan, struct rebuild **rebuild)
{
    struct rebuild *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->plan = *plan;
    if (pthread_create(&fresh->thread, NULL, prepare, fresh)) {
        free(fresh);
        return ERR_SYSTEM;
    }
    *rebuild = fresh;
    return ERR_OK;
}

bool rebuild_is_done(const struct rebuild *rebuild)
{
    return atomic_load(&rebuild->is_done);
}

void rebuild_cancel(struct rebuild *rebuild)
{
    atomic_store(&rebuild->cancelled, true);
}

enum err rebuild_end(struct rebuild *rebuild, struct roads_keeper **keeper, struct why *why)
{
    pthread_join(rebuild->thread, NULL);
    enum err e = rebuild->result;
    if (e && rebuild->why.text[0]) (void)err_say(why, e, "%s", rebuild->why.text);
    if (!e) *keeper = rebuild->keeper;
    free(rebuild);
    return e;
}
