#include "server/hub_inside.h"

#include "geo/base/clock.h"

#include <stdlib.h>
#include <string.h>

enum {
    OUT_BYTES = 4 * 1024 * 1024,
    ONCE_BYTES = 16 * 1024, /* of events written before some are sent */
    RETRY_MS = 2000         /* after which a client comes back that lost its stream */
};

/* ---- writing ---- */

/* Where it fell out of the ring, because its client reads too slowly, it has to begin anew. */
static bool has_lost(const struct hub_seat *seat)
{
    return seat->after < seat->hub->floor;
}

static void answer_poll(struct hub_seat *seat)
{
    struct hub *hub = seat->hub;
    size_t n = 0, i = hub_inside_after(hub, seat->after);
    bool lost = has_lost(seat);
    int64_t last = lost ? hub->figures.last : seat->after;
    event_poll_begin(&seat->out);
    for (; !lost && i < hub->count && n < HUB_SEAT_POLL_MAX; i++) {
        const struct event *event = hub_inside_at(hub, i);
        const char *told = seat->ending ? NULL : audience_told(&seat->audience, event);
        if (told && !hub_inside_look(hub, seat, event)) break;
        if (told) event_poll_put(&seat->out, n++ == 0, told);
        last = event->item.number;
    }
    if (seat->ending) last = seat->after; /* not judged: to be asked for again */
    if (i == hub->count && !seat->ending) last = hub->figures.last;
    event_poll_end(&seat->out, last, i < hub->count && !seat->ending && !lost, lost);
    hub->figures.told += n;
    seat->answered = true;
}

static void put_reset(struct hub_seat *seat)
{
    int64_t last = seat->hub->figures.last;
    event_put_reset(&seat->out, last);
    seat->after = seat->told = last;
}

static void put_events(struct hub_seat *seat)
{
    struct hub *hub = seat->hub;
    size_t i = hub_inside_after(hub, seat->after);
    for (; i < hub->count && seat->out.len < ONCE_BYTES; i++) {
        const struct event *event = hub_inside_at(hub, i);
        const char *told = audience_told(&seat->audience, event);
        if (told && !hub_inside_look(hub, seat, event)) {
            seat->ending = "audit"; /* it comes back, and goes on here */
            return;
        }
        seat->after = event->item.number;
        if (!told) continue;
        event_put(&seat->out, event->item.number, told);
        seat->told = event->item.number;
        hub->figures.told++;
    }
    if (i == hub->count) seat->after = hub->figures.last;
}

/* A comment; and where to go on from, where much passed that was for others. */
static void put_beat(struct hub_seat *seat)
{
    if (seat->told < seat->after)
        buf_printf(&seat->out, "id: %lld\n", (long long)(seat->told = seat->after));
    buf_puts(&seat->out, ": \n\n");
}

static void put_opening(struct hub_seat *seat)
{
    buf_printf(&seat->out, "retry: %d\nid: %lld\n\n", RETRY_MS, (long long)seat->told);
}

static void write_stream(struct hub_seat *seat, int64_t now_ms)
{
    if (!seat->ending && has_lost(seat)) put_reset(seat);
    if (!seat->ending) put_events(seat);
    if (seat->ending) {
        buf_printf(&seat->out, "event: end\ndata: {\"reason\":\"%s\"}\n\n", seat->ending);
        seat->answered = true;
        return;
    }
    if (seat->out.len == 0 && now_ms >= seat->beat_ms) put_beat(seat);
    if (seat->out.len) seat->beat_ms = now_ms + HUB_BEAT_MS;
}

static void write_poll(struct hub_seat *seat, int64_t now_ms)
{
    if (now_ms >= seat->beat_ms) seat->beat_ms = now_ms + HUB_BEAT_MS; /* it is still there */
    if (seat->ending || has_lost(seat) || now_ms >= seat->until_ms ||
        hub_inside_has_news(seat->hub, seat, seat->after))
        answer_poll(seat);
}

/* ---- the stream ---- */

static enum response_next read_seat(struct response_stream *stream, char *to, size_t room,
                                    size_t *count)
{
    struct hub_seat *seat = (struct hub_seat *)(void *)stream;
    int64_t now_ms = clock_ms();
    if (seat->sent == seat->out.len) {
        buf_fini(&seat->out); /* nothing is held while it waits */
        buf_init(&seat->out, OUT_BYTES);
        seat->sent = 0;
        if (seat->answered) return RESPONSE_END;
        pthread_mutex_lock(&seat->hub->lock);
        if (seat->poll)
            write_poll(seat, now_ms);
        else
            write_stream(seat, now_ms);
        pthread_mutex_unlock(&seat->hub->lock);
    }
    if (seat->out.err) return RESPONSE_END; /* no memory: the client comes back */
    if (seat->out.len == 0) return RESPONSE_REST;
    size_t left = seat->out.len - seat->sent, n = left < room ? left : room;
    memcpy(to, seat->out.bytes + seat->sent, n);
    seat->sent += n;
    *count = n;
    return RESPONSE_SEND;
}

