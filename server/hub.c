#include "server/hub_inside.h"

#include "geo/base/clock.h"

#include <stdlib.h>
#include <string.h>

enum err hub_new(const struct hub_limits *limits, struct hub **hub)
{
    struct hub *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->limits = *limits;
    pthread_mutex_init(&fresh->lock, NULL);
    *hub = fresh;
    return ERR_OK;
}

void hub_free(struct hub *hub)
{
    if (!hub) return;
    for (size_t i = 0; i < HUB_RING; i++)
        event_fini(&hub->ring[i]);
    pthread_mutex_destroy(&hub->lock);
    free(hub);
}

/* ---- the ring ---- */

void hub_begin(struct hub *hub, int64_t number)
{
    pthread_mutex_lock(&hub->lock);
    hub->floor = hub->figures.last = number;
    pthread_mutex_unlock(&hub->lock);
}

void hub_open(struct hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->open = true;
    pthread_mutex_unlock(&hub->lock);
}

const struct event *hub_inside_at(const struct hub *hub, size_t i)
{
    return &hub->ring[(hub->first + i) % HUB_RING];
}

size_t hub_inside_after(const struct hub *hub, int64_t number)
{
    size_t low = 0, high = hub->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (hub_inside_at(hub, middle)->item.number > number)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void push(struct hub *hub, struct event *event)
{
    struct event *to = &hub->ring[(hub->first + hub->count) % HUB_RING];
    if (hub->count == HUB_RING) {
        hub->floor = to->item.number;
        hub->first = (hub->first + 1) % HUB_RING;
        event_fini(to);
    } else {
        hub->count++;
    }
    *to = *event;
    *event = (struct event){0};
}

/* ---- waking ---- */

/* Under the lock: a seat that rests is to be woken by who holds the list. */
static void rouse(struct hub_seat *seat, struct hub_seat **woken)
{
    if (!seat->resting) return;
    seat->resting = false;
    seat->next_woken = *woken;
    *woken = seat;
}

/* Without it: nobody else wakes these, and until then their connections cannot end. */
static void wake(struct hub_seat *woken)
{
    while (woken) {
        struct hub_seat *next = woken->next_woken;
        woken->stream.wake(woken->stream.connection);
        woken = next;
    }
}

/* Whether any of the events behind `number` is for this seat. */
bool hub_inside_has_news(const struct hub *hub, const struct hub_seat *seat, int64_t number)
{
    for (size_t i = hub_inside_after(hub, number); i < hub->count; i++)
        if (audience_told(&seat->audience, hub_inside_at(hub, i))) return true;
    return false;
}

static void end(struct hub_seat *seat, const char *reason, struct hub_seat **woken)
{
    if (!seat->ending) seat->hub->figures.ended++;
    seat->ending = reason;
    rouse(seat, woken);
}

/* Who sent the case, or everybody, has been forgotten: whoever sits by a secret has it no more. */
static void end_holders(struct hub *hub, const struct news_item *item, struct hub_seat **woken)
{
    if (strcmp(item->verb, "sender_forgotten") != 0 && strcmp(item->verb, "anonymised") != 0)
        return;
    for (struct hub_seat *seat = hub->seats; seat; seat = seat->next)
        if (seat->audience.as && seat->audience.case_id == item->case_id)
            end(seat, "rights", woken);
}

void hub_publish(struct hub *hub, struct event *events, size_t count, int64_t upto)
{
    struct hub_seat *woken = NULL;
    pthread_mutex_lock(&hub->lock);
    int64_t before = hub->figures.last;
    for (size_t i = 0; i < count; i++)
        push(hub, &events[i]);
    for (size_t i = hub->count - count; i < hub->count; i++)
        end_holders(hub, &hub_inside_at(hub, i)->item, &woken);
    hub->figures.events += count;
    hub->figures.last = upto;
    for (struct hub_seat *seat = hub->seats; seat; seat = seat->next) {
        if (!seat->resting) continue;
        if (hub_inside_has_news(hub, seat, before))
            rouse(seat, &woken);
        else
            seat->after = upto; /* it had seen what was before */
    }
    pthread_mutex_unlock(&hub->lock);
    wake(woken);
}

void hub_end_person(struct hub *hub, int64_t person)
{
    struct hub_seat *woken = NULL;
    pthread_mutex_lock(&hub->lock);
    for (struct hub_seat *seat = hub->seats; seat; seat = seat->next)
        if (seat->audience.person == person) end(seat, "rights", &woken);
    pthread_mutex_unlock(&hub->lock);
    wake(woken);
}

void hub_end_token(struct hub *hub, const unsigned char hash[SECRETS_HASH_BYTES])
{
    struct hub_seat *woken = NULL;
    pthread_mutex_lock(&hub->lock);
    for (struct hub_seat *seat = hub->seats; seat; seat = seat->next)
        if (seat->has_token && memcmp(seat->token, hash, SECRETS_HASH_BYTES) == 0)
            end(seat, "rights", &woken);
    pthread_mutex_unlock(&hub->lock);
    wake(woken);
}

void hub_close(struct hub *hub)
{
    struct hub_seat *woken = NULL;
    pthread_mutex_lock(&hub->lock);
    hub->closed = true;
    for (struct hub_seat *seat = hub->seats; seat; seat = seat->next)
        end(seat, "stopping", &woken);
    pthread_mutex_unlock(&hub->lock);
    wake(woken);
}

void hub_tick(struct hub *hub, int64_t now_ms)
{
    struct hub_seat *woken = NULL;
    pthread_mutex_lock(&hub->lock);
    for (struct hub_seat *seat = hub->seats; seat; seat = seat->next)
        if (now_ms >= seat->beat_ms || (seat->poll && now_ms >= seat->until_ms))
            rouse(seat, &woken);
    pthread_mutex_unlock(&hub->lock);
    wake(woken);
}

size_t hub_tokens(struct hub *hub, int64_t now_ms, unsigned char (*hashes)[SECRETS_HASH_BYTES],
                  size_t max)
{
    size_t n = 0;
    pthread_mutex_lock(&hub->lock);
    for (struct hub_seat *seat = hub->seats; seat && n < max; seat = seat->next) {
        if (!seat->has_token || seat->ending || now_ms < seat->check_ms) continue;
        seat->check_ms = now_ms + HUB_BEAT_MS;
        memcpy(hashes[n++], seat->token, SECRETS_HASH_BYTES);
    }
    pthread_mutex_unlock(&hub->lock);
    return n;
}

void hub_figures(struct hub *hub, struct hub_figures *figures)
{
    pthread_mutex_lock(&hub->lock);
    *figures = hub->figures;
    pthread_mutex_unlock(&hub->lock);
}
