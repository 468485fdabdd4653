/* `datetime` of OGC API – Features: a moment or an interval (OGC 17-069r4, 7.15.4). */
#ifndef YZ_SERVER_API_OGC_TIME_H
#define YZ_SERVER_API_OGC_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds since 1970, UTC, both ends included; INT64_MIN and INT64_MAX are open ends. A moment
 * begins and ends at once. */
struct ogc_time {
    int64_t from_ms, to_ms;
};

/* Reads a moment, or two with a slash between them, one of which may be ".." or empty. False,
 * `*time` untouched, for anything else, and for an end before its beginning. */
bool ogc_time_read(const char *text, struct ogc_time *time);

#endif
