#include "server/api/api_open.h"

#include "data/holidays.h"
#include "geo/base/clock.h"
#include "geo/base/moment.h"
#include "geo/base/zone.h"

#include <string.h>

static const char *const words[] = {"any", "now", "arrival", NULL};

static void set_moment(struct api_open *open, int64_t utc_ms)
{
    int64_t minute = utc_ms / 60000;
    open->moment.utc_ms = utc_ms;
    if (minute == open->minute) return;
    struct zone_time local = zone_time_of(utc_ms);
    open->minute = minute;
    open->moment.hours = hours_moment_of(open->calendar, local.day, local.minute);
}

/* A moment (RFC 3339). A plus sign that nobody encoded comes as a blank. */
static bool is_time(const char *word, int64_t *utc_ms)
{
    char text[40];
    size_t len = word ? strlen(word) : 0;
    if (!len || len >= sizeof text || word[0] < '0' || word[0] > '9') return false;
    memcpy(text, word, len + 1);
    for (size_t i = 0; i < len; i++)
        if (text[i] == ' ' && i > 10) text[i] = '+';
    return moment_read(text, utc_ms);
}

int64_t api_open_utc_ms(const struct request *request)
{
    int64_t utc_ms = clock_utc_ms();
    (void)is_time(request_query(request, "open"), &utc_ms);
    return utc_ms;
}

enum err api_open_read(struct request *request, const struct tools *tools, bool travels,
                       struct api_open *open)
{
    const struct holidays *holidays = tools->service->holidays;
    int when = API_OPEN_ANY;
    int64_t utc_ms = clock_utc_ms();
    enum err e = ERR_OK;
    if (is_time(request_query(request, "open"), &utc_ms))
        when = API_OPEN_NOW;
    else
        e = request_word(request, "open", words, &when);
    if (e) return e;
    if (when == API_OPEN_ARRIVAL && !travels)
        return problem_say(request->problem, PROBLEM_PARAMETER, "open",
                           "arrival needs by=time or along: give now, or say how one travels");
    *open = (struct api_open){.when = (enum api_open_when)when,
                              .places = tools->snapshot->places,
                              .calendar = holidays ? holidays_calendar(holidays) : NULL,
                              .utc_ms = utc_ms,
                              .minute = -1};
    return ERR_OK;
}

const struct placeset_moment *api_open_now(struct api_open *open)
{
    if (open->when != API_OPEN_NOW) return NULL;
    set_moment(open, open->utc_ms);
    return &open->moment;
}

bool api_open_at(struct api_open *open, uint32_t place, uint32_t travel_ms)
{
    bool arrives = open->when == API_OPEN_ARRIVAL;
    set_moment(open, open->utc_ms + (arrives ? open->gone_ms + travel_ms : 0));
    return placeset_state_at(open->places, place, &open->moment) == HOURS_OPEN;
}
