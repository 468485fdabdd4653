/* Bodies of votes: a draft, a ballot, a plan. */
#ifndef YZ_SERVER_API_VOTE_FORM_H
#define YZ_SERVER_API_VOTE_FORM_H

#include "data/votes_ballot.h"
#include "data/votes_draft.h"
#include "data/votes_plan.h"
#include "server/tools.h"

/* Reads a draft over what is in `draft` (id, and from where nothing else is said); `is_new`:
 * without a version. What is wrong with what it says is told by the store. */
enum err vote_form_draft(struct request *request, bool is_new, struct votes_draft *draft);

/* The answers of a ballot, in the arena. */
enum err vote_form_ballot(struct request *request, const struct votes_answer **answers,
                          size_t *count);

/* A plan, in the arena, and the vote's version that was seen. */
enum err vote_form_plan(struct request *request, int64_t *version, struct votes_plan *plan);

#endif
