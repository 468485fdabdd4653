#include "server/messenger.h"

#include "data/inbox_feed.h"
#include "geo/base/clock.h"
#include "server/messenger_post.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum { LOOK_MS = 200, RETRY_MS = 2000 };

struct messenger {
    struct service *service;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    pthread_t thread;
    struct db *db; /* the thread's own, as the next */
    bool told;
    struct messenger_post post; /* its `post` NULL: WeChat is not set up */
};

/* True: go on. */
static bool wait_for(struct messenger *m, int ms)
{
    struct timespec until;
    int rc = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&m->lock);
    while (!m->stopping && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&m->wake, &m->lock, &until);
    bool go_on = !m->stopping;
    pthread_mutex_unlock(&m->lock);
    return go_on;
}

static enum err work(struct messenger *m, bool *more, struct why *why)
{
    struct service *s = m->service;
    if (!m->db) {
        enum err e = datadir_database(s->dir, DB_READ, &m->db, why);
        if (e) return e;
        writer_serve(s->writer, m->db);
    }
    enum err e = inbox_feed_run(m->db, s->kinds, clock_utc_ms(), more);
    return e || !m->post.post ? e : messenger_post_send(&m->post, m->db, clock_utc_ms());
}

static void tell(struct messenger *m, enum err e, const struct why *why)
{
    if ((e != ERR_OK) == m->told) return;
    m->told = e != ERR_OK;
    if (e)
        log_say(m->service->log, APP_LOG_ERROR, "people are not told what concerns them: %s",
                why->text[0] ? why->text : err_text(e));
    else
        log_say(m->service->log, APP_LOG_INFO, "people are told again what concerns them");
}

static void *carry(void *argument)
{
    struct messenger *m = argument;
    int wait_ms = LOOK_MS;
    while (wait_for(m, wait_ms)) {
        struct why why = {""};
        bool more = false;
        enum err e = work(m, &more, &why);
        if (!e && m->post.post) e = messenger_post_run(&m->post, m->db, more ? 0 : LOOK_MS);
        tell(m, e, &why);
        wait_ms = e ? RETRY_MS : more || m->post.post ? 0 : LOOK_MS; /* or the post waits */
    }
    return NULL;
}

static void messenger_free(struct messenger *m)
{
    post_free(m->post.post);
    db_close(m->db);
    pthread_cond_destroy(&m->wake);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

enum err messenger_start(struct service *service, struct messenger **messenger)
{
    struct messenger *fresh = calloc(1, sizeof *fresh);
    pthread_condattr_t monotonic;
    if (!fresh) return ERR_NOMEM;
    fresh->service = service;
    pthread_mutex_init(&fresh->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&fresh->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    fresh->post.service = service;
    fresh->post.wechat = service->wechat;
    enum err e = service->wechat ? post_new(true, &fresh->post.post) : ERR_OK;
    if (!e && pthread_create(&fresh->thread, NULL, carry, fresh)) e = ERR_SYSTEM;
    if (e) {
        messenger_free(fresh);
        return e;
    }
    *messenger = fresh;
    return ERR_OK;
}

void messenger_stop(struct messenger *messenger)
{
    if (!messenger) return;
    pthread_mutex_lock(&messenger->lock);
    messenger->stopping = true;
    pthread_cond_signal(&messenger->wake);
    pthread_mutex_unlock(&messenger->lock);
    if (messenger->post.post) post_wake(messenger->post.post);
    pthread_join(messenger->thread, NULL);
    messenger_free(messenger);
}
