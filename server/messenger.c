#include "server/messenger.h"

#include "data/inbox_feed.h"
#include "geo/base/clock.h"
#include "server/messenger_post.h"
#include "server/rounds.h"

#include <stdlib.h>

enum { LOOK_MS = 200, RETRY_MS = 2000 };

struct messenger {
    struct service *service;
    struct rounds rounds;
    struct db *db; /* the thread's own, as the next */
    bool told;
    struct messenger_post post; /* its `post` NULL: WeChat is not set up */
};

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
    while (rounds_wait(&m->rounds, wait_ms)) {
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
    free(m);
}

enum err messenger_start(struct service *service, struct messenger **messenger)
{
    struct messenger *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->service = service;
    fresh->post.service = service;
    fresh->post.wechat = service->wechat;
    enum err e = service->wechat ? post_new(true, &fresh->post.post) : ERR_OK;
    if (!e) e = rounds_start(&fresh->rounds, carry, fresh);
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
    rounds_stop(&messenger->rounds);
    if (messenger->post.post) post_wake(messenger->post.post);
    rounds_end(&messenger->rounds);
    messenger_free(messenger);
}
