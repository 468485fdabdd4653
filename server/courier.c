#include "server/courier.h"

#include "data/changes.h"
#include "geo/base/clock.h"
#include "server/courier_post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    LOOK_MS = 200,
    RETRY_MS = 2000,
    PAGE = 128,
    FRESH = 4096,    /* deliveries made in one transaction */
    BEHIND_MAX = 256 /* numbers that were looked at in vain before that is kept */
};
static const int64_t purge_ms = 3600 * 1000;

struct courier {
    struct courier_post post;
    pthread_mutex_t lock;
    bool stopping;
    pthread_t thread;
    /* the thread's own: */
    struct snapshot_reader *reader;
    struct arena arena; /* of the webhooks as last read */
    int64_t seen;       /* number up to which the outbox has been looked at */
    int64_t kept;       /* and up to which the database says so */
    int64_t purged_ms;
    bool begun, told;
    struct news_item items[PAGE];
    struct deliveries_new fresh[FRESH];
};

/* ---- webhooks ---- */

static const struct courier_hook *known(const struct courier_hook *hooks, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (hooks[i].row.id == id) return &hooks[i];
    return NULL;
}

static unsigned flights_to(const struct courier *c, int64_t webhook)
{
    unsigned n = 0;
    for (size_t i = 0; i < COURIER_FLIGHTS; i++)
        n += c->post.flights[i].used && c->post.flights[i].webhook == webhook;
    return n;
}

/* The rights of its owner as they are now, and its filters. */
static enum err give_rights(struct courier *c, struct courier_hook *hook)
{
    struct people_actor actor = {0};
    enum err e = people_behind(c->post.db, hook->row.person, &c->arena, &actor);
    if (e == ERR_DENIED) return ERR_OK;
    if (!e) e = audience_init(&hook->audience, c->post.service->kinds, &actor);
    if (e) return e;
    hook->has_rights = true;
    (void)snprintf(hook->audience.kind, NEWS_CODE_SIZE, "%s", hook->row.kind);
    (void)snprintf(hook->audience.category, NEWS_CODE_SIZE, "%s", hook->row.category);
    (void)snprintf(hook->audience.verb, NEWS_CODE_SIZE, "%s", hook->row.verb);
    hook->audience.area_id = hook->row.area_id;
    return ERR_OK;
}

static enum err read_hooks(struct courier *c)
{
    static const size_t size = sizeof c->post.hooks;
    const struct webhooks_hook *rows = NULL;
    size_t count = 0, old_count = c->post.hook_count;
    struct courier_hook *old = malloc(size);
    if (!old) return ERR_NOMEM;
    memcpy(old, c->post.hooks, size);
    for (size_t i = 0; i < old_count; i++)
        audience_fini(&old[i].audience);
    c->post.hook_count = 0;
    arena_reset(&c->arena);
    enum err e = webhooks_living(c->post.db, &c->arena, &rows, &count);
    for (size_t i = 0; i < count && !e; i++) {
        const struct courier_hook *before = known(old, old_count, rows[i].id);
        struct courier_hook *hook = &c->post.hooks[i];
        *hook = (struct courier_hook){.row = rows[i]}; /* and looked at: it may be due again */
        hook->failing = before && before->failing;
        hook->flights = flights_to(c, rows[i].id);
        c->post.hook_count = i + 1;
        e = give_rights(c, hook);
    }
    free(old);
    return e;
}

/* ---- the outbox ---- */

static enum err keep(struct courier *c, size_t count, int64_t upto)
{
    enum err e = deliveries_queue(c->post.db, c->fresh, count, upto, clock_utc_ms());
    if (e) return e;
    c->kept = upto;
    for (size_t i = 0; i < c->post.hook_count && count; i++)
        c->post.hooks[i].due_ms = 0;
    return ERR_OK;
}

/* Which of a page goes to whom; the page is cut where too many deliveries come of it. */
static enum err match(struct courier *c, const struct areaset *areas, size_t items, int64_t *upto,
                      size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < items; i++) {
        struct event event = {0};
        if (*count + c->post.hook_count > FRESH) {
            *upto = c->items[i].number - 1;
            return ERR_OK;
        }
        enum err e = event_make(&c->items[i], areas, &event);
        if (e) return e;
        for (size_t h = 0; h < c->post.hook_count; h++) {
            const struct courier_hook *hook = &c->post.hooks[h];
            if (hook->has_rights && event.item.number > hook->row.told &&
                audience_told(&hook->audience, &event))
                c->fresh[(*count)++] = (struct deliveries_new){hook->row.id, event.item.number};
        }
        event_fini(&event);
    }
    return ERR_OK;
}

static enum err read_on(struct courier *c, const struct areaset *areas, int64_t last)
{
    enum err e = ERR_OK;
    while (!e && c->seen < last) {
        const struct news_query query = {.after = c->seen, .upto = last};
        size_t items = 0, count = 0;
        e = news_read(c->post.db, &query, c->items, PAGE, &items);
        if (e) return e;
        int64_t upto = items == PAGE ? c->items[PAGE - 1].number : last;
        e = match(c, areas, items, &upto, &count);
        if (!e && (count || upto - c->kept > BEHIND_MAX)) e = keep(c, count, upto);
        if (!e) c->seen = upto;
    }
    return e;
}

