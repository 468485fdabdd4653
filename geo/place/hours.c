#include "geo/place/hours.h"

#include "geo/place/hours_rules.h"

#include <stdlib.h>

/* ---- days ---- */

static int32_t floor_div(int32_t a, int32_t b)
{
    return a / b - (a % b < 0);
}

/* Days of the months before `month`, counting from March, so that a leap day comes last. */
static int32_t days_before(unsigned month)
{
    return (int32_t)((153 * ((month + 9) % 12) + 2) / 5);
}

int32_t hours_day_of(int32_t year, unsigned month, unsigned day)
{
    int32_t y = year - (month < 3); /* years begin in March */
    int32_t leaps = floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400);
    return 365 * y + leaps + days_before(month) + (int32_t)day - 719469;
}

static void date_of(int32_t day, int32_t *year, unsigned *month, unsigned *mday)
{
    int32_t y = 1970 + floor_div(day, day < 0 ? 365 : 366); /* never too late */
    while (day >= hours_day_of(y + 1, 1, 1))
        y++;
    unsigned m = (unsigned)((day - hours_day_of(y, 1, 1)) / 31) + 1;
    while (m < 12 && day >= hours_day_of(y, m + 1, 1))
        m++;
    *year = y;
    *month = m;
    *mday = (unsigned)(day - hours_day_of(y, m, 1)) + 1;
}

static unsigned weekday_of(int32_t day)
{
    return (unsigned)(day + 3 - 7 * floor_div(day + 3, 7)); /* 1970 began on a Thursday */
}

static unsigned week_of(int32_t day, int32_t year)
{
    int32_t thursday = day - (int32_t)weekday_of(day) + 3; /* its year is the week's */
    int32_t first = hours_day_of(year, 1, 1);
    if (thursday < first)
        first = hours_day_of(year - 1, 1, 1);
    else if (thursday >= hours_day_of(year + 1, 1, 1))
        first = hours_day_of(year + 1, 1, 1);
    return (unsigned)((thursday - first) / 7) + 1;
}

static bool has_day(const int32_t *days, size_t count, int32_t day)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (days[middle] == day) return true;
        if (days[middle] < day)
            low = middle + 1;
        else
            count = middle;
    }
    return false;
}

static struct hours_day day_facts(const struct hours_calendar *calendar, int32_t day)
{
    struct hours_day d = {.holiday_unknown = true};
    unsigned month, mday;
    date_of(day, &d.year, &month, &mday);
    unsigned length =
        month == 12
            ? 31
            : (unsigned)(hours_day_of(d.year, month + 1, 1) - hours_day_of(d.year, month, 1));
    d.date = hours_date(d.year, month, mday);
    d.weekday = (uint8_t)weekday_of(day);
    d.week = (uint8_t)week_of(day, d.year);
    d.nth = (uint16_t)(1u << (mday - 1) / 7 | 32u << (length - mday) / 7);
    if (!calendar) return d;
    for (size_t i = 0; i < calendar->year_count; i++)
        if (calendar->years[i] == d.year) d.holiday_unknown = false;
    d.holiday = has_day(calendar->holidays, calendar->holiday_count, day);
    d.workday = has_day(calendar->workdays, calendar->workday_count, day);
    return d;
}

struct hours_moment hours_moment_of(const struct hours_calendar *calendar, int32_t day,
                                    uint32_t minute)
{
    day += (int32_t)(minute / HOURS_MINUTES);
    return (struct hours_moment){.today = day_facts(calendar, day),
                                 .yesterday = day_facts(calendar, day - 1),
                                 .day = day,
                                 .minute = minute % HOURS_MINUTES};
}

/* ---- rules ---- */

/* One of the ways a day may turn out to be. */
struct kind_of_day {
    unsigned weekday;
    bool public_holiday, school_holiday;
};

static bool years_hold(const struct hours *h, const struct hours_rule *r, int32_t year)
{
    for (unsigned i = 0; i < r->year_count; i++) {
        const struct hours_years *y = &h->years[r->year_first + i];
        if (year >= y->from && year <= y->to && (year - y->from) % y->step == 0) return true;
    }
    return !r->year_count;
}

static bool dates_hold(const struct hours *h, const struct hours_rule *r, const struct hours_day *d)
{
    for (unsigned i = 0; i < r->date_count; i++) {
        const struct hours_dates *range = &h->dates[r->date_first + i];
        int32_t date = range->yearly ? d->date - hours_date(d->year, 0, 0) : d->date;
        bool after = date >= range->from, before = date <= range->to;
        if (range->from <= range->to ? after && before : after || before) return true;
    }
    return !r->date_count;
}

static bool weekday_holds(const struct hours_rule *r, const struct hours_day *d,
                          const struct kind_of_day *kind)
{
    bool holidays = r->public_holidays || r->school_holidays;
    bool named = r->has_weekdays && r->nth[kind->weekday] & d->nth;
    bool off = (r->public_holidays && kind->public_holiday) ||
               (r->school_holidays && kind->school_holiday);
    if (r->both) return named && off;
    return named || off || (!r->has_weekdays && !holidays);
}

static bool day_holds(const struct hours *h, const struct hours_rule *r, const struct hours_day *d,
                      const struct kind_of_day *kind)
{
    return weekday_holds(r, d, kind) && (!r->weeks || r->weeks >> d->week & 1) &&
           dates_hold(h, r, d) && years_hold(h, r, d->year);
}

