/* libical's door: events as a calendar (RFC 5545, iCalendar) that phones and desks take in. */
#ifndef YZ_SERVER_ICAL_H
#define YZ_SERVER_ICAL_H

#include "geo/base/buf.h"
#include "geo/space/coord.h"

#include <stdbool.h>
#include <stdint.h>

enum ical_status { ICAL_CONFIRMED, ICAL_TENTATIVE, ICAL_CANCELLED };

/* One event; text is UTF-8, "" where there is none. Times are written in UTC. */
struct ical_event {
    const char *uid; /* the same for ever, and no other's */
    const char *title, *text, *where, *url, *category;
    bool has_position;
    struct coord at; /* WGS 84 */
    int64_t from_ms, to_ms, created_ms, updated_ms;
    int64_t sequence; /* how often it was changed */
    enum ical_status status;
};

/* Appends a calendar with these events, lines folded at 75 octets. What a calendar cannot hold
 * (control characters other than line ends) is left out. ERR_NOMEM. */
enum err ical_write(const struct ical_event *events, size_t count, struct buf *out);

#endif
