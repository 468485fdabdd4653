/* Where clients wait for news: the last events in a ring, and a seat (hub_seat.h) for each who
 * waits, that is woken when there is something for it, when its time is up, or when it must end.
 *
 * One lock, held while events are matched and copied in memory, never while anything waits. All of
 * this is for any thread. */
#ifndef YZ_SERVER_HUB_H
#define YZ_SERVER_HUB_H

#include "server/event.h"

enum {
    HUB_RING = 4096,      /* events that need no database */
    HUB_BEAT_MS = 15000,  /* between signs of life */
    HUB_PERSON_SEATS = 16 /* of one person, from all addresses */
};

struct hub_limits {
    unsigned seats, seats_each; /* in all; of one address */
};

struct hub;
enum err hub_new(const struct hub_limits *limits, struct hub **hub);
/* Nobody may sit any more. NULL does nothing. */
void hub_free(struct hub *hub);

/* ---- what happened ---- */

/* The number from which on the ring tells everything; before anything is published. And once it
 * tells everything up to now: before, nobody sits. */
void hub_begin(struct hub *hub, int64_t number);
void hub_open(struct hub *hub);

/* Takes the events, which are later than all before, and tells those who wait. Everything up to
 * `upto` is known then. */
void hub_publish(struct hub *hub, struct event *events, size_t count, int64_t upto);

/* The rights of a person changed: ends their seats, so that they are judged anew. */
void hub_end_person(struct hub *hub, int64_t person);

/* Ends all seats and lets nobody sit any more. */
void hub_close(struct hub *hub);

/* Wakes those whose time has come. */
void hub_tick(struct hub *hub, int64_t now_ms);

/* Up to `max` hashes of tokens to be looked at again by now, each once in HUB_BEAT_MS; and the end
 * of what sits by one that is dead. */
size_t hub_tokens(struct hub *hub, int64_t now_ms, unsigned char (*hashes)[SECRETS_HASH_BYTES],
                  size_t max);
void hub_end_token(struct hub *hub, const unsigned char hash[SECRETS_HASH_BYTES]);

/* ---- looks ---- */

/* Somebody of staff was told of a private case that is not theirs. */
struct hub_look {
    int64_t person, case_id, area_id, at_ms; /* UTC */
    bool poll;                               /* rather than a stream */
};
enum { HUB_LOOKS = 4096 }; /* that wait to be written down; with more, those who look are ended */

/* The looks that are to be written down, at most `max`, and how many; they stay until hub_looked
 * says that so many of them are. One thread alone takes them. */
size_t hub_looks(struct hub *hub, struct hub_look *looks, size_t max);
void hub_looked(struct hub *hub, size_t count);

struct hub_figures {
    size_t seats;
    uint64_t events, told, refused, ended; /* since the start */
    int64_t last;                          /* number */
};
void hub_figures(struct hub *hub, struct hub_figures *figures);

#endif
