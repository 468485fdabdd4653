/* What webhooks are to be sent, and how that goes: kept in the database, so that nothing is lost
 * with the process. A delivery is tried until it is taken, at most DELIVERIES_TRIES times, then it
 * is dead until somebody asks for it again. */
#ifndef YZ_DATA_DELIVERIES_H
#define YZ_DATA_DELIVERIES_H

#include "data/db.h"
#include "geo/base/arena.h"

enum { DELIVERIES_TRIES = 12, DELIVERIES_ERROR_SIZE = 120 };

enum deliveries_state {
    DELIVERIES_WAITING,
    DELIVERIES_DONE,
    DELIVERIES_DEAD,
    DELIVERIES_DROPPED, /* its owner had no right to it any more when it was to be sent */
    DELIVERIES_STATES
};
const char *deliveries_state_name(enum deliveries_state state);

struct deliveries_delivery {
    int64_t id, webhook, number; /* of the outbox */
    enum deliveries_state state;
    int tries, status; /* of the last answer; 0: there was none */
    const char *error; /* "" */
    int64_t next_ms, created_ms, changed_ms;
};

/* One to be made. */
struct deliveries_new {
    int64_t webhook, number;
};

/* Makes those that are not there yet, to be tried at once, and notes of all living webhooks that
 * everything up to `upto` is there. Opens its own transaction. */
enum err deliveries_queue(struct db *db, const struct deliveries_new *fresh, size_t count,
                          int64_t upto, int64_t now_ms);

/* Those of a webhook that are due, earliest first, at most `max`, without text. */
enum err deliveries_due(struct db *db, int64_t webhook, int64_t now_ms,
                        struct deliveries_delivery *due, size_t max, size_t *count);
/* When the next one of a webhook is due that is not yet; INT64_MAX: there is none. */
enum err deliveries_next(struct db *db, int64_t webhook, int64_t now_ms, int64_t *next_ms);

/* How a try went. */
struct deliveries_outcome {
    int64_t id;
    enum deliveries_state state;
    bool tried; /* else it was not even sent, which does not count */
    int status;
    char error[DELIVERIES_ERROR_SIZE];
    int64_t next_ms; /* where it waits */
};
/* Of those that still wait: what was dropped meanwhile stays so. Opens its own transaction. */
enum err deliveries_settle(struct db *db, const struct deliveries_outcome *outcomes, size_t count,
                           int64_t now_ms);

/* How long to wait after `tries` failed ones, in milliseconds, where the first wait is `first_ms`:
 * each about three times as long as the one before, with up to a fifth more or less by `chance`, in
 * [0, 1). All together 17,176 times the first: a day, for five seconds. */
int64_t deliveries_pause(int tries, int64_t first_ms, double chance);

/* One page of a webhook's, newest first; `state` DELIVERIES_STATES: any; behind the delivery
 * `before`, 0: from the newest. `*more`: others follow. */
enum err deliveries_list(struct db *db, int64_t webhook, enum deliveries_state state,
                         int64_t before, size_t limit, struct arena *arena,
                         const struct deliveries_delivery **list, size_t *count, bool *more);

/* Tries dead ones again from the beginning: the one with this id, 0: all of the webhook; `*count`
 * of them. Opens its own transaction. */
enum err deliveries_again(struct db *db, int64_t webhook, int64_t id, int64_t now_ms,
                          int64_t *count);

/* Forgets what was done a week ago, and what is dead for a month. Opens its own transaction. */
enum err deliveries_purge(struct db *db, int64_t now_ms);

#endif
