/* When a place is open: OpenStreetMap's opening_hours values, compiled once and asked often.
 *
 * Syntax and meaning are those of
 * https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification (version 0.7). Covered:
 *
 *   24/7                                always
 *   Mo-Fr,Su   Sa-Mo   Mo[1]   Fr[-1]   weekdays, ranges round the week, the nth of a month
 *   PH   SH    PH,Mo   PH Mo-Fr         public and school holidays; or weekdays, and weekdays
 *   08:00-12:00,14:00-18:00             several times
 *   22:00-02:00   20:00-26:00           over midnight: belongs to the day it begins on
 *   18:00+   10:00-16:00+               open end: unknown from there on
 *   sunrise-sunset   10:00-(dusk-01:00) variable times: unknown wherever they could reach
 *   Mar-Oct   Dec 25-Jan 3   Jan 1,5    months and dates
 *   2024   2024-2026   2024+   2024-2030/2   2026 Feb 15-2026 Feb 23   years
 *   week 1-10   week 2-52/2             ISO 8601 weeks
 *   open  closed  off  unknown  "text"  what holds then; text alone is unknown
 *   ;   ,   ||                          overrides the whole day; adds to the rule before it (a
 *                                       fallback, too); a fallback, where all before it is closed
 *
 * Also read: names of three letters or in full, in any case ("mon"), one digit for the hour, dashes
 * and punctuation of other keyboards, and the Chinese of offices' tables as far as hours_plain.c
 * has its words ("周一至周五 8:00-18:00，法定节假日休息", "24小时"). Everything else (easter,
 * offsets of days, points in time, intervals within a day, a comment as a selector) makes the whole
 * value unknown: what is not understood is never open.
 *
 * Of rules separated by `;` the last that fits the day and says open or unknown counts alone, as
 * the specification has it: it also takes away what runs over midnight from the day before, and one
 * that has only times does so only where the rule before it has only times, too. Rules that say
 * closed take away their own times and nothing else.
 *
 * Days are counted from 1970-01-01 in the place's own calendar, minutes from its midnight. */
#ifndef YZ_GEO_PLACE_HOURS_H
#define YZ_GEO_PLACE_HOURS_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hours_state { HOURS_CLOSED, HOURS_OPEN, HOURS_UNKNOWN };

struct hours; /* read-only once made */

enum { HOURS_MAX_TEXT = 1000, HOURS_MINUTES = 24 * 60 };

/* Compiles `len` bytes. ERR_FORMAT, with a sentence, for what is not understood; ERR_NOMEM. */
enum err hours_parse(const char *text, size_t len, struct hours **hours, struct why *why);
void hours_free(struct hours *hours); /* NULL does nothing */

/* What is known of a country's public holidays; arrays ascending, borrowed. Zeroed: nothing, so
 * that what depends on a holiday is unknown. */
struct hours_calendar {
    const int32_t *holidays; /* days */
    size_t holiday_count;
    const int32_t *workdays; /* days off that are worked to make up for a holiday */
    size_t workday_count;
    const int16_t *years; /* of which the lists are complete */
    size_t year_count;
};

/* A day, as far as rules ask for it. */
struct hours_day {
    int32_t year, date; /* date: year, month, day of the month in one ascending number */
    uint8_t weekday;    /* 0: Monday */
    uint8_t week;       /* ISO 8601 */
    uint16_t nth;       /* bits: the how-manieth such weekday of its month */
    bool holiday, holiday_unknown, workday;
};

/* A minute and its day and the one before: made once, asked of any number of places. */
struct hours_moment {
    struct hours_day today, yesterday;
    int32_t day;
    uint32_t minute;
};
/* `minute` may be any number of days ahead. `calendar` may be NULL. */
struct hours_moment hours_moment_of(const struct hours_calendar *calendar, int32_t day,
                                    uint32_t minute);

/* The day of a date in the Gregorian calendar, month and day from 1. */
int32_t hours_day_of(int32_t year, unsigned month, unsigned day);

/* Whether it is open at that minute. Where that hangs on what nobody told (whether the day is a
 * holiday; school holidays, always; whether a day that is worked to make up for a holiday goes by
 * its name or as the working day beside it) it is unknown unless all possibilities agree. `comment`
 * (may be NULL) becomes the text of the rule that decided, borrowed, or NULL. `hours` NULL:
 * unknown. */
enum hours_state hours_at(const struct hours *hours, const struct hours_moment *moment,
                          const char **comment);

/* The first minute after the given one at which hours_at says something else than at it, and what.
 * The days are gone through, not the minutes: those at which a time of the value begins or ends,
 * and of days with the same rules one. False, `*change` untouched: none within HOURS_HORIZON_DAYS.
 */
enum { HOURS_HORIZON_DAYS = 400 };
struct hours_change {
    int32_t day;
    uint32_t minute;
    enum hours_state to;
};
bool hours_next_change(const struct hours *hours, const struct hours_calendar *calendar,
                       int32_t day, uint32_t minute, struct hours_change *change);

#endif
