/* The words that hours_say.c and outlook_say.c build their sentences of; nobody else's business. */
#ifndef YZ_GEO_PLACE_HOURS_WORDS_H
#define YZ_GEO_PLACE_HOURS_WORDS_H

#include "geo/place/hours_rules.h"
#include "geo/place/hours_say.h"

/* "周一", "Mon" */
void hours_words_weekday(struct buf *out, enum hours_tongue tongue, unsigned weekday);
/* "3月5日", "5 Mar"; `day` 0: the month alone; `year` 0: without. */
void hours_words_date(struct buf *out, enum hours_tongue tongue, int32_t year, unsigned month,
                      unsigned day);
/* "08:05", "24:00" */
void hours_words_clock(struct buf *out, unsigned minute);

/* The years, dates and weeks of a rule; nothing where it has none. */
void hours_words_wide(struct buf *out, enum hours_tongue tongue, const struct hours *hours,
                      const struct hours_rule *rule);
/* Its weekdays and holidays, likewise: "每天", "周六、周日及法定节假日". */
void hours_words_days(struct buf *out, enum hours_tongue tongue, const struct hours_rule *rule);
/* Whether those are all seven weekdays of every week and no holiday. */
bool hours_words_daily(const struct hours_rule *rule);
/* Its times, likewise: "08:30–12:00、13:00–17:30". */
void hours_words_times(struct buf *out, enum hours_tongue tongue, const struct hours *hours,
                       const struct hours_rule *rule);

#endif
