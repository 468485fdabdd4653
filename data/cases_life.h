/* The life of one case, as its events tell it: when staff took it up, how long it was in each of
 * the seven official steps (kinds.h), how often it was opened again, and what became of it. What
 * statistics and exports share. */
#ifndef YZ_DATA_CASES_LIFE_H
#define YZ_DATA_CASES_LIFE_H

#include "data/kinds.h"

#include <stdint.h>

enum { CASES_LIFE_STEPS = 7 };

/* What became of a case that is in a state. */
enum cases_outcome {
    CASES_OPEN,      /* there is work to do */
    CASES_SOLVED,    /* closed, in the steps 6 or 7 */
    CASES_REFUSED,   /* closed otherwise: not taken on */
    CASES_DUPLICATE, /* in a closed state to which every move owes the case that is repeated */
    CASES_WITHDRAWN  /* in a closed state to which nobody but who sent it moves a case */
};
/* A state that is no longer described is open. */
enum cases_outcome cases_life_outcome(const struct kinds_kind *kind, const char *state);

struct cases_life {
    const struct kinds_kind *kind;
    const struct kinds_state *state; /* now; NULL: not described, or none yet */
    int64_t since_ms;
    int64_t taken_up_ms;                    /* first move by staff; 0: none yet */
    int64_t spent_ms[CASES_LIFE_STEPS + 1]; /* [1] to [7]: in open states of that step */
    int64_t paused_ms;                      /* in paused states, which count for no step */
    unsigned been;                          /* bits of steps that it was in; bit 0: paused */
    int reopened;                           /* how often it went from solved or refused to open */
    bool adopted;                           /* it was in a state that says so */
};

void cases_life_begin(struct cases_life *life, const struct kinds_kind *kind);

/* The next of its events that made or moved it, oldest first. `from` is "" for the first; `actor`
 * as in cases_event. A clock that went back counts as standing still. */
void cases_life_add(struct cases_life *life, int64_t at_ms, const char *from, const char *to,
                    const char *actor);

/* Whether it was in a step (1 to 7; 0: paused) and left it, so that spent_ms is all there is by
 * now. What waits between being closed and a state of step 7 counts as that step's. */
bool cases_life_left(const struct cases_life *life, int step);

#endif
