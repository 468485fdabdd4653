/* Events from before the ring's memory, read from the database for one who was away for long. */
#ifndef YZ_SERVER_API_EVENT_PAST_H
#define YZ_SERVER_API_EVENT_PAST_H

#include "data/audit.h"
#include "server/audience.h"

enum { EVENT_PAST_MAX = 4096 /* items read at once, before a stream has to begin anew */ };

struct event_past {
    struct buf out; /* what the audience is told, as a stream or as a poll's events */
    size_t count;   /* of these events */
    bool poll;
    bool more;               /* it did not get as far as it should */
    struct audit_row *looks; /* of staff at private cases, in what the audience is told */
    size_t look_count;
    bool lost; /* the outbox is not kept so far back, or a stream would be told too much */
};

void event_past_init(struct event_past *past, bool poll);
void event_past_fini(struct event_past *past);

/* Adds what came above `*after` and up to `upto`, and sets `*after` to where it got: `upto`, or
 * less with `more` for a poll that is full. */
enum err event_past_read(struct db *db, const struct areaset *areas,
                         const struct audience *audience, int64_t upto, int64_t *after,
                         struct event_past *past);

#endif
