#include "data/cases_due.h"

static void start(const struct worktime *work, int64_t now_ms, int64_t minutes,
                  struct cases_due *due)
{
    *due = (struct cases_due){0};
    if (minutes <= 0 || worktime_due(work, now_ms, minutes, &due->due_ms)) due->due_ms = 0;
}

void cases_due_begin(const struct kinds *kinds, const struct kinds_kind *kind,
                     const struct kinds_category *category, int64_t now_ms, struct cases_due *due)
{
    const struct worktime work = kinds_work(kinds, kind);
    start(&work, now_ms, category->deadline_min, due);
    if (!kind->states[kind->first_state].paused || !due->due_ms) return;
    *due = (struct cases_due){.left_min = category->deadline_min};
}

/* At least a minute, so that what waits is told apart from what has no deadline. */
static void pause_it(const struct worktime *work, int64_t now_ms, struct cases_due *due)
{
    if (!due->due_ms || due->due_ms <= now_ms) return;
    int64_t left = worktime_between(work, now_ms, due->due_ms);
    *due = (struct cases_due){.left_min = left > 0 ? left : 1};
}

void cases_due_go_on(const struct kinds *kinds, const struct cases_due_move *m,
                     struct cases_due *due)
{
    const struct worktime work = kinds_work(kinds, m->kind);
    if (m->given_ms)
        *due = (struct cases_due){.due_ms = m->given_ms};
    else if (m->to->open && !m->from->open)
        start(&work, m->now_ms, m->category ? m->category->deadline_min : 0, due);
    else if (due->left_min && m->to->open && !m->to->paused)
        start(&work, m->now_ms, due->left_min, due);
    if (m->to->paused) pause_it(&work, m->now_ms, due);
}

const char *cases_due_name(enum cases_due_state state)
{
    static const char *const names[] = {[CASES_DUE_NONE] = "none",
                                        [CASES_DUE_RUNNING] = "running",
                                        [CASES_DUE_NEAR] = "near",
                                        [CASES_DUE_OVERDUE] = "overdue",
                                        [CASES_DUE_PAUSED] = "paused"};
    return names[state];
}

enum cases_due_state cases_due_at(const struct cases_due *due, const struct kinds_state *state,
                                  int64_t now_ms, int64_t near_ms)
{
    if (!state || !state->open) return CASES_DUE_NONE;
    if (due->left_min) return CASES_DUE_PAUSED;
    if (!due->due_ms) return CASES_DUE_NONE;
    if (due->due_ms <= now_ms) return CASES_DUE_OVERDUE;
    return due->due_ms <= near_ms ? CASES_DUE_NEAR : CASES_DUE_RUNNING;
}

int64_t cases_due_near(const struct kinds *kinds, const struct kinds_kind *kind, int64_t now_ms)
{
    int64_t near_ms = now_ms;
    if (!kind || !kind->near_min) return now_ms;
    const struct worktime work = kinds_work(kinds, kind);
    (void)worktime_due(&work, now_ms, kind->near_min, &near_ms);
    return near_ms;
}
