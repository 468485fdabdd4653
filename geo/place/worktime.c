#include "geo/place/worktime.h"

#include "geo/base/zone.h"

enum { STRETCHES_MAX = 20000 }; /* some ten years of days with a lunch break */

/* A run of minutes that are all worked, or all not. */
struct stretch {
    struct zone_time at, end;
    bool worked, endless;
};

static bool is_work(const struct worktime *work, struct zone_time at)
{
    struct hours_moment moment = hours_moment_of(work->calendar, at.day, at.minute);
    return !work->hours || hours_at(work->hours, &moment, NULL) != HOURS_CLOSED;
}

/* From a minute on up to where it changes. Open may turn unknown, and work goes on. */
static struct stretch stretch_from(const struct worktime *work, struct zone_time at)
{
    struct stretch s = {.at = at, .end = at, .worked = is_work(work, at)};
    struct hours_change change;
    do {
        s.endless = !work->hours || !hours_next_change(work->hours, work->calendar, s.end.day,
                                                       s.end.minute, &change);
        if (s.endless) return s;
        s.end = (struct zone_time){change.day, change.minute};
    } while ((change.to != HOURS_CLOSED) == s.worked);
    return s;
}

static int64_t minutes_between(struct zone_time a, struct zone_time b)
{
    return ((int64_t)b.day - a.day) * HOURS_MINUTES + (int64_t)b.minute - a.minute;
}

static struct zone_time minutes_after(struct zone_time at, int64_t minutes)
{
    int64_t sum = at.minute + minutes, days = sum / HOURS_MINUTES;
    return (struct zone_time){(int32_t)(at.day + days), (uint32_t)(sum - days * HOURS_MINUTES)};
}

enum err worktime_due(const struct worktime *work, int64_t from_ms, int64_t minutes,
                      int64_t *due_ms)
{
    struct zone_time at = zone_time_of(from_ms);
    if (minutes < 1 || minutes > INT32_MAX) return ERR_RANGE;
    for (int i = 0; i < STRETCHES_MAX; i++) {
        struct stretch s = stretch_from(work, at);
        int64_t there = minutes_between(s.at, s.end);
        if (s.worked && (s.endless || there >= minutes)) {
            struct zone_time due = minutes_after(at, minutes);
            *due_ms = zone_utc_ms_of(due.day, due.minute);
            return ERR_OK;
        }
        if (s.endless) return ERR_RANGE;
        if (s.worked) minutes -= there;
        at = s.end;
    }
    return ERR_RANGE;
}

static int64_t worked_between(const struct worktime *work, struct zone_time at,
                              struct zone_time end)
{
    int64_t sum = 0;
    for (int i = 0; i < STRETCHES_MAX && minutes_between(at, end) > 0; i++) {
        struct stretch s = stretch_from(work, at);
        bool last = s.endless || minutes_between(end, s.end) >= 0;
        if (s.worked) sum += minutes_between(at, last ? end : s.end);
        if (last) break;
        at = s.end;
    }
    return sum;
}

int64_t worktime_between(const struct worktime *work, int64_t from_ms, int64_t to_ms)
{
    return worked_between(work, zone_time_of(from_ms), zone_time_of(to_ms));
}

int64_t worktime_day(const struct worktime *work)
{
    enum { MONDAY = 4, WEEK = 7 }; /* 5 January 1970 was one */
    const struct worktime usual = {work->hours, NULL};
    int64_t most = 0;
    for (int32_t day = MONDAY; day < MONDAY + WEEK; day++) {
        int64_t worked = worked_between(&usual, (struct zone_time){.day = day},
                                        (struct zone_time){.day = day + 1});
        most = worked > most ? worked : most;
    }
    return most;
}

/* Over a leap year without holidays, and the turn of the year before it. */
bool worktime_is_certain(const struct worktime *work)
{
    static const int16_t years[] = {2023, 2024, 2025};
    const struct hours_calendar calendar = {.years = years,
                                            .year_count = sizeof years / sizeof *years};
    const int32_t end = hours_day_of(2025, 1, 1);
    struct hours_change change = {.day = hours_day_of(2023, 12, 31)};
    struct hours_moment first = hours_moment_of(&calendar, change.day, change.minute);
    if (!work->hours) return true;
    change.to = hours_at(work->hours, &first, NULL);
    while (change.day < end && change.to != HOURS_UNKNOWN)
        if (!hours_next_change(work->hours, &calendar, change.day, change.minute, &change))
            return true;
    return change.to != HOURS_UNKNOWN;
}
