#include "geo/place/outlook.h"

enum { MAX_HOURS = 4, MAX_STEPS = 1024 };
static const int64_t never = INT64_MAX;

/* What is asked about, and for each hours when they change next after a minute that was asked
 * before. */
struct course {
    const struct hours *const *hours;
    size_t count;
    const struct outlook_pause *pause;
    const struct hours_calendar *calendar;
    int64_t next[MAX_HOURS];
};

static int32_t day_of(int64_t minute)
{
    return (int32_t)(minute / HOURS_MINUTES - (minute % HOURS_MINUTES < 0));
}

static uint32_t minute_of(int64_t minute)
{
    return (uint32_t)(minute - (int64_t)day_of(minute) * HOURS_MINUTES);
}

static bool pauses(const struct course *c, int64_t minute)
{
    return c->pause && minute >= c->pause->from && minute < c->pause->to;
}

/* The state of all together; `each` gets that of each hours, `*comment` the words of the first that
 * decides. */
static enum hours_state state_at(const struct course *c, int64_t minute, enum hours_state *each,
                                 const char **comment)
{
    static const int rank[] = {[HOURS_CLOSED] = 0, [HOURS_UNKNOWN] = 1, [HOURS_OPEN] = 2};
    const struct hours_moment m = hours_moment_of(c->calendar, day_of(minute), minute_of(minute));
    enum hours_state state = c->count ? HOURS_CLOSED : HOURS_UNKNOWN;
    *comment = NULL;
    for (size_t i = 0; i < c->count; i++) {
        const char *words;
        each[i] = hours_at(c->hours[i], &m, &words);
        if (rank[each[i]] > rank[state] || (each[i] == state && !*comment)) *comment = words;
        if (rank[each[i]] > rank[state]) state = each[i];
    }
    if (!pauses(c, minute)) return state;
    *comment = *c->pause->reason ? c->pause->reason : NULL;
    return HOURS_CLOSED;
}

static int64_t next_of(struct course *c, size_t i, int64_t minute)
{
    struct hours_change change;
    if (c->next[i] > minute) return c->next[i];
    bool changes =
        hours_next_change(c->hours[i], c->calendar, day_of(minute), minute_of(minute), &change);
    c->next[i] = changes ? (int64_t)change.day * HOURS_MINUTES + change.minute : never;
    return c->next[i];
}

/* A minute after this one before which nothing changes. While one of them is open all together are,
 * so that then those that are open must all have changed. */
static int64_t next_step(struct course *c, int64_t minute, enum hours_state state,
                         const enum hours_state *each)
{
    if (pauses(c, minute)) return c->pause->to;
    const bool open = state == HOURS_OPEN;
    int64_t step = open ? minute : never;
    for (size_t i = 0; i < c->count; i++) {
        if (open && each[i] != HOURS_OPEN) continue;
        int64_t next = next_of(c, i, minute);
        if (open ? next > step : next < step) step = next;
    }
    if (c->pause && c->pause->from > minute && c->pause->from < step) step = c->pause->from;
    return step;
}

struct outlook outlook_of(const struct hours *const *hours, size_t count,
                          const struct outlook_pause *pause, const struct hours_calendar *calendar,
                          int64_t minute)
{
    struct course c = {.hours = hours,
                       .count = count < MAX_HOURS ? count : (size_t)MAX_HOURS,
                       .pause = pause,
                       .calendar = calendar,
                       .next = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN}};
    enum hours_state each[MAX_HOURS];
    const char *ignored;
    struct outlook o = {.paused = pauses(&c, minute)};
    o.state = state_at(&c, minute, each, &o.comment);
    const int64_t start = o.paused && pause->to != OUTLOOK_FOR_GOOD ? pause->to : minute;
    const int64_t last = start + (int64_t)HOURS_HORIZON_DAYS * HOURS_MINUTES;
    int64_t at = minute;
    for (int i = 0; i < MAX_STEPS; i++) {
        at = next_step(&c, at, o.state, each);
        if (at > last) return o;
        enum hours_state state = state_at(&c, at, each, &ignored);
        if (state == o.state) continue;
        o.changes = true;
        o.at = at;
        o.to = state;
        return o;
    }
    return o;
}
