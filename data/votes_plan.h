/* A plan of how a sum is divided among the people of a team by the factors of a vote: who has which
 * score of each factor. The vote finds the weights; where it adopts, what everybody gets is written
 * into the plan, and stays. */
#ifndef YZ_DATA_VOTES_PLAN_H
#define YZ_DATA_VOTES_PLAN_H

#include "data/votes.h"

enum {
    VOTES_PLAN_ROWS_MAX = 500,
    VOTES_PLAN_NAME_MAX = 60, /* characters */
    VOTES_PLAN_SCORE_MAX = 1000
};
#define VOTES_PLAN_POT_MAX INT64_C(10000000000) /* fen: a hundred million yuan */

struct votes_plan_row {
    int64_t person; /* 0: nobody's, or forgotten */
    const char *name;
    const int64_t *scores; /* one a factor, 0 to VOTES_PLAN_SCORE_MAX */
    int64_t amount_fen;    /* -1: not adopted */
};

struct votes_plan {
    int64_t pot_fen;
    struct votes_plan_row *rows;
    size_t row_count, factor_count;
};

/* ERR_NOTFOUND: the vote has none. In the arena. */
enum err votes_plan_find(struct db *db, int64_t vote, struct arena *arena, struct votes_plan *plan);

/* Writes a draft's plan anew, in its own transaction; the version of the vote goes up. A row's
 * person may be 0; one that is not is somebody whom `by` (0: nobody who is held to anything) may
 * ask (votes_people.h). ERR_INVALID names the field, ERR_NOTFOUND, ERR_CONFLICT as of
 * votes_draft_change. */
enum err votes_plan_put(struct db *db, int64_t vote, int64_t version, const struct votes_plan *plan,
                        int64_t by, struct arena *arena, struct why *why);

/* The question whose weights divide: the one of factors. -1: none, or several. */
long votes_plan_question(const struct votes_vote *vote);

/* Inside db_write, before a vote is opened: ERR_CONFLICT with a sentence where there is a plan that
 * could not be divided by what the vote asks. */
enum err votes_plan_fits(struct db *db, const struct votes_vote *vote, struct why *why);

/* The shares in hundredths of a percent that the sums of weights stand for: they add up to 10000,
 * largest remainders first (Hamilton's method). All zeros where `sums` are. */
void votes_plan_weights(const int64_t *sums, size_t count, int64_t *weights);

/* What each row gets: the pot by the weighted sum of its scores, in whole fen that add up to the
 * pot, largest remainders first. ERR_INVALID: there is nothing to divide it by. */
enum err votes_plan_divide(const struct votes_plan *plan, const int64_t *weights,
                           struct arena *arena, int64_t **amounts);

/* Inside db_write, while a vote that adopts is being closed. */
enum err votes_plan_adopt(struct db *db, const struct votes_vote *vote, const int64_t *sums,
                          struct arena *arena);

#endif
