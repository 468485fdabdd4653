/* Kinds of cases as an operator's data (data/kinds/NAME.yaml): categories, states, and the table of
 * moves. A move that is not in the table cannot happen, whoever asks. */
#ifndef YZ_DATA_KINDS_H
#define YZ_DATA_KINDS_H

#include "geo/base/err.h"
#include "geo/place/worktime.h"

#include <stdbool.h>
#include <stddef.h>

struct kinds_label {
    const char *zh, *en;
};

struct kinds_group {
    const char *code;
    struct kinds_label label;
};

struct kinds_category {
    const char *code;
    struct kinds_label label;
    size_t group;         /* index in the kind's groups */
    int64_t deadline_min; /* to be worked until it is due; 0: never */
};

struct kinds_state {
    const char *code;
    struct kinds_label label;
    bool open;   /* still to be worked on */
    bool paused; /* open, but its deadline waits */
};

/* Who may make a move, as a bit set. */
enum kinds_actor { KINDS_STAFF = 1, KINDS_REPORTER = 2 };

struct kinds_move {
    size_t from, to; /* indices in the kind's states */
    unsigned by;     /* bits of enum kinds_actor */
    bool reason;     /* one is owed */
    bool link;       /* the case that this one duplicates is owed */
    bool deadline;   /* a new one is owed */
    struct kinds_label label;
};

struct kinds_kind {
    const char *code;
    struct kinds_label label;
    bool is_private;
    struct hours *work;             /* when people work on it; NULL: day and night */
    int64_t deadline_min, near_min; /* of categories that have none; how early one is near. 0: no */
    size_t first_state;             /* what a new case is in */
    const struct kinds_group *groups;
    const struct kinds_category *categories;
    const struct kinds_state *states;
    const struct kinds_move *moves;
    size_t group_count, category_count, state_count, move_count;
};

struct kinds; /* read-only once loaded; shared by all threads */

/* Reads every *.yaml of a folder, in order of name. Mistakes are told with file and line. The
 * calendar, of days on which nobody works, is borrowed; NULL: none. kinds_free(NULL) is fine. */
enum err kinds_load(const char *folder, const struct hours_calendar *calendar, struct kinds **kinds,
                    struct why *why);
/* One kind from text; `name` stands for the file in messages. */
enum err kinds_parse(const char *name, const char *text, size_t len,
                     const struct hours_calendar *calendar, struct kinds **kinds, struct why *why);
void kinds_free(struct kinds *kinds);

size_t kinds_count(const struct kinds *kinds);
const struct kinds_kind *kinds_at(const struct kinds *kinds, size_t i);

/* By code; NULL when there is none. */
const struct kinds_kind *kinds_find(const struct kinds *kinds, const char *code);
const struct kinds_category *kinds_category(const struct kinds_kind *kind, const char *code);
/* When people work on cases of a kind. */
struct worktime kinds_work(const struct kinds *kinds, const struct kinds_kind *kind);
const struct kinds_state *kinds_state(const struct kinds_kind *kind, const char *code);
const struct kinds_move *kinds_move(const struct kinds_kind *kind, const char *from,
                                    const char *to);

#endif
