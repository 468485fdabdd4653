/* What hours_parse.c makes and hours.c reads; nobody else's business. */
#ifndef YZ_GEO_PLACE_HOURS_RULES_H
#define YZ_GEO_PLACE_HOURS_RULES_H

#include "geo/place/hours.h"

enum { HOURS_WEEKDAYS = 7, HOURS_WEEKS = 53, HOURS_ALL_NTH = 0x3ff };
enum { HOURS_FOREVER = INT32_MAX / 1024 }; /* a year */

enum hours_kind { HOURS_NORMAL, HOURS_ADDITIONAL, HOURS_FALLBACK };

/* An open end is unknown within, unless the rule says closed; a vague one, all minutes that a time
 * which hangs on the sun could reach, is unknown always. */
enum hours_doubt { HOURS_SURE, HOURS_OPEN_END, HOURS_VAGUE };

/* What in the sky a time hangs on. */
enum hours_sun { HOURS_CLOCK, HOURS_DAWN, HOURS_SUNRISE, HOURS_SUNSET, HOURS_DUSK };

/* One end of a span as it was written: minutes of the clock, or before (-) and after what the sun
 * does. Only who says it in words asks. */
struct hours_end {
    uint8_t sun;
    int16_t minutes;
};

/* Minutes of the day it begins on; `to` is above `from` and at most two days. Of several that hold
 * the last counts. */
struct hours_span {
    uint16_t from, to;
    uint8_t doubt;
    bool later; /* vague, and said to have an open end */
    struct hours_end begins, ends;
};

/* Dates from one to the other, both included; yearly ones without their year, and then also round
 * the turn of the year. */
struct hours_dates {
    int32_t from, to;
    bool yearly;
};

struct hours_years {
    int32_t from, to, step;
};

/* Selectors of different kinds must all hold, of one kind any. Runs are positions in the arrays of
 * struct hours. */
struct hours_rule {
    uint16_t year_first, year_count, date_first, date_count, span_first, span_count;
    uint16_t comment; /* position in the comments; 0: none */
    uint64_t weeks;   /* bit w: ISO week w; 0: any */
    uint16_t nth[HOURS_WEEKDAYS];
    bool has_weekdays, public_holidays, school_holidays;
    bool both; /* weekdays that are holidays; otherwise either */
    uint8_t state, kind;
};

/* One block of memory. */
struct hours {
    struct hours_rule *rules;
    struct hours_years *years;
    struct hours_dates *dates;
    struct hours_span *spans;
    uint16_t *edges; /* minutes of a day at which something may change, ascending; 0 is one */
    char *comments;
    uint16_t rule_count, edge_count;
    bool has_weekdays, public_holidays, school_holidays; /* of any rule */
    bool alike;                                          /* every rule holds on every day */
};

static inline bool hours_rule_dated(const struct hours_rule *r)
{
    return r->year_count || r->date_count || r->weeks || r->has_weekdays || r->public_holidays ||
           r->school_holidays;
}

/* Year, month and day of the month in one ascending number; without the year: year 0. */
static inline int32_t hours_date(int32_t year, unsigned month, unsigned day)
{
    return year * 512 + (int32_t)(month * 32 + day);
}

/* The longest that a month can be. */
static inline unsigned hours_month_length(unsigned month)
{
    return month == 2 ? 29 : 30 + ((month + (month > 7)) & 1);
}

#endif
