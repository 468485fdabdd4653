/* Votes as JSON. */
#ifndef YZ_SERVER_API_VOTE_JSON_H
#define YZ_SERVER_API_VOTE_JSON_H

#include "data/votes_electors.h"
#include "data/votes_plan.h"
#include "geo/base/jsonw.h"

/* How a vote is shown; what is NULL is not. */
struct vote_json {
    bool for_staff;
    const struct votes_elector *me; /* who asks, where they may vote */
    const int64_t *turnout;         /* how many have voted, while it is open */
    const int64_t *people;          /* whom a draft shall ask */
    size_t people_count;
    int64_t *const *counts; /* of a vote that is closed */
};
void vote_json_write(struct jsonw *json, const struct votes_vote *vote,
                     const struct vote_json *how);

/* `"answers": [...]` of a ballot. */
enum err vote_json_answers(struct jsonw *json, const struct votes_vote *vote,
                           const unsigned char *ballot, struct arena *arena);

/* A plan; `person` (0: none) is told which row is theirs, staff all. */
void vote_json_plan(struct jsonw *json, const struct votes_vote *vote,
                    const struct votes_plan *plan, bool for_staff, int64_t person);

#endif
