/* What the clock on the wall says where the places are: the server's one time zone. */
#ifndef YZ_GEO_BASE_ZONE_H
#define YZ_GEO_BASE_ZONE_H

#include "geo/base/err.h"

#include <stdint.h>

/* Makes `name` the zone of this process: one of the system's time zones ("Asia/Shanghai"), or a
 * rule as POSIX writes it ("CST-8"). Shanghai's is known also where no time zones are installed.
 * ERR_INVALID with a sentence. Sets TZ, so call it before there are other threads. */
enum err zone_use(const char *name, struct why *why);

struct zone_time {
    int32_t day;     /* since 1970-01-01, by the local calendar */
    uint32_t minute; /* since local midnight */
};
struct zone_time zone_time_of(int64_t utc_ms);

/* The moment at which that clock shows a minute; one of two where it shows it twice, one beside
 * where it passes over it. */
int64_t zone_utc_ms_of(int32_t day, uint32_t minute);

#endif
