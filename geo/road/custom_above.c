/* Repair of the exact costs, from the highest vertex down, in the manner of custom_below.c. */
#include "geo/road/custom_work.h"

static unsigned lost(enum metric_side side)
{
    return (unsigned)CUSTOM_EXACT_LOST << side;
}

static void touch(struct custom *custom, uint32_t low, uint32_t link, enum metric_side side,
                  uint32_t old, uint32_t now)
{
    uint32_t *cost = &custom->exact[link].side[side];
    if (old == now || (now >= *cost && old != *cost)) return;
    if (!custom_note(custom, low, link)) return;
    if (now < *cost) {
        *cost = now;
        custom->marks[link] &= (uint8_t)~lost(side);
    } else {
        custom->marks[link] |= (uint8_t)lost(side);
    }
}

static uint32_t between(const struct cch *cch, uint32_t u, uint32_t v)
{
    return u < v ? cch_link(cch, u, v) : cch_link(cch, v, u);
}

/* The exact cost of x's link over all higher vertices, from nothing. */
static void work_out(struct custom *custom, uint32_t x, uint32_t link, enum metric_side side)
{
    const struct cch *cch = custom->cch;
    uint32_t v = cch->up_head[link], best = custom->basic[link].side[side];
    for (uint32_t j = cch->up_first[x]; j < cch->up_first[x + 1]; j++) {
        uint32_t w = cch->up_head[j], part = custom->basic[j].side[side];
        if (j == link || part >= best) continue;
        uint32_t wv = between(cch, w, v);
        if (wv == NETWORK_NONE) continue;
        /* Going up from x the rest leads from w to v; coming down to x, from v to w. */
        enum metric_side rest = (side == METRIC_UP) == (w < v) ? METRIC_UP : METRIC_DOWN;
        custom_lower(&best, part + custom->exact[wv].side[rest]);
    }
    custom->exact[link].side[side] = best;
    custom->marks[link] &= (uint8_t)~lost(side);
}

/* x's basic cost to u changed: it is part of the exact costs to all other heads, over u. */
static void carry_basic(struct custom *custom, uint32_t x, uint32_t link)
{
    const struct cch *cch = custom->cch;
    uint32_t first = cch->up_first[x], u = cch->up_head[link];
    struct custom_cost old = custom->before[link - first], now = custom->basic[link];
    for (int s = 0; s < METRIC_SIDES; s++)
        touch(custom, x, link, (enum metric_side)s, old.side[s], now.side[s]);
    for (uint32_t j = first; j < cch->up_first[x + 1]; j++) {
        uint32_t v = cch->up_head[j], uv = j == link ? NETWORK_NONE : between(cch, u, v);
        if (uv == NETWORK_NONE) continue;
        struct custom_cost e_now = custom->exact[uv];
        struct custom_cost e_old = custom_note_exact(custom, u < v ? u : v, uv);
        for (int s = 0; s < METRIC_SIDES; s++) {
            int rest = (s == METRIC_UP) == (u < v) ? METRIC_UP : METRIC_DOWN;
            touch(custom, x, j, (enum metric_side)s, custom_sum(old.side[s], e_old.side[rest]),
                  custom_sum(now.side[s], e_now.side[rest]));
        }
    }
}

/* The exact cost between u and v changed: it is part of what leads from y, below both, to either
 * over the other. */
static void touch_both(struct custom *custom, uint32_t y, uint32_t yu, uint32_t yv,
                       struct custom_cost e_old, struct custom_cost e_now)
{
    struct custom_cost u_old = custom_note_basic(custom, y, yu), u_now = custom->basic[yu];
    struct custom_cost v_old = custom_note_basic(custom, y, yv), v_now = custom->basic[yv];
    for (int s = 0; s < METRIC_SIDES; s++) {
        touch(custom, y, yv, (enum metric_side)s, custom_sum(u_old.side[s], e_old.side[s]),
              custom_sum(u_now.side[s], e_now.side[s]));
        touch(custom, y, yu, (enum metric_side)s, custom_sum(v_old.side[s], e_old.side[!s]),
              custom_sum(v_now.side[s], e_now.side[!s]));
    }
}

static bool exact_changed(const struct custom *custom, const struct custom_note *note)
{
    return !custom_equal(note->exact, custom->exact[note->link]);
}

/* All of u's links that changed at once: for each vertex below, which of its heads are theirs. */
static void carry_exact(struct custom *custom, uint32_t u)
{
    const struct cch *cch = custom->cch;
    uint32_t *place = custom_place(custom, 0, METRIC_UP), none = cch->link_count, changed = 0;
    for (uint32_t n = custom->noted[u]; n != NETWORK_NONE; n = custom->notes[n].next) {
        if (!exact_changed(custom, &custom->notes[n])) continue;
        place[cch->up_head[custom->notes[n].link]] = n;
        changed++;
    }
    if (!changed) return;
    for (uint32_t k = cch->down_first[u]; k < cch->down_first[u + 1]; k++) {
        uint32_t y = cch->down_tail[k], yu = cch->down_link[k];
        for (uint32_t yv = yu + 1; yv < cch->up_first[y + 1]; yv++) {
            uint32_t n = place[cch->up_head[yv]];
            if (n == none) continue;
            struct custom_cost was = custom->notes[n].exact;
            touch_both(custom, y, yu, yv, was, custom->exact[custom->notes[n].link]);
        }
    }
    for (uint32_t n = custom->noted[u]; n != NETWORK_NONE; n = custom->notes[n].next)
        place[cch->up_head[custom->notes[n].link]] = none;
}

/* Notes of x are added while they are gone through, at the head of the list, so that those that
 * are there at the beginning are the ones gone through; what is added has the basic cost it had. */
static void repair(struct custom *custom, uint32_t x)
{
    custom_note_before(custom, x);
    for (uint32_t n = custom->noted[x]; n != NETWORK_NONE; n = custom->notes[n].next)
        if (!custom_equal(custom->notes[n].basic, custom->basic[custom->notes[n].link]))
            carry_basic(custom, x, custom->notes[n].link);
    for (uint32_t n = custom->noted[x]; n != NETWORK_NONE; n = custom->notes[n].next)
        for (int s = 0; s < METRIC_SIDES; s++)
            if (custom->marks[custom->notes[n].link] & lost((enum metric_side)s))
                work_out(custom, x, custom->notes[n].link, (enum metric_side)s);
    carry_exact(custom, x);
}

void custom_above(struct custom *custom)
{
    uint32_t x;
    while (custom_note_next(custom, &x))
        repair(custom, x);
}
