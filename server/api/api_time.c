#include "server/api/api_time.h"

#include "geo/base/clock.h"
#include "geo/base/moment.h"

void api_time_write(struct jsonw *json, const char *key, int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    jsonw_key(json, key);
    if (clock_text(ms, text))
        jsonw_string(json, text);
    else
        jsonw_null(json);
}

enum err api_time_member(struct request *request, const char *name, const char *text, int64_t *ms)
{
    if (!text || moment_read(text, ms)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, name,
                       "must be a time with its offset, like 2026-11-24T08:00:00+08:00 (RFC 3339)");
}
