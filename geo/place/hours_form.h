/* A value while it is being compiled: what hours_parse.c shares with its parts. */
#ifndef YZ_GEO_PLACE_HOURS_FORM_H
#define YZ_GEO_PLACE_HOURS_FORM_H

#include "geo/place/hours_rules.h"
#include "geo/place/hours_text.h"

enum { HOURS_MAX_RULES = 64, HOURS_MAX_RUNS = 128 }; /* runs: of years, dates and spans each */

struct hours_form {
    struct hours_text in;
    struct hours_rule rules[HOURS_MAX_RULES];
    struct hours_years years[HOURS_MAX_RUNS];
    struct hours_dates dates[HOURS_MAX_RUNS];
    struct hours_span spans[HOURS_MAX_RUNS];
    char comments[HOURS_MAX_TEXT + HOURS_MAX_RULES + 1];
    size_t rule_count, year_count, date_count, span_count, comment_len;
};

/* Read the selectors of a rule, as far as they are there, or fail in `form->in`. */
void hours_days_read(struct hours_form *form, struct hours_rule *rule);
void hours_times_read(struct hours_form *form, struct hours_rule *rule);

#endif
