/* A seat in the hub: somebody who waits for news. It holds no thread; it is a stream that its
 * connection reads, and that the hub wakes. For any thread. */
#ifndef YZ_SERVER_HUB_SEAT_H
#define YZ_SERVER_HUB_SEAT_H

#include "server/audience.h"
#include "server/hub.h"
#include "server/request.h"
#include "server/response.h"

enum { HUB_SEAT_POLL_MAX = 500 }; /* events of one answer to a poll */

/* Where in the outbox somebody stands. */
struct hub_place {
    bool given;    /* else it begins with now */
    int64_t after; /* the last number seen */
};

enum hub_sat {
    HUB_SAT,
    HUB_OLDER, /* the ring begins behind `place->after`: at `*floor` */
    HUB_AHEAD, /* there is no such number yet */
    HUB_FULL,
    HUB_FULL_ADDRESS,
    HUB_FULL_PERSON,
    HUB_CLOSED
};

struct hub_seat; /* belongs to whom it was given, until hub_seat_leave */

/* What one wants who sits down. */
struct hub_wish {
    struct audience *audience; /* taken over when it sat: empty then */
    struct request_address address;
    const unsigned char *token; /* hash of what they signed in with; NULL: nothing */
    struct hub_place place;
    const struct buf *before; /* copied: what is to be sent first, as it goes out; NULL: nothing */
    bool poll;                /* one answer in JSON, instead of a stream */
    int64_t wait_ms;          /* of a poll */
};

/* ERR_NOMEM; else ERR_OK with *sat. `*seat` only for HUB_SAT, `*floor` only for HUB_OLDER. */
enum err hub_seat_take(struct hub *hub, struct hub_wish *wish, int64_t now_ms, enum hub_sat *sat,
                       struct hub_seat **seat, int64_t *floor);
struct response_stream *hub_seat_stream(struct hub_seat *seat);
/* The seat as response_follow gives it back. */
void hub_seat_leave(void *seat);

#endif
