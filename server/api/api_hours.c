#include "server/api/api_hours.h"

#include "geo/base/clock.h"
#include "geo/base/zone.h"
#include "geo/place/outlook.h"

#include <string.h>

enum { SENTENCE_MAX = 16 * 1024 };

/* Both tongues of a sentence; NULL `outlook`: of the hours themselves. */
static enum err write_sentences(struct jsonw *json, const char *key, const struct hours *hours,
                                const struct outlook *outlook, int64_t minute)
{
    static const char *const names[HOURS_TONGUES] = {[HOURS_ZH] = "zh", [HOURS_EN] = "en"};
    struct buf out;
    enum err e = ERR_OK;
    buf_init(&out, SENTENCE_MAX);
    jsonw_key(json, key);
    jsonw_object(json);
    for (int tongue = 0; tongue < HOURS_TONGUES && !e; tongue++) {
        buf_reset(&out);
        if (outlook)
            outlook_say(outlook, minute, (enum hours_tongue)tongue, &out);
        else
            hours_say(hours, (enum hours_tongue)tongue, &out);
        e = out.err;
        jsonw_key(json, names[tongue]);
        jsonw_string_n(json, out.bytes ? out.bytes : "", e ? 0 : out.len);
    }
    jsonw_object_end(json);
    buf_fini(&out);
    return e;
}

static enum err write_understood(struct jsonw *json, const struct tools *tools,
                                 const struct hours *hours)
{
    const struct zone_time now = zone_time_of(clock_utc_ms());
    int64_t minute = (int64_t)now.day * HOURS_MINUTES + now.minute;
    const struct holidays *holidays = tools->service->holidays;
    const struct outlook outlook =
        outlook_of(&hours, 1, NULL, holidays ? holidays_calendar(holidays) : NULL, minute);
    enum err e = write_sentences(json, "says", hours, NULL, minute);
    return e ? e : write_sentences(json, "now", hours, &outlook, minute);
}

enum err api_hours_check(struct request *request, struct response *response, struct tools *tools)
{
    const char *value = request_query(request, "value");
    struct hours *hours = NULL;
    struct why why = {""};
    if (!value || !*value)
        return problem_say(request->problem, PROBLEM_PARAMETER, "value", "is missing");
    enum err e = hours_parse(value, strlen(value), &hours, &why);
    if (e && e != ERR_FORMAT) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_string(json, "value", value);
    jsonw_key_bool(json, "understood", !e);
    if (e) jsonw_key_string(json, "problem", why.text);
    e = e ? ERR_OK : write_understood(json, tools, hours);
    jsonw_object_end(json);
    hours_free(hours);
    return problem_from_err(request->problem, e, NULL);
}
