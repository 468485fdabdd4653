/* Whether one can get into a place, and until when that is so: its hours of several kinds together,
 * and whether it is closed for a while.
 *
 * Minutes are counted from 1970-01-01 00:00 by the clock on the place's own wall. */
#ifndef YZ_GEO_PLACE_OUTLOOK_H
#define YZ_GEO_PLACE_OUTLOOK_H

#include "geo/place/hours_say.h"

/* Closed for a while, whatever the hours say: from one minute until, not including, the other. */
struct outlook_pause {
    int64_t from, to;
    const char *reason; /* borrowed; "" where nobody told */
};
#define OUTLOOK_FOR_GOOD INT64_MAX /* nobody knows until when */

struct outlook {
    enum hours_state state;
    bool paused;         /* closed by the pause, not by the hours */
    const char *comment; /* of the rule that decided, or the pause's reason; NULL: none. Borrowed */
    bool changes;        /* within HOURS_HORIZON_DAYS, or so long after a pause that holds now */
    int64_t at;          /* when, and to what; only where it changes */
    enum hours_state to;
};

/* Of `count` hours, of which any may let one in: open where one of them is; else unknown where one
 * is; else closed. NULL among them, or none at all, is unknown. `pause` and `calendar` may be NULL.
 * Hours that change so often that nothing is found within a thousand steps count as unchanging.
 */
struct outlook outlook_of(const struct hours *const *hours, size_t count,
                          const struct outlook_pause *pause, const struct hours_calendar *calendar,
                          int64_t minute);

/* Appends it as a sentence, as seen at `minute`: "营业中，18:00 关门", "Closed, opens tomorrow at
 * 08:00". What fails sticks in `out`. */
void outlook_say(const struct outlook *outlook, int64_t minute, enum hours_tongue tongue,
                 struct buf *out);

#endif
