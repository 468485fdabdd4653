/* The kinds of activities as an operator's data (data/activities/NAME.yaml): what tasks (任务) and
 * events (活动) there are, how who takes part shows that they were there, what it brings, and what
 * is counted. */
#ifndef YZ_DATA_ACTIVITY_KINDS_H
#define YZ_DATA_ACTIVITY_KINDS_H

#include "data/points_rules.h"

enum {
    ACTIVITY_KINDS_NUMBERS = 8, /* that are counted of one kind, at most */
    ACTIVITY_KINDS_NUMBER_MAX = 100000
};

/* How somebody can check in, as bits 1 << this. */
enum activity_kinds_way { ACTIVITY_POSITION, ACTIVITY_CODE, ACTIVITY_STAFF, ACTIVITY_WAYS };
const char *activity_kinds_way_name(enum activity_kinds_way way);

/* What staff count when they confirm: visits made, people moved. */
struct activity_kinds_number {
    const char *code;
    struct kinds_label label;
    int64_t most; /* of one who took part */
};

struct activity_kinds_kind {
    const char *code;
    struct kinds_label label;
    bool is_event;      /* else a task */
    bool waiting_list;  /* who comes when all seats are taken can wait for one */
    bool confirm;       /* staff confirm each who took part; else checking in does */
    bool deeds;         /* who took part may tell of it */
    unsigned check_in;  /* ways */
    int64_t within_m;   /* of the place, by position */
    int64_t around_min; /* checking in is from so many minutes before until so many after */
    int64_t code_min;   /* for so long the code that staff show is the same; 0: for ever */
    const char *points; /* which it brings; NULL: none */
    int64_t amount;     /* of them, where an activity says nothing else */
    const struct activity_kinds_number *numbers;
    size_t number_count;
};

struct activity_kinds; /* read-only once loaded; shared by all threads */

/* Reads every *.yaml of a folder, in order of name, and holds it against the rules of points (NULL:
 * nobody gets any), which are not kept. Mistakes are told with file and line. ERR_NOTFOUND: there
 * is no such folder. activity_kinds_free(NULL) is fine. */
enum err activity_kinds_load(const char *folder, const struct points_rules *rules,
                             struct activity_kinds **kinds, struct why *why);
/* One kind from text; `name` stands for the file in messages. */
enum err activity_kinds_parse(const char *name, const char *text, size_t len,
                              const struct points_rules *rules, struct activity_kinds **kinds,
                              struct why *why);
void activity_kinds_free(struct activity_kinds *kinds);

/* Of NULL there are none. */
size_t activity_kinds_count(const struct activity_kinds *kinds);
const struct activity_kinds_kind *activity_kinds_at(const struct activity_kinds *kinds, size_t i);
/* NULL where there is none. */
const struct activity_kinds_kind *activity_kinds_find(const struct activity_kinds *kinds,
                                                      const char *code);
const struct activity_kinds_number *activity_kinds_number(const struct activity_kinds_kind *kind,
                                                          const char *code);

#endif