/* Where the outbox was left by the webhook that is furthest behind. */
static enum err begin(struct courier *c, int64_t last)
{
    enum err e = read_hooks(c);
    if (e) return e;
    c->seen = last;
    for (size_t i = 0; i < c->post.hook_count; i++)
        if (c->post.hooks[i].row.told < c->seen) c->seen = c->post.hooks[i].row.told;
    c->kept = c->seen;
    c->begun = true;
    return ERR_OK;
}

static enum err look(struct courier *c, const struct areaset *areas)
{
    int64_t last = 0;
    enum err e = changes_last(c->post.db, &last);
    if (!e && !c->begun) e = begin(c, last);
    if (e || last <= c->seen) return e;
    e = read_hooks(c);
    if (!e && c->post.hook_count == 0) c->seen = c->kept = last;
    return e ? e : read_on(c, areas, last);
}

static enum err purge(struct courier *c)
{
    int64_t now_ms = clock_utc_ms();
    if (now_ms < c->purged_ms + purge_ms && now_ms >= c->purged_ms) return ERR_OK;
    /* What is forgotten must not be made again. */
    enum err e = c->kept < c->seen ? keep(c, 0, c->seen) : ERR_OK;
    if (!e) e = deliveries_purge(c->post.db, now_ms);
    if (!e) c->purged_ms = now_ms;
    return e;
}

/* ---- the thread ---- */

static enum err open_database(struct courier *c, struct why *why)
{
    struct service *s = c->post.service;
    if (c->post.db) return ERR_OK;
    enum err e = datadir_database(s->dir, DB_READ, &c->post.db, why);
    if (!e) writer_serve(s->writer, c->post.db);
    return e;
}

static enum err work(struct courier *c, struct why *why)
{
    enum err e = open_database(c, why);
    if (!e) e = courier_post_keep(&c->post); /* nothing new is begun where that fails */
    if (e) return e;
    const struct snapshot *snapshot = snapshot_enter(c->reader);
    if (snapshot) {
        e = look(c, snapshot->areas);
        if (!e) e = courier_post_send(&c->post, snapshot->areas, clock_utc_ms());
    }
    bool known = snapshot != NULL;
    snapshot_leave(c->reader);
    return e || !known || !c->begun ? e : purge(c);
}

static void tell(struct courier *c, enum err e, const struct why *why)
{
    if ((e != ERR_OK) == c->told) return;
    c->told = e != ERR_OK;
    if (e)
        log_say(c->post.service->log, APP_LOG_ERROR, "webhooks are not told: %s",
                why->text[0] ? why->text : err_text(e));
    else
        log_say(c->post.service->log, APP_LOG_INFO, "webhooks are told again");
}

static bool is_stopping(struct courier *c)
{
    pthread_mutex_lock(&c->lock);
    bool stopping = c->stopping;
    pthread_mutex_unlock(&c->lock);
    return stopping;
}

static void *carry(void *argument)
{
    const struct timespec nap = {.tv_nsec = LOOK_MS * 1000000L};
    struct courier *c = argument;
    int64_t retry_ms = 0;
    while (!is_stopping(c)) {
        struct why why = {""};
        enum err e = ERR_OK;
        bool left_alone = clock_ms() < retry_ms; /* the database, after it failed */
        if (!left_alone) e = work(c, &why);
        int wait_ms =
            left_alone || e ? LOOK_MS : courier_post_patience(&c->post, clock_utc_ms(), LOOK_MS);
        enum err went = courier_post_run(&c->post, wait_ms);
        if (went) (void)nanosleep(&nap, NULL); /* which did not wait */
        if (!e) e = went;
        if (!left_alone || e) tell(c, e, &why);
        if (e) retry_ms = clock_ms() + RETRY_MS;
    }
    (void)courier_post_keep(&c->post);
    return NULL;
}

static void courier_free(struct courier *c)
{
    post_free(c->post.post);
    for (size_t i = 0; i < c->post.hook_count; i++)
        audience_fini(&c->post.hooks[i].audience);
    arena_fini(&c->arena);
    db_close(c->post.db);
    snapshot_reader_free(c->reader);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

enum err courier_start(struct service *service)
{
    struct courier *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->post.service = service;
    fresh->post.first_pause_ms = service->options->webhook_retry_ms;
    arena_init(&fresh->arena, 0);
    pthread_mutex_init(&fresh->lock, NULL);
    enum err e = post_new(service->options->webhooks_inside, &fresh->post.post);
    if (!e) e = snapshot_reader_new(service->snapshots, &fresh->reader);
    if (!e && pthread_create(&fresh->thread, NULL, carry, fresh)) e = ERR_SYSTEM;
    if (e) {
        courier_free(fresh);
        return e;
    }
    service->courier = fresh;
    return ERR_OK;
}

void courier_poke(struct courier *courier)
{
    post_wake(courier->post.post);
}

void courier_stop(struct courier *courier)
{
    if (!courier) return;
    pthread_mutex_lock(&courier->lock);
    courier->stopping = true;
    pthread_mutex_unlock(&courier->lock);
    post_wake(courier->post.post);
    pthread_join(courier->thread, NULL);
    courier_free(courier);
}
