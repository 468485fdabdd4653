#include "geo/place/hours_form.h"

static const char *const weekday_names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                            "friday", "saturday", "sunday",    NULL};
static const char *const holiday_names[] = {"ph", "sh", NULL};
static const char *const month_names[] = {"january",  "february", "march",  "april",     "may",
                                          "june",     "july",     "august", "september", "october",
                                          "november", "december", NULL};

/* ---- years, dates, weeks ---- */

static bool at_year(struct hours_form *p)
{
    return hours_text_digits(&p->in) == 4 && p->in.text[p->in.at + 4] != ':';
}

static int32_t take_year(struct hours_form *p)
{
    return (int32_t)hours_text_number(&p->in, 4, 1000, 9999, "a year");
}

static void read_years(struct hours_form *p, struct hours_rule *r)
{
    r->year_first = (uint16_t)p->year_count;
    do {
        struct hours_years y = {.step = 1};
        y.from = y.to = take_year(p);
        if (hours_text_take(&p->in, '-')) {
            y.to = take_year(p);
            if (hours_text_take(&p->in, '/'))
                y.step = (int32_t)hours_text_number(&p->in, 3, 1, 999, "a number of years");
        } else if (hours_text_take(&p->in, '+')) {
            y.to = HOURS_FOREVER;
        }
        if (y.to < y.from) hours_text_fail(&p->in, "a later year");
        if (p->year_count == HOURS_MAX_RUNS) hours_text_fail(&p->in, "a shorter list");
        if (p->in.failed) return;
        p->years[p->year_count++] = y;
        r->year_count++;
    } while (hours_text_is_digit(hours_text_behind_comma(&p->in)) && hours_text_take(&p->in, ','));
}

/* A month, perhaps a year before it and a day behind it. */
struct date {
    int32_t year; /* 0: none */
    unsigned month, day;
};

static bool at_day(struct hours_form *p)
{
    size_t n = hours_text_digits(&p->in);
    return n > 0 && n <= 2 && !hours_text_at_clock(&p->in);
}

static void take_day(struct hours_form *p, struct date *d)
{
    d->day = hours_text_number(&p->in, 2, 1, hours_month_length(d->month), "a day of the month");
}

static struct date take_date(struct hours_form *p, int32_t year)
{
    struct date d = {.year = year};
    if (at_year(p)) d.year = take_year(p);
    int month = hours_text_take_word(&p->in, month_names, 3);
    if (month < 0) hours_text_fail(&p->in, "a month");
    d.month = (unsigned)(month < 0 ? 1 : month + 1);
    if (at_day(p)) take_day(p, &d);
    return d;
}

static void add_dates(struct hours_form *p, struct hours_rule *r, struct date from, struct date to)
{
    if (!to.year) to.year = from.year;
    struct hours_dates d = {
        .from = hours_date(from.year, from.month, from.day ? from.day : 1),
        .to = hours_date(to.year, to.month, to.day ? to.day : hours_month_length(to.month)),
        .yearly = !from.year};
    if ((!from.year && to.year) || (from.year && d.to < d.from))
        hours_text_fail(&p->in, "a year for both dates");
    if (r->date_count && p->dates[r->date_first].yearly != d.yearly)
        hours_text_fail(&p->in, "a year for every date or for none");
    if (p->date_count == HOURS_MAX_RUNS) hours_text_fail(&p->in, "a shorter list");
    if (p->in.failed) return;
    p->dates[p->date_count++] = d;
    r->date_count++;
}

/* One range; `*last` stays the month that a list of days goes on in. */
static void read_date_range(struct hours_form *p, struct hours_rule *r, struct date *last)
{
    struct date from = *last, to;
    if (at_day(p))
        take_day(p, &from);
    else
        from = take_date(p, 0);
    to = from;
    if (hours_text_take(&p->in, '-')) {
        if (from.day && at_day(p)) {
            take_day(p, &to);
            if (to.day < from.day) hours_text_fail(&p->in, "a later day");
        } else {
            to = take_date(p, 0);
            if (!from.day != !to.day) hours_text_fail(&p->in, "a day for both months");
        }
    } else if (from.year && from.day && hours_text_take(&p->in, '+')) {
        to = (struct date){HOURS_FOREVER, 12, 31};
    }
    add_dates(p, r, from, to);
    *last = to;
}

/* Whether a list of dates goes on behind the comma here. */
static bool more_dates(struct hours_form *p, const struct date *last)
{
    size_t at = p->in.at;
    if (!hours_text_take(&p->in, ',')) return false;
    bool more = hours_text_find(&p->in, month_names, 3) >= 0 || (last->day && at_day(p));
    if (!more && at_year(p)) {
        p->in.at += 4;
        more = hours_text_find(&p->in, month_names, 3) >= 0;
    }
    p->in.at = at;
    return more;
}

