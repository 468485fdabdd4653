#include "server/keeping.h"

#include "geo/base/clock.h"
#include "geo/base/file.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { GENTLE_NICE = 10 };

struct keeping {
    const char *path;
    struct log *log;
    struct placepart *base; /* of the thread, which may have ended; NULL: there is none */
    struct places_mark mark;
    pthread_t thread;
    atomic_bool cancelled;
};

static bool go_on(void *user, const char *stage, uint64_t done, uint64_t total)
{
    struct keeping *k = user;
    (void)stage, (void)done, (void)total;
    return !atomic_load(&k->cancelled);
}

static void *write_base(void *argument)
{
    struct keeping *k = argument;
    const struct progress progress = {go_on, k};
    struct why why = {""};
    uint64_t start = clock_ns();
    (void)setpriority(PRIO_PROCESS, 0, GENTLE_NICE); /* this thread alone */
    enum err e = places_kept_write(k->path, k->base, &k->mark, &progress, &why);
    if (e == ERR_CANCELLED) return NULL;
    if (e)
        log_say(k->log, APP_LOG_WARN, "the places are not kept for the next start: %s",
                why.text[0] ? why.text : err_text(e));
    else
        log_say(k->log, APP_LOG_INFO, "%u places are kept for the next start in %s, in %llu ms",
                k->base->count, k->path, (unsigned long long)((clock_ns() - start) / 1000000));
    return NULL;
}

static void give_up(struct keeping *k)
{
    if (!k->base) return;
    atomic_store(&k->cancelled, true);
    pthread_join(k->thread, NULL);
    placepart_release(k->base);
    k->base = NULL;
}

enum err keeping_new(const char *path, struct log *log, struct keeping **keeping)
{
    struct keeping *made = calloc(1, sizeof *made);
    struct why why = {""};
    if (!made) return ERR_NOMEM;
    made->path = path;
    made->log = log;
    if (file_sweep(path, &why)) log_say(log, APP_LOG_WARN, "%s", why.text);
    *keeping = made;
    return ERR_OK;
}

void keeping_free(struct keeping *keeping)
{
    if (!keeping) return;
    give_up(keeping);
    free(keeping);
}

void keeping_write(struct keeping *keeping, const struct placeset *places,
                   const struct places_mark *mark)
{
    struct placepart *base = (struct placepart *)placeset_part(places, PLACESET_BASE);
    give_up(keeping);
    if (base->count < PLACES_KEPT_FROM) {
        if (unlink(keeping->path) != 0 && errno != ENOENT)
            log_say(keeping->log, APP_LOG_WARN, "%s cannot be removed", keeping->path);
        return;
    }
    keeping->mark = *mark;
    keeping->base = placepart_hold(base);
    atomic_store(&keeping->cancelled, false);
    if (pthread_create(&keeping->thread, NULL, write_base, keeping) == 0) return;
    placepart_release(keeping->base);
    keeping->base = NULL;
    log_say(keeping->log, APP_LOG_WARN, "the places are not kept for the next start: no thread");
}
