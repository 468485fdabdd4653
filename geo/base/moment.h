/* Moments as text: RFC 3339 with its offset. Written by clock_text. */
#ifndef YZ_GEO_BASE_MOMENT_H
#define YZ_GEO_BASE_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* Reads "2026-11-23T16:15:00.250+08:00" as milliseconds since 1970, UTC (finer ones are dropped).
 * False, `*ms` untouched, for anything else, also for what the calendar does not have. */
bool moment_read(const char *text, int64_t *ms);

/* The same for a moment that is only asked about: of the years 0000 to 9999, so that `*ms` may be
 * below 0. */
bool moment_read_any(const char *text, int64_t *ms);

#endif
