/* One thing that happened to a case, as it goes out: written once and sent to all who wait for it.
 */
#ifndef YZ_SERVER_EVENT_H
#define YZ_SERVER_EVENT_H

#include "data/news.h"
#include "geo/base/buf.h"
#include "geo/space/areaset.h"

enum { EVENT_CHAIN = 16 };

/* An area and those above it, finest first. */
struct event_chain {
    int64_t ids[EVENT_CHAIN];
    size_t count; /* 0: none */
};

/* `json` tells it to who may see the case where it is now, `left` to who could see it where it was
 * before and does not any more: that it is gone from there, not what became of it. */
struct event {
    struct news_item item;
    struct event_chain here, was; /* `was` is empty unless the case was moved out of there */
    char *json, *left;            /* `left` is NULL where `was` is empty */
};

/* Fills `event` from news of a case; the areas say what lies above. ERR_NOMEM. */
enum err event_make(const struct news_item *item, const struct areaset *areas, struct event *event);

/* Works on a zeroed one. */
void event_fini(struct event *event);

void event_chain_fill(const struct areaset *areas, int64_t area_id, struct event_chain *chain);

/* Appends it as the stream of events of HTML: `id`, `event: case`, `data`. `json` is one of the two
 * of the event. */
void event_put(struct buf *out, int64_t number, const char *json);

/* The same for "begin anew, from this number on". */
void event_put_reset(struct buf *out, int64_t last);

/* The answer to a poll: its beginning, its events, its end. `more`: others follow at once; `reset`:
 * what happened before `last` is no longer told. */
void event_poll_begin(struct buf *out);
void event_poll_put(struct buf *out, bool first, const char *json);
void event_poll_end(struct buf *out, int64_t last, bool more, bool reset);

#endif
