/* Whether a change of a case may be: by whom, by the table of moves, with what it owes. */
#ifndef YZ_DATA_CASES_JUDGE_H
#define YZ_DATA_CASES_JUDGE_H

#include "data/cases_work.h"

/* What each verb is: who may at all (a move has its own table), whether it changes what others may
 * have judged by, and who is shown it. */
struct cases_judge_verb {
    const char *name;
    unsigned by;
    bool changes, photos;
    enum cases_seen seen;
};
extern const struct cases_judge_verb cases_judge_verbs[CASES_VERB_COUNT];

/* Finds the kind and the move for the case as it is now. ERR_CONFLICT, ERR_DENIED, ERR_INVALID with
 * a sentence. */
enum err cases_judge(struct cases_work *w);

/* What somebody who is several things to a case does it as: a move by whom its table lets, all else
 * rather in an office than not, so that staff answer for it. */
unsigned cases_judge_role(const struct cases_work *w);

#endif
