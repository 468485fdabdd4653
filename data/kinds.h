/* Kinds of cases as an operator's data (data/kinds/NAME.yaml): categories, states, and the table of
 * moves. A move that is not in the table cannot happen, whoever asks. */
#ifndef YZ_DATA_KINDS_H
#define YZ_DATA_KINDS_H

#include "data/people.h"
#include "geo/base/err.h"
#include "geo/place/worktime.h"

#include <stdbool.h>
#include <stddef.h>

struct kinds_label {
    const char *zh, *en;
};
/* In English where there is that, else in Chinese. */
const char *kinds_label_in(const struct kinds_label *label, bool english);

struct kinds_group {
    const char *code;
    struct kinds_label label;
};

/* What a question takes, in Open311's words (GeoReport v2, attributes of a service). */
enum kinds_answer {
    KINDS_STRING, /* a line */
    KINDS_TEXT,   /* some lines */
    KINDS_NUMBER,
    KINDS_DATETIME, /* RFC 3339 */
    KINDS_SINGLE,   /* one of its values */
    KINDS_MULTI,    /* some of them */
    KINDS_ANSWERS
};
const char *kinds_answer_name(enum kinds_answer type); /* "string", ..., "singlevaluelist" */

struct kinds_value {
    const char *code;
    struct kinds_label label;
};

struct kinds_question {
    const char *code;
    struct kinds_label label;
    enum kinds_answer type;
    bool required;
    const struct kinds_value *values; /* of SINGLE and MULTI */
    size_t value_count;
};

/* A case of this kind may touch a road. */
enum kinds_closure { KINDS_NO_CLOSURE, KINDS_SHUT, KINDS_SLOW };

enum { KINDS_RADIUS_MAX_M = 2000 };

struct kinds_category {
    const char *code;
    struct kinds_label label;
    size_t group;                /* index in the kind's groups */
    int64_t deadline_min;        /* to be worked until it is due; 0: never */
    const char *phone;           /* whom to call instead: none is taken here; NULL: they are */
    struct kinds_label redirect; /* what to do instead */
    int64_t radius_m;            /* of what may be the same; 0: nothing is */
    const char *unit;            /* the body that it is for; "": the area's own */
    enum kinds_closure closure;
    const struct kinds_question *questions;
    size_t question_count;
};

struct kinds_state {
    const char *code;
    struct kinds_label label;
    bool open;    /* still to be worked on */
    bool paused;  /* open, but its deadline waits */
    int step;     /* of the seven official ones; 0: of none */
    bool edit;    /* its sender may still change the text, while nobody supports it */
    bool adopted; /* a case that comes here was adopted */
};

/* Who may make a move, as bits: 1 << enum people_role for what people are, and these. */
#define KINDS_ROLE(role) (1u << PEOPLE_##role)
enum kinds_actor {
    KINDS_STAFF = 1 << PEOPLE_handler | 1 << PEOPLE_area_staff | 1 << PEOPLE_area_lead |
                  1 << PEOPLE_city_admin, /* of a sub-district */
    KINDS_PEOPLE = (1 << PEOPLE_ROLE_COUNT) - 1,
    KINDS_OFFICE = KINDS_PEOPLE & ~(1 << PEOPLE_rider), /* whoever works on cases, anywhere */
    KINDS_REPORTER = 1 << 16,                           /* who sent it */
    KINDS_JOINER = 1 << 17,                             /* who said: I saw it too */
    KINDS_SYSTEM = 1 << 18
};

struct kinds_move {
    size_t from, to; /* indices in the kind's states */
    unsigned by;     /* bits of enum kinds_actor */
    bool reason;     /* one is owed */
    bool link;       /* the case that this one duplicates is owed */
    bool deadline;   /* a new one is owed */
    bool proof;      /* a photo by staff, taken since the case was opened, is owed */
    bool rating;     /* 1 to 5, is owed */
    bool owner;      /* who works on it from then on is owed: a person or a unit */
    struct kinds_label label;
};

/* From when on everybody finds such a case in a list (docs/decisions/0032): as soon as it is sent,
 * or once staff took it up; never. */
enum kinds_public { KINDS_UNLISTED, KINDS_TAKEN_UP, KINDS_AT_ONCE };

struct kinds_kind {
    const char *code;
    struct kinds_label label;
    bool is_private;
    bool anonymous;           /* may be sent by one who is not signed in */
    bool photo, position;     /* is owed; an address does for a position */
    enum kinds_public public; /* of a private kind: never */
    bool support, comments;   /* others may stand behind one; may comment on it */
    int64_t answer_min; /* by the clock, not of work: until staff owe it an answer; 0: no watch */
    unsigned staff;     /* roles that make some move: who works on such cases */
    struct hours *work; /* when people work on it; NULL: day and night */
    int64_t deadline_min, near_min; /* of categories that have none; how early one is near. 0: no */
    int64_t respond_min; /* to be worked until staff take up a new one, in time; 0: its deadline */
    int64_t keep_days, keep_photo_days; /* after it was closed; 0: for ever */
    size_t first_state;                 /* what a new case is in */
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

/* What cases of these kinds bring in points (points_rules.h); borrowed, and set before the kinds
 * are shared. NULL, as at first: nothing. */
struct points_rules;
void kinds_set_points(struct kinds *kinds, const struct points_rules *rules);
const struct points_rules *kinds_points(const struct kinds *kinds);

size_t kinds_count(const struct kinds *kinds);
const struct kinds_kind *kinds_at(const struct kinds *kinds, size_t i);

/* By code; NULL when there is none. */
const struct kinds_kind *kinds_find(const struct kinds *kinds, const char *code);
const struct kinds_category *kinds_category(const struct kinds_kind *kind, const char *code);
/* When people work on cases of a kind. */
struct worktime kinds_work(const struct kinds *kinds, const struct kinds_kind *kind);
const struct kinds_state *kinds_state(const struct kinds_kind *kind, const char *code);
/* Whether everybody finds cases that are in this state: it belongs to one of the seven steps, and
 * is not the first one unless the kind is listed at once. */
bool kinds_is_listed(const struct kinds_kind *kind, const struct kinds_state *state);
const struct kinds_move *kinds_move(const struct kinds_kind *kind, const char *from,
                                    const char *to);
const struct kinds_question *kinds_question(const struct kinds_category *category,
                                            const char *code);

/* What somebody answered; a question of several values has one such for each. */
struct kinds_said {
    const char *code, *value;
};
/* Whether the answers fit the category's questions: each known, in its form, and none that is owed
 * missing. ERR_INVALID with a sentence that begins with "attribute[CODE]". */
enum err kinds_check(const struct kinds_category *category, const struct kinds_said *said,
                     size_t count, struct why *why);

#endif
