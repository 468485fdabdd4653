#include "server/forgetting.h"

#include "data/activities_remind.h"
#include "data/blobs_doomed.h"
#include "data/idempotency.h"
#include "data/inbox.h"
#include "data/offers_use.h"
#include "data/pictures.h"
#include "data/redemptions.h"
#include "data/retention.h"
#include "geo/base/clock.h"
#include "geo/base/zone.h"
#include "server/app.h"
#include "server/rounds.h"

#include <stdlib.h>
#include <sys/resource.h>

enum { GENTLE_NICE = 10, PAUSE_MS = 50 };
enum { FIRST_MS = 5 * 60 * 1000, LOOK_MS = 3600 * 1000, LOOKS = 24 /* a day */ };

struct forgetting {
    struct service *service;
    struct rounds rounds;
};

/* Requests that write go first. */
static bool pause_a_little(void *user, const char *stage, uint64_t done, uint64_t total)
{
    struct forgetting *f = user;
    (void)stage, (void)done, (void)total;
    return rounds_wait(&f->rounds, PAUSE_MS);
}

static enum err forget_old(struct forgetting *f, struct db *db, struct why *why)
{
    struct service *s = f->service;
    const struct progress progress = {pause_a_little, f};
    struct retention_counts counts = {0};
    enum err e =
        retention_run(db, s->dir, s->kinds, clock_utc_ms(), false, &progress, &counts, why);
    if (counts.cases || counts.photos)
        log_say(s->log, APP_LOG_INFO, "%lld cases were anonymised, %lld photos deleted",
                (long long)counts.cases, (long long)counts.photos);
    if (counts.changes)
        log_say(s->log, APP_LOG_INFO, "%lld rows of the outbox were taken away",
                (long long)counts.changes);
    return e;
}

/* Files that could not be deleted when their rows went. */
static enum err erase_left(struct forgetting *f, struct db *db, struct why *why)
{
    return blobs_doomed_erase(db, f->service->dir, NULL, why);
}

/* What codes took that nobody handed in. */
static enum err give_back(struct forgetting *f, struct db *db, struct why *why)
{
    enum { AT_ONCE = 50 };
    size_t count = AT_ONCE;
    enum err e = ERR_OK;
    (void)why;
    while (count == AT_ONCE && !(e = redemptions_expire(db, clock_utc_ms(), AT_ONCE, &count)))
        if (count == AT_ONCE && !rounds_wait(&f->rounds, PAUSE_MS)) return ERR_CANCELLED;
    return e;
}

/* Pictures that somebody brought and nothing shows. */
static enum err drop_pictures(struct forgetting *f, struct db *db, struct why *why)
{
    enum { AT_ONCE = 20 };
    size_t count = AT_ONCE;
    enum err e = ERR_OK;
    while (count == AT_ONCE &&
           !(e = pictures_sweep(db, f->service->dir, clock_utc_ms(), AT_ONCE, &count, why)))
        if (count == AT_ONCE && !rounds_wait(&f->rounds, PAUSE_MS)) return ERR_CANCELLED;
    return e;
}

/* Who signed up for what begins within a day. */
static enum err remind(struct forgetting *f, struct db *db, struct why *why)
{
    enum { AT_ONCE = 50 };
    size_t count = AT_ONCE;
    enum err e = ERR_OK;
    (void)why;
    while (count == AT_ONCE && !(e = activities_remind(db, clock_utc_ms(), AT_ONCE, &count)))
        if (count == AT_ONCE && !rounds_wait(&f->rounds, PAUSE_MS)) return ERR_CANCELLED;
    return e;
}

/* Messages that are old. */
static enum err clear_inboxes(struct forgetting *f, struct db *db, struct why *why)
{
    int64_t count = 1;
    enum err e = ERR_OK;
    (void)why;
    while (count && !(e = inbox_purge(db, clock_utc_ms(), &count)))
        if (count && !rounds_wait(&f->rounds, PAUSE_MS)) return ERR_CANCELLED;
    return e;
}

/* Who took an offer, when the day is over, and what was answered then. */
static enum err forget_uses(struct forgetting *f, struct db *db, struct why *why)
{
    int64_t count = 0;
    (void)f, (void)why;
    enum err e = offers_use_forget(db, zone_time_of(clock_utc_ms()).day, &count);
    return e ? e : idempotency_forget(db, clock_utc_ms());
}

static enum err run(struct forgetting *f,
                    enum err (*work)(struct forgetting *f, struct db *db, struct why *why))
{
    struct service *s = f->service;
    struct why why = {""};
    struct db *db = NULL;
    enum err e = datadir_database(s->dir, DB_READ, &db, &why);
    if (!e) {
        writer_serve(s->writer, db);
        e = work(f, db, &why);
    }
    db_close(db);
    if (e && e != ERR_CANCELLED)
        log_say(s->log, APP_LOG_ERROR, "what is done by the hour is not: %s",
                why.text[0] ? why.text : err_text(e));
    return e;
}

/* What is owed by the hour, also by a server that was down. */
static void run_hourly(struct forgetting *f)
{
    (void)run(f, give_back);
    (void)run(f, forget_uses);
    (void)run(f, remind);
    (void)run(f, clear_inboxes);
    (void)run(f, drop_pictures);
}

static void *forget(void *argument)
{
    struct forgetting *f = argument;
    int looks = 0;                                   /* until all is gone over again */
    (void)setpriority(PRIO_PROCESS, 0, GENTLE_NICE); /* this thread alone */
    run_hourly(f);
    for (int64_t wait_ms = FIRST_MS; rounds_wait(&f->rounds, wait_ms); wait_ms = LOOK_MS) {
        if (wait_ms == LOOK_MS) run_hourly(f);
        if (looks > 0 && looks--)
            (void)run(f, erase_left);
        else
            looks = run(f, forget_old) ? 0 : LOOKS - 1;
    }
    return NULL;
}

enum err forgetting_start(struct service *service, struct forgetting **forgetting)
{
    struct forgetting *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->service = service;
    if (rounds_start(&fresh->rounds, forget, fresh)) {
        free(fresh);
        return ERR_SYSTEM;
    }
    *forgetting = fresh;
    return ERR_OK;
}

void forgetting_stop(struct forgetting *forgetting)
{
    if (!forgetting) return;
    rounds_end(&forgetting->rounds);
    free(forgetting);
}
