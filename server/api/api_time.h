/* Moments as the API writes them: RFC 3339, UTC. */
#ifndef YZ_SERVER_API_API_TIME_H
#define YZ_SERVER_API_API_TIME_H

#include "geo/base/jsonw.h"
#include "server/request.h"

#include <stdbool.h>
#include <stdint.h>

/* `"key": "2026-11-23T08:15:00.250Z"` */
void api_time_write(struct jsonw *json, const char *key, int64_t ms);

/* Reads "2026-11-23T16:15:00.250+08:00" (RFC 3339, with its offset; finer than milliseconds is
 * dropped). False, `*ms` untouched, for anything else, also for what the calendar does not have. */
bool api_time_read(const char *text, int64_t *ms);

/* The same for a moment that is only asked about: of the years 0000 to 9999, so that `*ms` may be
 * below 0. */
bool api_time_read_any(const char *text, int64_t *ms);

/* The same for member `name` of a body, or notes it; NULL leaves `*ms` alone. */
enum err api_time_member(struct request *request, const char *name, const char *text, int64_t *ms);

#endif
