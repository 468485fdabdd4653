/* Whether a draft of a vote says what can be voted on. */
#ifndef YZ_DATA_VOTES_CHECK_H
#define YZ_DATA_VOTES_CHECK_H

#include "data/votes_draft.h"

/* ERR_INVALID with a sentence that begins with the field. */
enum err votes_check(const struct votes_draft *draft, struct why *why);

#endif
