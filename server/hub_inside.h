/* What hub.c and hub_seat.c share: all of it under the hub's lock, but for what is being sent. */
#ifndef YZ_SERVER_HUB_INSIDE_H
#define YZ_SERVER_HUB_INSIDE_H

#include "server/hub_seat.h"

#include <pthread.h>

struct hub_seat {
    struct response_stream stream;
    struct hub *hub;
    struct hub_seat *previous, *next;
    struct hub_seat *next_woken; /* once it does not rest any more */
    struct audience audience;
    struct request_address address;
    unsigned char token[SECRETS_HASH_BYTES];
    bool has_token, poll;
    bool resting;       /* its connection is suspended, and is to be woken once */
    bool answered;      /* the answer to a poll is written */
    const char *ending; /* why it has to end, a word; NULL: it need not */
    int64_t after;      /* the last number that it was judged for */
    int64_t told;       /* the last number that its client knows */
    int64_t beat_ms;    /* when it gives its next sign of life */
    int64_t until_ms;   /* when a poll is answered in any case */
    int64_t check_ms;   /* when its token is looked at again */
    struct buf out;     /* being sent, from `sent` on */
    size_t sent;
};

/* Which looks there were lately: one that meets another in its place takes it, so that the other is
 * written down once more. */
enum { HUB_INSIDE_LATELY = 8192 };
struct hub_lately {
    int64_t person, case_id, hour;
};

struct hub {
    pthread_mutex_t lock;
    struct hub_limits limits;
    struct hub_seat *seats;
    bool open, closed;
    struct hub_figures figures;
    int64_t floor;               /* the ring has every event above */
    size_t first, count;         /* in the ring, oldest first */
    struct event ring[HUB_RING]; /* ascending numbers */
    struct hub_look looks[HUB_LOOKS];
    size_t look_count;
    struct hub_lately lately[HUB_INSIDE_LATELY];
};

/* The i-th event of the ring, from its oldest; the first one above `number`, `count` for none. */
const struct event *hub_inside_at(const struct hub *hub, size_t i);
size_t hub_inside_after(const struct hub *hub, int64_t number);
bool hub_inside_has_news(const struct hub *hub, const struct hub_seat *seat, int64_t number);

/* Notes that the seat is told of an event, where that is a look, once an hour for each person and
 * case; false: there is no room, so that it must not be told. */
bool hub_inside_look(struct hub *hub, const struct hub_seat *seat, const struct event *event);

#endif
