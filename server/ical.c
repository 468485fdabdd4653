#include "server/ical.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

static struct icaltimetype time_of(int64_t ms)
{
    return icaltime_from_timet_with_zone((time_t)(ms / 1000), 0, icaltimezone_get_utc_timezone());
}

/* A copy without what a line may not have. */
static char *clean(const char *text)
{
    char *copy = malloc(strlen(text) + 1), *to = copy;
    if (!copy) return NULL;
    for (; *text; text++)
        if (((unsigned char)*text >= 0x20 && *text != 0x7f) || *text == '\n') *to++ = *text;
    *to = '\0';
    return copy;
}

/* Adds a property of text, unless there is none; false when memory is out. */
static bool add_text(icalcomponent *event, icalproperty *(*make)(const char *text),
                     const char *text)
{
    if (!text[0]) return true;
    char *cleaned = clean(text);
    icalproperty *property = cleaned ? make(cleaned) : NULL;
    free(cleaned);
    if (property) icalcomponent_add_property(event, property);
    return property != NULL;
}

static bool add(icalcomponent *event, icalproperty *property)
{
    if (property) icalcomponent_add_property(event, property);
    return property != NULL;
}

static bool fill(icalcomponent *event, const struct ical_event *e)
{
    static const enum icalproperty_status statuses[] = {[ICAL_CONFIRMED] = ICAL_STATUS_CONFIRMED,
                                                        [ICAL_TENTATIVE] = ICAL_STATUS_TENTATIVE,
                                                        [ICAL_CANCELLED] = ICAL_STATUS_CANCELLED};
    bool done = add_text(event, icalproperty_new_uid, e->uid) &&
                add(event, icalproperty_new_dtstamp(time_of(e->updated_ms))) &&
                add(event, icalproperty_new_created(time_of(e->created_ms))) &&
                add(event, icalproperty_new_lastmodified(time_of(e->updated_ms))) &&
                add(event, icalproperty_new_dtstart(time_of(e->from_ms))) &&
                add(event, icalproperty_new_dtend(time_of(e->to_ms))) &&
                add_text(event, icalproperty_new_summary, e->title) &&
                add_text(event, icalproperty_new_description, e->text) &&
                add_text(event, icalproperty_new_location, e->where) &&
                add_text(event, icalproperty_new_url, e->url) &&
                add_text(event, icalproperty_new_categories, e->category) &&
                add(event, icalproperty_new_status(statuses[e->status])) &&
                add(event, icalproperty_new_sequence((int)e->sequence));
    if (!done || !e->has_position) return done;
    struct icalgeotype geo = {.lat = 0};
    geo.lat = e->at.lat;
    geo.lon = e->at.lon;
    return add(event, icalproperty_new_geo(geo));
}

static bool add_event(icalcomponent *calendar, const struct ical_event *e)
{
    icalcomponent *event = icalcomponent_new_vevent();
    if (!event) return false;
    icalcomponent_add_component(calendar, event);
    return fill(event, e);
}

/* libical 3.0 folds the end of a line, too, where its CR is the 75th octet: that is mended here. No
 * text has a CR of its own (`clean`). */
static void put_whole(const char *text, struct buf *out)
{
    static const char torn[] = "\r\r\n \n";
    const char *at;
    while ((at = strstr(text, torn))) {
        buf_put(out, text, (size_t)(at - text));
        buf_puts(out, "\r\n");
        text = at + sizeof torn - 1;
    }
    buf_puts(out, text);
}

enum err ical_write(const struct ical_event *events, size_t count, struct buf *out)
{
    icalcomponent *calendar = icalcomponent_new_vcalendar();
    bool done = calendar && add(calendar, icalproperty_new_version("2.0")) &&
                add(calendar, icalproperty_new_prodid("-//Yizhan//Yizhan//EN")) &&
                add(calendar, icalproperty_new_calscale("GREGORIAN")) &&
                add(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
    for (size_t i = 0; i < count && done; i++)
        done = add_event(calendar, &events[i]);
    char *text = done ? icalcomponent_as_ical_string_r(calendar) : NULL;
    if (text) put_whole(text, out);
    if (text) icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
    return text ? out->err : ERR_NOMEM;
}
