#include "server/courier_post.h"

#include "data/secrets.h"
#include "geo/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_SIZE = 160 };

static struct courier_hook *find_hook(struct courier_post *c, int64_t id)
{
    for (size_t i = 0; i < c->hook_count; i++)
        if (c->hooks[i].row.id == id) return &c->hooks[i];
    return NULL;
}

static bool is_under_way(const struct courier_post *c, int64_t delivery)
{
    for (size_t i = 0; i < COURIER_FLIGHTS; i++)
        if (c->flights[i].used && c->flights[i].delivery == delivery) return true;
    for (size_t i = 0; i < c->outcome_count; i++)
        if (c->outcomes[i].id == delivery) return true;
    return false;
}

static struct courier_flight *free_flight(struct courier_post *c)
{
    for (size_t i = 0; i < COURIER_FLIGHTS; i++)
        if (!c->flights[i].used) return &c->flights[i];
    return NULL;
}

/* ---- how it went ---- */

static void note(struct courier_post *c, const struct deliveries_outcome *outcome)
{
    if (c->outcome_count < COURIER_OUTCOMES) c->outcomes[c->outcome_count++] = *outcome;
}

static bool is_taken(int status)
{
    return status >= 200 && status < 300;
}

static void on_done(void *context, const struct post_outcome *went)
{
    struct courier_post *c = context;
    struct courier_flight *flight = went->user;
    struct courier_hook *hook = find_hook(c, flight->webhook);
    int64_t now_ms = clock_utc_ms();
    int tries = flight->tries + 1;
    struct deliveries_outcome outcome = {
        .id = flight->delivery, .tried = true, .status = went->status, .next_ms = now_ms};
    if (is_taken(went->status)) {
        outcome.state = DELIVERIES_DONE;
    } else {
        outcome.state = tries < DELIVERIES_TRIES ? DELIVERIES_WAITING : DELIVERIES_DEAD;
        outcome.next_ms += deliveries_pause(tries, c->first_pause_ms, secrets_chance());
        (void)snprintf(outcome.error, sizeof outcome.error, "%s",
                       went->status ? "the answer was not one of 200 to 299" : went->error);
    }
    if (hook) {
        hook->flights--;
        hook->failing = outcome.state != DELIVERIES_DONE;
        hook->due_ms = 0; /* there is room again */
    } else if (outcome.state == DELIVERIES_WAITING) {
        outcome.state = DELIVERIES_DROPPED; /* it has been ended meanwhile */
    }
    log_say(c->service->log, outcome.state == DELIVERIES_DEAD ? APP_LOG_WARN : APP_LOG_DEBUG,
            "webhook %lld, delivery %lld, try %d: %d %s", (long long)flight->webhook,
            (long long)flight->delivery, tries, went->status, outcome.error);
    *flight = (struct courier_flight){0};
    c->flight_count--;
    note(c, &outcome);
}

enum err courier_post_run(struct courier_post *c, int wait_ms)
{
    return post_run(c->post, wait_ms, on_done, c);
}

enum err courier_post_keep(struct courier_post *c)
{
    if (!c->outcome_count) return ERR_OK;
    enum err e = deliveries_settle(c->db, c->outcomes, c->outcome_count, clock_utc_ms());
    if (!e) c->outcome_count = 0;
    return e;
}

/* ---- sending ---- */

/* What the hook is told of this number now; `*told` is NULL where it has no right to it any more,
 * else within `event`. */
static enum err make_event(struct courier_post *c, const struct courier_hook *hook,
                           const struct areaset *areas, int64_t number, struct event *event,
                           const char **told)
{
    struct news_item item;
    size_t count = 0;
    const struct news_query query = {.after = number - 1, .upto = number};
    *told = NULL;
    enum err e = news_read(c->db, &query, &item, 1, &count);
    if (e || !count || !hook->has_rights) return e;
    e = event_make(&item, areas, event);
    if (!e) *told = audience_told(&hook->audience, event);
    return e;
}

/* As Stripe and others sign: the moment and the body, so that neither can be sent again later. */
static enum err sign(const char *secret, const char *body, int64_t now_ms, char header[HEADER_SIZE])
{
    unsigned char mac[SECRETS_HASH_BYTES];
    char hex[SECRETS_HEX_SIZE];
    struct buf signed_text;
    long long now_s = (long long)(now_ms / 1000);
    buf_init(&signed_text, 64 * 1024);
    buf_printf(&signed_text, "%lld.", now_s);
    buf_puts(&signed_text, body);
    enum err e = signed_text.err;
    if (!e) {
        secrets_hmac(secret, signed_text.bytes, signed_text.len, mac);
        secrets_hex(mac, hex);
        (void)snprintf(header, HEADER_SIZE, "Yizhan-Signature: t=%lld,v1=%s", now_s, hex);
    }
    buf_fini(&signed_text);
    return e;
}