/* What came between the last look and now would wake nobody. */
static void rest(struct response_stream *stream)
{
    struct hub_seat *seat = (struct hub_seat *)(void *)stream;
    struct hub *hub = seat->hub;
    pthread_mutex_lock(&hub->lock);
    if (seat->ending || has_lost(seat) || hub_inside_has_news(hub, seat, seat->after)) {
        stream->wake(stream->connection);
    } else {
        seat->after = hub->figures.last;
        seat->resting = true;
    }
    pthread_mutex_unlock(&hub->lock);
}

/* ---- sitting down ---- */

static enum hub_sat judge(const struct hub *hub, const struct hub_wish *wish)
{
    size_t address = 0, person = 0;
    if (hub->closed || !hub->open) return HUB_CLOSED;
    if (hub->figures.seats >= hub->limits.seats) return HUB_FULL;
    for (const struct hub_seat *seat = hub->seats; seat; seat = seat->next) {
        address += memcmp(&seat->address, &wish->address, sizeof wish->address) == 0;
        person += wish->audience->person && seat->audience.person == wish->audience->person;
    }
    if (address >= hub->limits.seats_each) return HUB_FULL_ADDRESS;
    if (person >= HUB_PERSON_SEATS) return HUB_FULL_PERSON;
    if (!wish->place.given) return HUB_SAT;
    if (wish->place.after > hub->figures.last) return HUB_AHEAD;
    return wish->place.after < hub->floor ? HUB_OLDER : HUB_SAT;
}

static void add(struct hub *hub, struct hub_seat *seat)
{
    seat->next = hub->seats;
    if (seat->next) seat->next->previous = seat;
    hub->seats = seat;
    hub->figures.seats++;
}

static struct hub_seat *seat_new(struct hub *hub, const struct hub_wish *wish, int64_t now_ms)
{
    struct hub_seat *seat = calloc(1, sizeof *seat);
    if (!seat) return NULL;
    seat->stream.read = read_seat;
    seat->stream.rest = rest;
    seat->hub = hub;
    seat->address = wish->address;
    seat->has_token = wish->token != NULL;
    if (wish->token) memcpy(seat->token, wish->token, sizeof seat->token);
    seat->poll = wish->poll;
    seat->beat_ms = seat->check_ms = now_ms + HUB_BEAT_MS;
    seat->until_ms = now_ms + wish->wait_ms;
    buf_init(&seat->out, OUT_BYTES);
    return seat;
}

enum err hub_seat_take(struct hub *hub, struct hub_wish *wish, int64_t now_ms, enum hub_sat *sat,
                       struct hub_seat **seat, int64_t *floor)
{
    struct hub_seat *fresh = seat_new(hub, wish, now_ms);
    if (!fresh) return ERR_NOMEM;
    pthread_mutex_lock(&hub->lock);
    *sat = judge(hub, wish);
    if (*sat == HUB_SAT) {
        fresh->audience = *wish->audience;
        *wish->audience = (struct audience){0};
        fresh->after = fresh->told = wish->place.given ? wish->place.after : hub->figures.last;
        add(hub, fresh);
        *seat = fresh;
    } else {
        *floor = hub->floor;
        hub->figures.refused += *sat != HUB_OLDER && *sat != HUB_AHEAD;
    }
    pthread_mutex_unlock(&hub->lock);
    if (*sat != HUB_SAT) {
        free(fresh);
        return ERR_OK;
    }
    if (!fresh->poll) put_opening(fresh);
    if (wish->before) buf_put(&fresh->out, wish->before->bytes, wish->before->len);
    return ERR_OK;
}

struct response_stream *hub_seat_stream(struct hub_seat *seat)
{
    return &seat->stream;
}

void hub_seat_leave(void *seat)
{
    struct hub_seat *left = seat;
    struct hub *hub = left->hub;
    pthread_mutex_lock(&hub->lock);
    if (left->previous)
        left->previous->next = left->next;
    else
        hub->seats = left->next;
    if (left->next) left->next->previous = left->previous;
    hub->figures.seats--;
    pthread_mutex_unlock(&hub->lock);
    audience_fini(&left->audience);
    buf_fini(&left->out);
    free(left);
}
