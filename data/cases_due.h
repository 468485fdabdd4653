/* When a case must be done: its category's deadline counts the time that is worked (kinds.h), waits
 * in states that are paused, begins anew when the case is opened again, and stands still where the
 * case is closed. One that has passed has passed: no pause takes that back. */
#ifndef YZ_DATA_CASES_DUE_H
#define YZ_DATA_CASES_DUE_H

#include "data/kinds.h"

#include <stdint.h>

struct cases_due {
    int64_t due_ms;   /* 0: there is none, or it waits */
    int64_t left_min; /* while it waits: what is left, in minutes that are worked; else 0 */
};

/* Of a case that is made now. */
void cases_due_begin(const struct kinds *kinds, const struct kinds_kind *kind,
                     const struct kinds_category *category, int64_t now_ms, struct cases_due *due);

/* After a move. `category` is NULL where it is no longer described: then none begins.
 * `given_ms` is the new deadline of a move that owes one, else 0. */
struct cases_due_move {
    const struct kinds_kind *kind;
    const struct kinds_category *category;
    const struct kinds_state *from, *to;
    int64_t given_ms, now_ms;
};
void cases_due_go_on(const struct kinds *kinds, const struct cases_due_move *move,
                     struct cases_due *due);

/* How a case stands at a moment. */
enum cases_due_state {
    CASES_DUE_NONE,
    CASES_DUE_RUNNING,
    CASES_DUE_NEAR,
    CASES_DUE_OVERDUE,
    CASES_DUE_PAUSED
};
const char *cases_due_name(enum cases_due_state state); /* "none", "running", ... */

/* `near_ms` is cases_due_near's of that moment; what is closed has no deadline any more. */
enum cases_due_state cases_due_at(const struct cases_due *due, const struct kinds_state *state,
                                  int64_t now_ms, int64_t near_ms);
/* What is due up to that moment is near now; `now_ms` where a kind does not tell, or is no longer
 * described (NULL). */
int64_t cases_due_near(const struct kinds *kinds, const struct kinds_kind *kind, int64_t now_ms);

#endif
