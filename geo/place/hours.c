#include "geo/place/hours.h"

#include "geo/place/hours_rules.h"

#include <stdlib.h>
#include <string.h>

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

/* What of a day can be one way or the other, as far as these rules ask: bits. */
enum { EITHER_PUBLIC = 1, EITHER_SCHOOL = 2, EITHER_WEEKDAY = 4, EITHER_ALL = 7 };

/* The rules that hold on a day, a bit each, for every way in which its open questions (bits) may be
 * answered. */
struct day_rules {
    uint64_t hold[EITHER_ALL + 1]; /* by answers; those of other questions are 0 */
    unsigned questions;
};

static struct verdict judge(const struct hours *h, unsigned minute, uint64_t today,
                            uint64_t yesterday)
{
    struct verdict v = {HOURS_CLOSED, NULL};
    for (uint64_t left = today | yesterday; left; left &= left - 1) {
        unsigned i = (unsigned)__builtin_ctzll(left);
        const struct hours_rule *r = &h->rules[i];
        if (today >> i & 1) {
            if (overrides(h, i)) v = (struct verdict){HOURS_CLOSED, NULL};
            apply(h, r, minute, &v);
        }
        if (r->span_count && yesterday >> i & 1) apply(h, r, minute + HOURS_MINUTES, &v);
    }
    return v;
}

/* The two working weekdays beside a weekend. */
static unsigned neighbour(unsigned weekday)
{
    return weekday == 6 ? 0 : weekday == 5 ? 4 : weekday;
}

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

static uint64_t holding(const struct hours *h, const struct hours_day *d, unsigned answers)
{
    const struct kind_of_day kind = kind_of(d, answers);
    uint64_t hold = 0;
    for (unsigned i = 0; i < h->rule_count; i++)
        if (day_holds(h, &h->rules[i], d, &kind)) hold |= UINT64_C(1) << i;
    return hold;
}

static struct day_rules rules_of(const struct hours *h, const struct hours_day *d)
{
    struct day_rules rules = {.questions = open_questions(h, d)};
    for (unsigned answers = rules.questions;; answers = (answers - 1) & rules.questions) {
        rules.hold[answers] = holding(h, d, answers);
        if (!answers) return rules;
    }
}

/* What all answers agree on; of their verdicts the one where all are "no". */
static struct verdict verdict_at(const struct hours *h, unsigned minute,
                                 const struct day_rules *today, const struct day_rules *yesterday)
{
    struct verdict v = {HOURS_UNKNOWN, NULL};
    bool begun = false;
    for (unsigned a = today->questions;; a = (a - 1) & today->questions) {
        for (unsigned b = yesterday->questions;; b = (b - 1) & yesterday->questions) {
            struct verdict other = judge(h, minute, today->hold[a], yesterday->hold[b]);
            if (begun && other.state != v.state) return (struct verdict){HOURS_UNKNOWN, NULL};
            v = other;
            begun = true;
            if (!b) break;
        }
        if (!a) return v;
    }
}

static struct verdict verdict_of(const struct hours *h, const struct hours_moment *m)
{
    if (!(open_questions(h, &m->today) | open_questions(h, &m->yesterday)))
        return judge(h, m->minute, holding(h, &m->today, 0), holding(h, &m->yesterday, 0));
    const struct day_rules today = rules_of(h, &m->today), yesterday = rules_of(h, &m->yesterday);
    return verdict_at(h, m->minute, &today, &yesterday);
}

enum hours_state hours_at(const struct hours *hours, const struct hours_moment *moment,
                          const char **comment)
{
    if (comment) *comment = NULL;
    if (!hours) return HOURS_UNKNOWN;
    struct verdict v = verdict_of(hours, moment);
    if (comment && v.by && v.by->comment) *comment = hours->comments + v.by->comment;
    return v.state;
}

/* ---- the next change ---- */

/* Days on which nothing changed, by the rules that held: one of the same rules need not be gone
 * through again. What weekdays and holidays make of a week are a dozen. */
enum { STEADY_DAYS = 32 };

struct steady {
    struct day_rules today[STEADY_DAYS], yesterday[STEADY_DAYS];
    unsigned count;
};

static bool same_rules(const struct day_rules *a, const struct day_rules *b)
{
    return a->questions == b->questions && memcmp(a->hold, b->hold, sizeof a->hold) == 0;
}

static bool is_steady(const struct steady *s, const struct day_rules *today,
                      const struct day_rules *yesterday)
{
    for (unsigned i = 0; i < s->count && i < STEADY_DAYS; i++)
        if (same_rules(&s->today[i], today) && same_rules(&s->yesterday[i], yesterday)) return true;
    return false;
}

static void note_steady(struct steady *s, const struct day_rules *today,
                        const struct day_rules *yesterday)
{
    s->today[s->count % STEADY_DAYS] = *today;
    s->yesterday[s->count % STEADY_DAYS] = *yesterday;
    s->count++;
}

/* The first edge of a day, after the minute `after`, at which it is not as `now`. */
static bool change_within(const struct hours *h, int after, enum hours_state now,
                          const struct day_rules *today, const struct day_rules *yesterday,
                          struct hours_change *change)
{
    for (unsigned i = 0; i < h->edge_count; i++) {
        if (h->edges[i] <= after) continue;
        enum hours_state state = verdict_at(h, h->edges[i], today, yesterday).state;
        if (state == now) continue;
        change->minute = h->edges[i];
        change->to = state;
        return true;
    }
    return false;
}

bool hours_next_change(const struct hours *hours, const struct hours_calendar *calendar,
                       int32_t day, uint32_t minute, struct hours_change *change)
{
    if (!hours) return false;
    const struct hours_moment m = hours_moment_of(calendar, day, minute);
    struct day_rules today = rules_of(hours, &m.today), yesterday = rules_of(hours, &m.yesterday);
    const enum hours_state now = verdict_at(hours, m.minute, &today, &yesterday).state;
    const int32_t last = hours->alike ? 1 : HOURS_HORIZON_DAYS;
    struct steady steady;
    steady.count = 0;
    for (int32_t ahead = 0; ahead <= last; ahead++) {
        if (ahead) {
            const struct hours_day facts = day_facts(calendar, m.day + ahead);
            yesterday = today;
            today = rules_of(hours, &facts);
            if (is_steady(&steady, &today, &yesterday)) continue;
        }
        if (change_within(hours, ahead ? -1 : (int)m.minute, now, &today, &yesterday, change)) {
            change->day = m.day + ahead;
            return true;
        }
        if (ahead) note_steady(&steady, &today, &yesterday);
    }
    return false;
}

void hours_free(struct hours *hours)
{
    free(hours);
}
