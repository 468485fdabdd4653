/* Moments as the API writes them: RFC 3339, UTC. */
#ifndef YZ_SERVER_API_API_TIME_H
#define YZ_SERVER_API_API_TIME_H

#include "geo/base/jsonw.h"
#include "server/request.h"

#include <stdint.h>

/* `"key": "2026-11-23T08:15:00.250Z"` */
void api_time_write(struct jsonw *json, const char *key, int64_t ms);

/* Reads member `name` of a body as moment_read does, or notes it; NULL leaves `*ms` alone. */
enum err api_time_member(struct request *request, const char *name, const char *text, int64_t *ms);

#endif
