/* What courier.c and courier_post.c share; all of it belongs to the courier's thread. */
#ifndef YZ_SERVER_COURIER_POST_H
#define YZ_SERVER_COURIER_POST_H

#include "data/deliveries.h"
#include "data/webhooks.h"
#include "server/audience.h"
#include "server/post.h"
#include "server/tools.h"

enum {
    COURIER_FLIGHTS = 256,  /* letters under way */
    COURIER_OF_HOOK = 4,    /* of them, to one webhook */
    COURIER_OF_FAILING = 1, /* to one whose last try failed */
    COURIER_OUTCOMES = 512
};

/* A webhook as long as it is known; what it is told by is read anew whenever something changes. */
struct courier_hook {
    struct webhooks_hook row; /* text in the arena of the last reading */
    struct audience audience;
    bool has_rights;
    unsigned flights;
    bool failing;
    int64_t due_ms; /* when to look for what is due; INT64_MAX: nothing waits */
};

/* A letter under way. */
struct courier_flight {
    struct courier_post *courier;
    int64_t delivery, webhook;
    int tries; /* before this one */
    bool used;
};

struct courier_post {
    struct service *service;
    struct db *db;
    struct post *post;
    struct courier_hook hooks[WEBHOOKS_MAX];
    size_t hook_count;
    struct courier_flight flights[COURIER_FLIGHTS];
    size_t flight_count;
    struct deliveries_outcome outcomes[COURIER_OUTCOMES]; /* not yet in the database */
    size_t outcome_count;
    int64_t first_pause_ms;
};

/* Sends what is due and has room, by the areas there are. */
enum err courier_post_send(struct courier_post *c, const struct areaset *areas, int64_t now_ms);

/* Goes on with what is under way, waiting at most `wait_ms` for something to happen. */
enum err courier_post_run(struct courier_post *c, int wait_ms);

/* Keeps in the database how it went. What fails is kept the next time; until then there is room for
 * all that is under way, and nothing of it is sent again. */
enum err courier_post_keep(struct courier_post *c);

/* How long there is nothing to be sent or kept, at most `max_ms`. */
int courier_post_patience(const struct courier_post *c, int64_t now_ms, int max_ms);

#endif
