#include "server/api/place_open.h"

#include "geo/base/zone.h"
#include "geo/place/outlook.h"
#include "server/api/api_time.h"

enum { MINUTE_MS = 60000, SENTENCE_BYTES = 1 << 16 };

/* What one place is asked. */
struct asking {
    struct jsonw *json;
    struct buf *text;
    const struct hours_calendar *calendar;
    const struct outlook_pause *pause; /* NULL: none */
    int64_t minute;                    /* by the clock on the wall */
};

static int64_t minute_of(int64_t utc_ms)
{
    const struct zone_time local = zone_time_of(utc_ms);
    return (int64_t)local.day * HOURS_MINUTES + local.minute;
}

static int64_t utc_ms_of(int64_t minute)
{
    const int64_t day = minute / HOURS_MINUTES - (minute % HOURS_MINUTES < 0);
    return zone_utc_ms_of((int32_t)day, (uint32_t)(minute - day * HOURS_MINUTES));
}

/* The closing in whole minutes; an end that has come, or a begin, is so at once, and one to come is
 * so from the next minute. False: it is over, or there is none. */
static bool read_pause(const struct place *p, int64_t utc_ms, struct outlook_pause *pause)
{
    if (p->closed_to_ms <= utc_ms) return false;
    const bool begun = p->closed_from_ms <= utc_ms;
    pause->from = minute_of(p->closed_from_ms + (begun ? 0 : MINUTE_MS - 1));
    pause->to = p->closed_to_ms == INT64_MAX ? OUTLOOK_FOR_GOOD
                                             : minute_of(p->closed_to_ms + MINUTE_MS - 1);
    pause->reason = p->closed_reason;
    return true;
}

/* What the outlook says, or without one the hours, in both languages. */
static void write_sentences(const struct asking *a, const char *key, const struct hours *hours,
                            const struct outlook *outlook)
{
    static const char *const tongues[HOURS_TONGUES] = {"zh", "en"};
    jsonw_key(a->json, key);
    jsonw_object(a->json);
    for (int t = 0; t < HOURS_TONGUES; t++) {
        buf_reset(a->text);
        if (outlook)
            outlook_say(outlook, a->minute, (enum hours_tongue)t, a->text);
        else
            hours_say(hours, (enum hours_tongue)t, a->text);
        if (a->text->err) continue;
        jsonw_key(a->json, tongues[t]);
        jsonw_string_n(a->json, a->text->bytes, a->text->len);
    }
    jsonw_object_end(a->json);
}

static void write_outlook(const struct asking *a, const struct hours *const *hours, size_t count)
{
    static const char *const states[] = {
        [HOURS_CLOSED] = "closed", [HOURS_OPEN] = "open", [HOURS_UNKNOWN] = "unknown"};
    const struct outlook o = outlook_of(hours, count, a->pause, a->calendar, a->minute);
    jsonw_key_string(a->json, "state", states[o.state]);
    write_sentences(a, "now", NULL, &o);
    if (!o.changes) return;
    api_time_write(a->json, "changes_at", utc_ms_of(o.at));
    jsonw_key_string(a->json, "changes_to", states[o.to]);
}

static void write_kind(const struct asking *a, const char *key, const struct hours *hours)
{
    jsonw_key(a->json, key);
    jsonw_object(a->json);
    write_outlook(a, &hours, 1);
    if (hours) write_sentences(a, "hours", hours, NULL);
    jsonw_object_end(a->json);
}

void place_open_write(struct jsonw *json, const struct tools *tools, uint32_t place,
                      const struct place *p, int64_t utc_ms)
{
    static const char *const keys[OPENINGS_KINDS] = {"staffed", "self_service"};
    const struct holidays *holidays = tools->service->holidays;
    const struct hours *said[OPENINGS_KINDS];
    const char *names[OPENINGS_KINDS];
    struct outlook_pause pause;
    struct buf text;
    size_t count = 0;
    buf_init(&text, SENTENCE_BYTES);
    const struct asking a = {.json = json,
                             .text = &text,
                             .calendar = holidays ? holidays_calendar(holidays) : NULL,
                             .pause = read_pause(p, utc_ms, &pause) ? &pause : NULL,
                             .minute = minute_of(utc_ms)};
    for (int kind = 0; kind < OPENINGS_KINDS; kind++) {
        names[count] = keys[kind];
        count +=
            placeset_hours(tools->snapshot->places, place, (enum openings_kind)kind, &said[count]);
    }
    jsonw_key(json, "open");
    jsonw_object(json);
    write_outlook(&a, said, count);
    for (size_t i = 0; i < count; i++)
        write_kind(&a, names[i], said[i]);
    jsonw_object_end(json);
    buf_fini(&text);
}
