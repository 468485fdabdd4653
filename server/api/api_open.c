#include "server/api/api_open.h"

#include "data/holidays.h"
#include "geo/base/clock.h"
#include "server/zone.h"

static const char *const words[] = {"any", "now", "arrival", NULL};

static void set_moment(struct api_open *open, int64_t utc_ms)
{
    int64_t minute = utc_ms / 60000;
    if (minute == open->minute) return;
    struct zone_time local = zone_time_of(utc_ms);
    open->minute = minute;
    open->moment = hours_moment_of(open->calendar, local.day, local.minute);
}

enum err api_open_read(struct request *request, const struct tools *tools, bool travels,
                       struct api_open *open)
{
    const struct holidays *holidays = tools->service->holidays;
    int when = API_OPEN_ANY;
    enum err e = request_word(request, "open", words, &when);
    if (e) return e;
    if (when == API_OPEN_ARRIVAL && !travels)
        return problem_say(request->problem, PROBLEM_PARAMETER, "open",
                           "arrival needs by=time or along: give now, or say how one travels");
    *open = (struct api_open){.when = (enum api_open_when)when,
                              .places = tools->snapshot->places,
                              .calendar = holidays ? holidays_calendar(holidays) : NULL,
                              .utc_ms = clock_utc_ms(),
                              .minute = -1};
    return ERR_OK;
}

const struct hours_moment *api_open_now(struct api_open *open)
{
    if (open->when == API_OPEN_ANY) return NULL;
    set_moment(open, open->utc_ms);
    return &open->moment;
}

bool api_open_at(struct api_open *open, uint32_t place, uint32_t travel_ms)
{
    bool arrives = open->when == API_OPEN_ARRIVAL;
    set_moment(open, open->utc_ms + (arrives ? open->gone_ms + travel_ms : 0));
    return openings_at(placeset_openings(open->places), place, &open->moment) == HOURS_OPEN;
}
