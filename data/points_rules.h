/* The rules of points as an operator's data (data/points/NAME.yaml): what kinds of points there
 * are, how many a case brings whom, and which of its states makes them wait, good, or void. */
#ifndef YZ_DATA_POINTS_RULES_H
#define YZ_DATA_POINTS_RULES_H

#include "data/kinds.h"

enum { POINTS_RULES_MAX = 100000 /* points that any number of a rule may be */ };

/* Who gets what share of a case: its reporter in full, the others little. */
enum points_share { POINTS_REPORTER, POINTS_JOINER, POINTS_REPEAT, POINTS_SHARES };
const char *points_share_name(enum points_share share);

/* What one kind of case brings. The lists of states end with NULL. */
struct points_rule {
    const char *kind;   /* of case */
    const char *points; /* the kind of points */
    const char *const *pending, *const *settled, *const *voided;
    int64_t amounts[POINTS_SHARES];
    struct points_category {
        const char *code;
        int64_t amount; /* of the reporter; 0: nobody gets any */
    } * categories;     /* that say another number */
    size_t category_count;
};

/* What brings points besides cases and hands, and how many. */
enum points_source { POINTS_ACTIVITY, POINTS_LESSON, POINTS_SOURCES };
/* "activity", "lesson": the ledger's `source`. */
const char *points_source_name(enum points_source source);
struct points_bounds {
    int64_t most;              /* that one brings somebody; 0: none brings any */
    int64_t day_cap, week_cap; /* that they bring somebody together; 0: no cap */
};

/* A kind of points. */
struct points_kind {
    const char *code;
    struct kinds_label label;
    int64_t day_cap, week_cap; /* of cases; 0: none */
    int64_t hand_max;          /* that are given by hand at once; 0: none are */
    int64_t hand_day;          /* and by one giver in a day */
    struct points_bounds bounds[POINTS_SOURCES];
    const struct points_rule *rules;
    size_t rule_count;
};

struct points_rules; /* read-only once loaded; shared by all threads */

/* Reads every *.yaml of a folder, in order of name, and holds it against the kinds of cases, which
 * are not kept. Mistakes are told with file and line. ERR_NOTFOUND: there is no such folder.
 * points_rules_free(NULL) is fine. */
enum err points_rules_load(const char *folder, const struct kinds *kinds,
                           struct points_rules **rules, struct why *why);
/* One kind of points from text; `name` stands for the file in messages. */
enum err points_rules_parse(const char *name, const char *text, size_t len,
                            const struct kinds *kinds, struct points_rules **rules,
                            struct why *why);
void points_rules_free(struct points_rules *rules);

/* Of NULL there are none. */
size_t points_rules_count(const struct points_rules *rules);
const struct points_kind *points_rules_at(const struct points_rules *rules, size_t i);

/* NULL where there is none. */
const struct points_kind *points_rules_find(const struct points_rules *rules, const char *code);
const struct points_rule *points_rules_of(const struct points_rules *rules, const char *case_kind);

/* How many a share of a case of this category is. */
int64_t points_rules_amount(const struct points_rule *rule, const char *category,
                            enum points_share share);

#endif
