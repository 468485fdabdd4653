/* Who may hear of what: judged for each event when it is delivered. */
#ifndef YZ_SERVER_AUDIENCE_H
#define YZ_SERVER_AUDIENCE_H

#include "data/kinds.h"
#include "data/rights.h"
#include "server/event.h"

enum audience_of {
    AUDIENCE_QUEUE, /* staff and integrators: cases of the areas and kinds of their grants */
    AUDIENCE_CASE,  /* one case, whose id is a right by itself unless its kind is private */
    AUDIENCE_MINE   /* the cases that the person sent */
};

/* Owns what is in it, but for the kinds. */
struct audience {
    enum audience_of of;
    const struct kinds *kinds;
    int64_t case_id;
    unsigned as; /* what they are to that case by a secret or by having joined it: KINDS_REPORTER,
                  * KINDS_JOINER; who sent it is known by `person`, too */
    int64_t person; /* 0: not signed in */
    struct people_grant *grants;
    size_t grant_count;
    /* What of the queue is wanted; empty, 0: all. */
    char kind[NEWS_CODE_SIZE], category[NEWS_CODE_SIZE], verb[NEWS_CODE_SIZE];
    int64_t area_id; /* this one and all below it */
};

/* The rights of an actor (NULL: nobody), copied; the rest is zero. ERR_NOMEM. */
enum err audience_init(struct audience *audience, const struct kinds *kinds,
                       const struct people_actor *actor);
void audience_fini(struct audience *audience);

/* Whether the actor sees cases (RIGHTS_see) anywhere. */
bool audience_has_queue(const struct people_actor *actor);

/* Whether somebody with these rights sees cases of a kind in the queue of an area. */
bool audience_works(const struct audience *audience, const struct event_chain *chain,
                    const char *kind);

/* Whether telling it that event is a look of staff at somebody else's private case. */
bool audience_looks(const struct audience *audience, const struct event *event);

/* What of an event this audience is told, in JSON; NULL: nothing. */
const char *audience_told(const struct audience *audience, const struct event *event);

#endif