struct verdict {
    enum hours_state state;
    const struct hours_rule *by;
};

static enum hours_state state_within(const struct hours_rule *r, const struct hours_span *s)
{
    bool doubtful =
        s->doubt == HOURS_VAGUE || (s->doubt == HOURS_OPEN_END && r->state != HOURS_CLOSED);
    return doubtful ? HOURS_UNKNOWN : (enum hours_state)r->state;
}

/* The times of a rule at `minute`, counted from the midnight that its day began with. */
static void apply(const struct hours *h, const struct hours_rule *r, unsigned minute,
                  struct verdict *v)
{
    for (unsigned i = 0; i < r->span_count; i++) {
        const struct hours_span *s = &h->spans[r->span_first + i];
        if (minute < s->from || minute >= s->to) continue;
        if (r->kind == HOURS_FALLBACK && v->state != HOURS_CLOSED) continue;
        *v = (struct verdict){state_within(r, s), r};
    }
    if (r->span_count || minute >= HOURS_MINUTES) return;
    if (r->kind == HOURS_FALLBACK && v->state != HOURS_CLOSED) return;
    *v = (struct verdict){(enum hours_state)r->state, r};
}

/* Whether a rule that fits the day does away with what the rules before it said of it. */
static bool overrides(const struct hours *h, unsigned i)
{
    const struct hours_rule *r = &h->rules[i];
    if (r->kind != HOURS_NORMAL || r->state == HOURS_CLOSED) return false;
    if (hours_rule_dated(r)) return true;
    return i > 0 && r->state == HOURS_OPEN && !hours_rule_dated(r - 1);
}

static struct verdict judge(const struct hours *h, const struct hours_moment *m,
                            const struct kind_of_day kinds[2])
{
    struct verdict v = {HOURS_CLOSED, NULL};
    for (unsigned i = 0; i < h->rule_count; i++) {
        const struct hours_rule *r = &h->rules[i];
        if (day_holds(h, r, &m->today, &kinds[0])) {
            if (overrides(h, i)) v = (struct verdict){HOURS_CLOSED, NULL};
            apply(h, r, m->minute, &v);
        }
        if (r->span_count && day_holds(h, r, &m->yesterday, &kinds[1]))
            apply(h, r, m->minute + HOURS_MINUTES, &v);
    }
    return v;
}

/* The two working weekdays beside a weekend. */
static unsigned neighbour(unsigned weekday)
{
    return weekday == 6 ? 0 : weekday == 5 ? 4 : weekday;
}

/* What of a day can be one way or the other, as far as these rules ask: bits. */
enum { EITHER_PUBLIC = 1, EITHER_SCHOOL = 2, EITHER_WEEKDAY = 4, EITHER_BITS = 3 };

static unsigned open_questions(const struct hours *h, const struct hours_day *d)
{
    return (h->public_holidays && d->holiday_unknown ? EITHER_PUBLIC : 0u) |
           (h->school_holidays ? EITHER_SCHOOL : 0u) |
           (h->has_weekdays && d->workday ? EITHER_WEEKDAY : 0u);
}

static struct kind_of_day kind_of(const struct hours_day *d, unsigned answers)
{
    return (struct kind_of_day){.weekday =
                                    answers & EITHER_WEEKDAY ? neighbour(d->weekday) : d->weekday,
                                .public_holiday = d->holiday || answers & EITHER_PUBLIC,
                                .school_holiday = answers & EITHER_SCHOOL};
}

enum hours_state hours_at(const struct hours *hours, const struct hours_moment *moment,
                          const char **comment)
{
    if (comment) *comment = NULL;
    if (!hours) return HOURS_UNKNOWN;
    unsigned questions = open_questions(hours, &moment->today) |
                         open_questions(hours, &moment->yesterday) << EITHER_BITS;
    struct verdict first = {HOURS_UNKNOWN, NULL};
    unsigned answers = questions; /* then every subset of them, down to none */
    for (bool begun = false;; begun = true) {
        const struct kind_of_day kinds[2] = {kind_of(&moment->today, answers),
                                             kind_of(&moment->yesterday, answers >> EITHER_BITS)};
        struct verdict v = judge(hours, moment, kinds);
        if (begun && v.state != first.state) return HOURS_UNKNOWN;
        first = v;
        if (!answers) break;
        answers = (answers - 1) & questions;
    }
    if (comment && first.by && first.by->comment) *comment = hours->comments + first.by->comment;
    return first.state;
}

bool hours_next_change(const struct hours *hours, const struct hours_calendar *calendar,
                       int32_t day, uint32_t minute, int32_t *next_day, uint32_t *next_minute)
{
    if (!hours) return false;
    struct hours_moment m = hours_moment_of(calendar, day, minute);
    enum hours_state now = hours_at(hours, &m, NULL);
    const int32_t first = m.day, last = m.day + HOURS_HORIZON_DAYS;
    const uint32_t after = m.minute;
    for (;;) {
        for (unsigned i = 0; i < hours->edge_count; i++) {
            if (m.day == first && hours->edges[i] <= after) continue;
            m.minute = hours->edges[i];
            if (hours_at(hours, &m, NULL) == now) continue;
            *next_day = m.day;
            *next_minute = m.minute;
            return true;
        }
        if (m.day == last) return false;
        m = (struct hours_moment){day_facts(calendar, m.day + 1), m.today, m.day + 1, 0};
    }
}

void hours_free(struct hours *hours)
{
    free(hours);
}
