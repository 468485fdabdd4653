#include "data/cases_life.h"

#include <string.h>

enum { VERIFIED = 6, RATED = 7 };

/* What all moves to a state have in common: how many there are, owe a link, are the sender's alone.
 */
struct ways {
    size_t all, linked, by_sender;
};

static struct ways ways_to(const struct kinds_kind *kind, const struct kinds_state *state)
{
    struct ways ways = {0};
    for (size_t i = 0; i < kind->move_count; i++) {
        const struct kinds_move *move = &kind->moves[i];
        if (&kind->states[move->to] != state) continue;
        ways.all++;
        ways.linked += move->link;
        ways.by_sender += move->by == KINDS_REPORTER;
    }
    return ways;
}

static enum cases_outcome outcome_of(const struct kinds_kind *kind, const struct kinds_state *state)
{
    if (!state || state->open) return CASES_OPEN;
    if (state->step >= VERIFIED) return CASES_SOLVED;
    const struct ways ways = ways_to(kind, state);
    if (ways.all && ways.linked == ways.all) return CASES_DUPLICATE;
    return ways.all && ways.by_sender == ways.all ? CASES_WITHDRAWN : CASES_REFUSED;
}

enum cases_outcome cases_life_outcome(const struct kinds_kind *kind, const char *state)
{
    return outcome_of(kind, kinds_state(kind, state));
}

void cases_life_begin(struct cases_life *life, const struct kinds_kind *kind)
{
    *life = (struct cases_life){.kind = kind};
}

/* To which step the time in the present state counts, which `next` ends; 0: paused, -1: none. */
static int step_of(const struct kinds_state *state, const struct kinds_state *next)
{
    if (!state) return -1;
    if (state->paused) return 0;
    if (state->open) return state->step ? state->step : -1;
    return next && next->step == RATED && state->step != RATED ? RATED : -1;
}

static bool is_staff(const char *actor)
{
    return strcmp(actor, "reporter") != 0 && strcmp(actor, "joiner") != 0 &&
           strcmp(actor, "system") != 0;
}

void cases_life_add(struct cases_life *life, int64_t at_ms, const char *from, const char *to,
                    const char *actor)
{
    const struct kinds_state *next = kinds_state(life->kind, to);
    int64_t spent_ms = at_ms > life->since_ms ? at_ms - life->since_ms : 0;
    int step = from[0] ? step_of(life->state, next) : -1;
    enum cases_outcome was = outcome_of(life->kind, life->state);
    if (step >= 0) life->been |= 1u << step;
    if (step > 0) life->spent_ms[step] += spent_ms;
    if (step == 0) life->paused_ms += spent_ms;
    if (from[0] && next && next->open && (was == CASES_SOLVED || was == CASES_REFUSED))
        life->reopened++;
    if (from[0] && !life->taken_up_ms && is_staff(actor)) life->taken_up_ms = at_ms;
    life->adopted |= next && next->adopted;
    life->state = next;
    life->since_ms = at_ms;
}

bool cases_life_left(const struct cases_life *life, int step)
{
    return life->been >> step & 1 && step_of(life->state, NULL) != step;
}