static enum err post_one(struct courier_post *c, struct courier_hook *hook,
                         const struct deliveries_delivery *d, const char *body, int64_t now_ms)
{
    char signature[HEADER_SIZE], event_id[HEADER_SIZE], webhook[HEADER_SIZE];
    struct courier_flight *flight = free_flight(c);
    if (!flight) return ERR_LIMIT;
    (void)snprintf(event_id, sizeof event_id, "Yizhan-Event-Id: %lld", (long long)d->number);
    (void)snprintf(webhook, sizeof webhook, "Yizhan-Webhook-Id: %lld", (long long)hook->row.id);
    enum err e = sign(hook->row.secret, body, now_ms, signature);
    const struct post_letter letter = {
        .url = hook->row.url,
        .headers = {"Content-Type: application/json", event_id, webhook, signature, "Expect:"},
        .body = body,
        .len = strlen(body),
        .user = flight};
    if (!e) e = post_send(c->post, &letter);
    if (e) return e;
    *flight = (struct courier_flight){c, d->id, hook->row.id, d->tries, true};
    c->flight_count++;
    hook->flights++;
    return ERR_OK;
}

static enum err send_one(struct courier_post *c, struct courier_hook *hook,
                         const struct areaset *areas, const struct deliveries_delivery *d,
                         int64_t now_ms)
{
    struct event event = {0};
    const char *told = NULL;
    enum err e = make_event(c, hook, areas, d->number, &event, &told);
    if (!e && told) {
        e = post_one(c, hook, d, told, now_ms);
    } else if (!e) {
        note(c, &(struct deliveries_outcome){.id = d->id,
                                             .state = DELIVERIES_DROPPED,
                                             .error = "there was no right to it any more"});
    }
    event_fini(&event);
    return e;
}

/* Asks for as many more as are under way already, which come first. */
static enum err send_hook(struct courier_post *c, struct courier_hook *hook,
                          const struct areaset *areas, int64_t now_ms)
{
    enum { ROOM = 3 * COURIER_OF_HOOK };
    struct deliveries_delivery due[ROOM];
    size_t count = 0, passed = 0;
    unsigned most = hook->failing ? COURIER_OF_FAILING : COURIER_OF_HOOK;
    enum err e = deliveries_due(c->db, hook->row.id, now_ms, due, ROOM, &count);
    for (size_t i = 0; i < count && !e && hook->flights < most; i++) {
        if (c->outcome_count >= COURIER_OUTCOMES - COURIER_FLIGHTS) return ERR_OK;
        passed++;
        if (!is_under_way(c, due[i].id)) e = send_one(c, hook, areas, &due[i], now_ms);
    }
    if (e == ERR_LIMIT) return ERR_OK; /* when one of the others has landed */
    if (e) return e;
    if (passed < count || count == ROOM) return ERR_OK; /* one that lands makes room */
    return deliveries_next(c->db, hook->row.id, now_ms, &hook->due_ms);
}

enum err courier_post_send(struct courier_post *c, const struct areaset *areas, int64_t now_ms)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < c->hook_count && !e; i++) {
        struct courier_hook *hook = &c->hooks[i];
        unsigned most = hook->failing ? COURIER_OF_FAILING : COURIER_OF_HOOK;
        if (hook->due_ms <= now_ms && hook->flights < most) e = send_hook(c, hook, areas, now_ms);
    }
    return e;
}

int courier_post_patience(const struct courier_post *c, int64_t now_ms, int max_ms)
{
    int64_t left = max_ms;
    if (c->outcome_count) return 0;                        /* that are to be kept */
    if (c->flight_count == COURIER_FLIGHTS) return max_ms; /* what lands ends the wait */
    for (size_t i = 0; i < c->hook_count; i++) {
        const struct courier_hook *hook = &c->hooks[i];
        unsigned most = hook->failing ? COURIER_OF_FAILING : COURIER_OF_HOOK;
        int64_t wait = hook->due_ms == INT64_MAX ? max_ms : hook->due_ms - now_ms;
        if (hook->flights < most && wait < left) left = wait;
    }
    return left < 0 ? 0 : (int)left;
}
