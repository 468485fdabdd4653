/* Time that is worked: how long something takes of the hours in which people are there, as
 * deadlines count it (工作时).
 *
 * Work goes by a value of opening hours and a calendar of holidays, in the process's zone
 * (geo/base/zone.h). Where the hours are unknown because nobody told which days are holidays, work
 * is taken to go on: a deadline is rather too early than never. Moments are milliseconds since
 * 1970, UTC; what is counted are whole minutes of the local calendar. */
#ifndef YZ_GEO_PLACE_WORKTIME_H
#define YZ_GEO_PLACE_WORKTIME_H

#include "geo/place/hours.h"

/* When people work; borrowed. `hours` NULL: always, day and night. */
struct worktime {
    const struct hours *hours;
    const struct hours_calendar *calendar;
};

/* The moment at which `minutes` (1 or more) have been worked since `from_ms`: within work, or at
 * its very end. ERR_RANGE: never within some years. */
enum err worktime_due(const struct worktime *work, int64_t from_ms, int64_t minutes,
                      int64_t *due_ms);

/* How many minutes are worked between two moments; 0 if the second is not later. What lies more
 * than some years ahead does not count. */
int64_t worktime_between(const struct worktime *work, int64_t from_ms, int64_t to_ms);

/* Whether it is always said if people work, as long as it is known which days are holidays: not by
 * hours that hang on the sun, on school holidays or on a comment. */
bool worktime_is_certain(const struct worktime *work);

/* How long a usual day is: the most that is worked on one of the seven days of a week without
 * holidays; 0 for hours that say nothing of any. A day and night has 1440. */
int64_t worktime_day(const struct worktime *work);

#endif
