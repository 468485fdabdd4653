#include "server/herald.h"

#include "data/audit.h"
#include "data/changes.h"
#include "data/people_token.h"
#include "geo/base/clock.h"
#include "server/hub.h"
#include "server/rounds.h"

#include <stdlib.h>

enum { LOOK_MS = 200, FIRST_MS = 10, RETRY_MS = 2000, PAGE = 256, TOKENS = 128 };

struct herald {
    struct service *service;
    struct rounds rounds;
    /* the thread's own: */
    struct db *db;
    struct snapshot_reader *reader;
    int64_t last; /* number that has been told */
    bool begun, open, told;
    struct news_item items[PAGE];
    struct event events[PAGE];
    struct hub_look looks[HUB_LOOKS];
    struct audit_row rows[HUB_LOOKS];
};

/* Everything up to `upto`, in order: what comes behind an end of rights is not told by them. */
static enum err tell_page(struct herald *h, const struct areaset *areas, size_t count, int64_t upto)
{
    struct hub *hub = h->service->hub;
    size_t n = 0;
    enum err e = ERR_OK;
    for (size_t i = 0; i < count && !e; i++) {
        const struct news_item *item = &h->items[i];
        if (!item->person) {
            e = event_make(item, areas, &h->events[n]);
            n += !e;
            continue;
        }
        hub_publish(hub, h->events, n, item->number);
        h->last = item->number;
        n = 0;
        hub_end_person(hub, item->person);
    }
    if (e) { /* what is ready is told again later */
        while (n > 0)
            event_fini(&h->events[--n]);
        return e;
    }
    hub_publish(hub, h->events, n, upto);
    h->last = upto;
    return ERR_OK;
}

static enum err tell_news(struct herald *h, const struct areaset *areas)
{
    int64_t upto = 0;
    size_t count = PAGE;
    enum err e = changes_last(h->db, &upto);
    while (!e && count == PAGE && h->last < upto) {
        const struct news_query query = {.after = h->last, .upto = upto, .people = true};
        e = news_read(h->db, &query, h->items, PAGE, &count);
        if (!e) e = tell_page(h, areas, count, count == PAGE ? h->items[PAGE - 1].number : upto);
    }
    return e;
}

/* A session that ran out has no row in the outbox. */
static enum err look_at_tokens(struct herald *h)
{
    unsigned char hashes[TOKENS][SECRETS_HASH_BYTES];
    size_t n = hub_tokens(h->service->hub, clock_ms(), hashes, TOKENS);
    enum err e = ERR_OK;
    for (size_t i = 0; i < n && !e; i++) {
        bool alive = true;
        e = people_token_alive(h->db, hashes[i], clock_utc_ms(), h->service->policy.idle_ms,
                               &alive);
        if (!e && !alive) hub_end_token(h->service->hub, hashes[i]);
    }
    return e;
}

/* Who looked is written down in one transaction for all that were told since the last time. */
static enum err write_looks(struct herald *h)
{
    enum { ROUTES = 2 };
    static const char *const paths[ROUTES] = {"GET /v1/events", "GET /v1/events/poll"};
    size_t n = hub_looks(h->service->hub, h->looks, HUB_LOOKS);
    for (size_t i = 0; i < n; i++)
        h->rows[i] = (struct audit_row){.verb = AUDIT_looked,
                                        .person = h->looks[i].person,
                                        .case_id = h->looks[i].case_id,
                                        .area = h->looks[i].area_id,
                                        .route = paths[h->looks[i].poll],
                                        .at_ms = h->looks[i].at_ms};
    enum err e = audit_add_all(h->db, h->rows, n);
    if (!e) hub_looked(h->service->hub, n);
    return e;
}

static enum err begin(struct herald *h)
{
    enum err e = news_floor(h->db, HUB_RING, &h->last);
    if (e) return e;
    hub_begin(h->service->hub, h->last);
    h->begun = true;
    return ERR_OK;
}

static enum err look(struct herald *h, struct why *why)
{
    enum err e = ERR_OK;
    if (!h->db) {
        e = datadir_database(h->service->dir, DB_READ, &h->db, why);
        if (!e) writer_serve(h->service->writer, h->db);
    }
    if (!e && !h->begun) e = begin(h);
    if (e) return e;
    const struct snapshot *snapshot = snapshot_enter(h->reader);
    bool known = snapshot != NULL; /* before, nobody can be judged */
    if (known) e = tell_news(h, snapshot->areas);
    snapshot_leave(h->reader);
    if (!e && known && !h->open) hub_open(h->service->hub);
    if (!e) h->open = known;
    if (!e) e = write_looks(h);
    return e ? e : look_at_tokens(h);
}

static void tell(struct herald *h, enum err e, const struct why *why)
{
    if ((e != ERR_OK) == h->told) return;
    h->told = e != ERR_OK;
    if (e)
        log_say(h->service->log, APP_LOG_ERROR, "the news cannot be read: %s",
                why->text[0] ? why->text : err_text(e));
    else
        log_say(h->service->log, APP_LOG_INFO, "the news can be read again");
}

static void *proclaim(void *argument)
{
    struct herald *h = argument;
    int64_t retry_ms = 0; /* until then the database is left alone */
    do {
        struct why why = {""};
        if (clock_ms() >= retry_ms) {
            enum err e = look(h, &why);
            tell(h, e, &why);
            if (e) retry_ms = clock_ms() + RETRY_MS;
        }
        hub_tick(h->service->hub, clock_ms());
    } while (rounds_wait(&h->rounds, h->open ? LOOK_MS : FIRST_MS));
    if (h->db) (void)write_looks(h);
    db_close(h->db);
    return NULL;
}

static void herald_free(struct herald *h)
{
    snapshot_reader_free(h->reader);
    free(h);
}

enum err herald_start(struct service *service)
{
    struct herald *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->service = service;
    enum err e = snapshot_reader_new(service->snapshots, &fresh->reader);
    if (!e) e = rounds_start(&fresh->rounds, proclaim, fresh);
    if (e) {
        herald_free(fresh);
        return e;
    }
    service->herald = fresh;
    return ERR_OK;
}

void herald_poke(struct herald *herald)
{
    rounds_poke(&herald->rounds);
}

void herald_stop(struct herald *herald)
{
    if (!herald) return;
    rounds_end(&herald->rounds);
    herald_free(herald);
}
