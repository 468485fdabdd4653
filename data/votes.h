/* Votes: satisfaction surveys and collective decisions of those who belong to a branch, to the
 * branches of an area, or to a list of people.
 *
 * A vote is a draft until it is opened: then who may vote is written down, and nothing that is
 * asked changes any more. It ends by itself, is counted, and stays as it is: the database refuses
 * every other change (data/sql/, votes). */
#ifndef YZ_DATA_VOTES_H
#define YZ_DATA_VOTES_H

#include "data/db.h"
#include "geo/base/arena.h"

enum {
    VOTES_TITLE_MAX = 120, /* characters, all of these */
    VOTES_TEXT_MAX = 10000,
    VOTES_OPTION_MAX = 200,
    VOTES_QUESTIONS_MAX = 20,
    VOTES_OPTIONS_MAX = 30,
    VOTES_SCALE_MAX = 10,
    VOTES_PEOPLE_MAX = 5000, /* of an electorate that is a list */
    VOTES_WEIGHTS = 100,     /* what the weights of factors add up to */
    VOTES_SECRET_MIN = 3     /* electors, and ballots that are counted, of a secret vote */
};

#define VOTES_PURPOSES(X)    X(survey) X(decision)
#define VOTES_ELECTORATES(X) X(people) X(branch) X(area)
#define VOTES_STATES(X)      X(draft) X(open) X(closed) X(cancelled)
/* counted: a survey that enough took part in; adopted, rejected: a decision; no_quorum: too few
 * voted; too_few: fewer than VOTES_SECRET_MIN did so in secret, and nothing was counted. */
#define VOTES_OUTCOMES(X) X(counted) X(adopted) X(rejected) X(no_quorum) X(too_few)
/* choice: one option; choices: min to max of them; scale: a number from 1 to max; factors: weights
 * of all options that add up to VOTES_WEIGHTS. */
#define VOTES_TYPES(X) X(choice) X(choices) X(scale) X(factors)

#define VOTES_NAME(name) VOTES_##name,
enum votes_purpose { VOTES_PURPOSES(VOTES_NAME) VOTES_PURPOSE_COUNT };
enum votes_electorate { VOTES_ELECTORATES(VOTES_NAME) VOTES_ELECTORATE_COUNT };
enum votes_state { VOTES_STATES(VOTES_NAME) VOTES_STATE_COUNT };
enum votes_outcome { VOTES_OUTCOMES(VOTES_NAME) VOTES_OUTCOME_COUNT };
enum votes_type { VOTES_TYPES(VOTES_NAME) VOTES_TYPE_COUNT };
#undef VOTES_NAME
/* As they stand in the table and in JSON: VOTES_xxx_COUNT of them, then NULL. */
extern const char *const votes_purposes[];
extern const char *const votes_electorates[];
extern const char *const votes_states[];
extern const char *const votes_outcomes[];
extern const char *const votes_types[];

struct votes_option {
    const char *name, *name_en;
    bool adopts; /* a majority for it adopts the decision */
};

struct votes_question {
    enum votes_type type;
    const char *title, *title_en;
    bool optional;
    int64_t min, max; /* of choices: how many; of a scale: 1 and its highest; else 0 */
    struct votes_option *options;
    size_t option_count;
};

struct votes_vote {
    int64_t id, version;
    enum votes_purpose purpose;
    const char *title, *title_en, *text;
    enum votes_electorate electorate;
    int64_t area_id;   /* whose it is; 0: of the whole city */
    int64_t branch_id; /* 0: none */
    bool secret, is_public;
    int64_t quorum;   /* percent of the electors who have to vote */
    int64_t majority; /* percent, of which it takes more */
    bool of_electors; /* of all who may vote, not of those who did */
    int64_t from_ms, to_ms;
    enum votes_state state;
    int64_t opened_ms, ended_ms; /* 0: not yet */
    const char *reason;          /* of cancelling it */
    int64_t electors;            /* once it was opened */
    int64_t ballots;             /* once it is closed */
    enum votes_outcome outcome;  /* once it is closed */
    int64_t reminded_ms;
    int64_t created_ms, updated_ms;
    bool has_plan; /* votes_plan.h */
    struct votes_question *questions;
    size_t question_count;
};

/* ERR_NOTFOUND. All of it is in the arena. */
enum err votes_find(struct db *db, int64_t id, struct arena *arena, struct votes_vote *found);

/* Newest first, behind the id `before` (0: from the newest): those that were opened and are public,
 * or whose elector `person` is, and all of the areas named (and those below them) or everywhere. */
struct votes_filter {
    int64_t person;    /* 0: nobody */
    bool mine;         /* only whose elector they are */
    const char *state; /* NULL: all */
    int64_t area_id;   /* of it and what is below; 0: all */
    bool everywhere;
    const int64_t *areas;
    size_t area_count; /* VOTES_AREAS_MAX at most */
    int64_t before;
    size_t limit;
};
enum { VOTES_AREAS_MAX = 64 };
enum err votes_list(struct db *db, const struct votes_filter *filter, struct arena *arena,
                    struct votes_vote **list, size_t *count, bool *more);

/* How many of a question's values are counted beside 0, no answer: its options, or the numbers of
 * its scale. */
size_t votes_values(const struct votes_question *question);

/* What was counted of a vote that is closed: `counts[q][v]` for question q and value v, 0 to
 * votes_values. Of factors: sums of weights, and of [0] how many gave none. */
enum err votes_counts(struct db *db, const struct votes_vote *vote, struct arena *arena,
                      int64_t *(*counts)[VOTES_QUESTIONS_MAX]);

#endif
