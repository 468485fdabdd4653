#include "server/api/ogc_time.h"

#include "geo/base/moment.h"

#include <string.h>

enum { MOMENT_BYTES = 64 };

/* One end of an interval, or a moment; "" and ".." are `open`. */
static bool read_end(const char *text, size_t len, int64_t open, int64_t *ms)
{
    char moment[MOMENT_BYTES];
    *ms = open;
    if (len == 0 || (len == 2 && memcmp(text, "..", 2) == 0)) return true;
    if (len >= sizeof moment) return false;
    memcpy(moment, text, len);
    moment[len] = '\0';
    return moment_read_any(moment, ms);
}

bool ogc_time_read(const char *text, struct ogc_time *time)
{
    const char *slash = strchr(text, '/');
    struct ogc_time read;
    if (slash) {
        if (!read_end(text, (size_t)(slash - text), INT64_MIN, &read.from_ms) ||
            !read_end(slash + 1, strlen(slash + 1), INT64_MAX, &read.to_ms))
            return false;
        if (read.from_ms == INT64_MIN && read.to_ms == INT64_MAX) return false; /* says nothing */
    } else {
        if (!moment_read_any(text, &read.from_ms)) return false;
        read.to_ms = read.from_ms;
    }
    if (read.from_ms > read.to_ms) return false;
    *time = read;
    return true;
}