static void read_dates(struct hours_form *p, struct hours_rule *r)
{
    struct date last = {0};
    r->date_first = (uint16_t)p->date_count;
    do {
        read_date_range(p, r, &last);
    } while (!p->in.failed && more_dates(p, &last) && hours_text_take(&p->in, ','));
}

static void read_weeks(struct hours_form *p, struct hours_rule *r)
{
    do {
        unsigned from = hours_text_number(&p->in, 2, 1, 53, "a week"), to = from, step = 1;
        if (hours_text_take(&p->in, '-')) {
            to = hours_text_number(&p->in, 2, from, 53, "a later week");
            if (hours_text_take(&p->in, '/'))
                step = hours_text_number(&p->in, 2, 1, 53, "a number of weeks");
        }
        for (unsigned w = from; w <= to; w += step)
            r->weeks |= UINT64_C(1) << w;
    } while (hours_text_is_digit(hours_text_behind_comma(&p->in)) && hours_text_take(&p->in, ','));
}

/* Years before everything; where a month follows at once, the year is that date's. */
static void read_wide(struct hours_form *p, struct hours_rule *r)
{
    if (at_year(p)) {
        size_t at = p->in.at;
        p->in.at += 4;
        bool of_date = hours_text_find(&p->in, month_names, 3) >= 0;
        p->in.at = at;
        if (of_date)
            read_dates(p, r);
        else
            read_years(p, r);
    }
    if (!r->date_count && !p->in.failed && hours_text_find(&p->in, month_names, 3) >= 0)
        read_dates(p, r);
    if (!p->in.failed && hours_text_take_name(&p->in, "week")) read_weeks(p, r);
    if (hours_rule_dated(r)) hours_text_take(&p->in, ':');
}

/* ---- weekdays and holidays ---- */

/* Mo[1,3-4,-1] */
static uint16_t take_nth(struct hours_form *p)
{
    uint16_t nth = 0;
    if (!hours_text_take(&p->in, '[')) return HOURS_ALL_NTH;
    do {
        bool from_end = hours_text_take(&p->in, '-');
        unsigned from = hours_text_number(&p->in, 1, 1, 5, "a number from 1 to 5"), to = from;
        if (!from_end && hours_text_take(&p->in, '-'))
            to = hours_text_number(&p->in, 1, from, 5, "a larger number up to 5");
        for (unsigned n = from; n <= to; n++)
            nth |= (uint16_t)((from_end ? 32u : 1u) << (n - 1));
    } while (hours_text_take(&p->in, ','));
    if (!hours_text_take(&p->in, ']')) hours_text_fail(&p->in, "]");
    return nth;
}

static void read_weekday(struct hours_form *p, struct hours_rule *r)
{
    int from = hours_text_take_word(&p->in, weekday_names, 2), to = from;
    uint16_t nth = take_nth(p);
    if (nth == HOURS_ALL_NTH && hours_text_take(&p->in, '-'))
        to = hours_text_take_word(&p->in, weekday_names, 2);
    if (from < 0 || to < 0) {
        hours_text_fail(&p->in, "a weekday");
        return;
    }
    for (int d = from;; d = (d + 1) % HOURS_WEEKDAYS) {
        r->nth[d] |= nth;
        if (d == to) break;
    }
    r->has_weekdays = true;
}

static bool take_holiday(struct hours_form *p, struct hours_rule *r)
{
    int holiday = hours_text_take_word(&p->in, holiday_names, 0);
    r->public_holidays |= holiday == 0;
    r->school_holidays |= holiday == 1;
    return holiday >= 0;
}

static bool at_days(struct hours_form *p)
{
    return hours_text_find(&p->in, holiday_names, 0) >= 0 ||
           hours_text_find(&p->in, weekday_names, 2) >= 0;
}

/* Whether behind the comma here a weekday or a holiday follows. */
static bool more_days(struct hours_form *p)
{
    size_t at = p->in.at;
    if (!hours_text_take(&p->in, ',')) return false;
    bool more = at_days(p);
    p->in.at = at;
    return more;
}

static void read_days(struct hours_form *p, struct hours_rule *r)
{
    bool only_holidays = true;
    for (bool more = true; more && !p->in.failed;) {
        if (!take_holiday(p, r)) {
            read_weekday(p, r);
            only_holidays = false;
        }
        if (hours_text_peek(&p->in) == '+' || hours_text_peek(&p->in) == '-')
            hours_text_fail(&p->in, "no offset");
        more = more_days(p) && hours_text_take(&p->in, ',');
    }
    if (only_holidays && hours_text_find(&p->in, weekday_names, 2) >= 0) {
        r->both = true;
        do {
            read_weekday(p, r);
        } while (!p->in.failed && more_days(p) && hours_text_take(&p->in, ','));
    }
}

void hours_days_read(struct hours_form *form, struct hours_rule *rule)
{
    read_wide(form, rule);
    if (form->in.failed || !at_days(form)) return;
    read_days(form, rule);
    hours_text_take(&form->in, ':');
}
