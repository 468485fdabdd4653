/* Repair of the basic costs, from the lowest vertex up (Dibbelt et al., section 5.3): a link is
 * worked out anew only when a sum that its cost leaned on went up; one that went below it simply
 * takes its place. All sums over a vertex change at once, when its turn comes, so that each is
 * compared as it was with as it is. */
#include "geo/road/custom_work.h"

static unsigned lost(enum metric_side side)
{
    return (unsigned)CUSTOM_BASIC_LOST << side;
}

void custom_below_touch(struct custom *custom, uint32_t low, uint32_t link, enum metric_side side,
                        uint32_t old, uint32_t now)
{
    uint32_t *cost = &custom->basic[link].side[side];
    if (old == now || (now > *cost && old != *cost)) return;
    /* Also when it only comes to equal the cost: then the quickest way may be another. */
    if (!custom_note(custom, low, link)) return;
    if (now > *cost) {
        custom->marks[link] |= (uint8_t)lost(side);
    } else if (now < *cost) {
        /* Less than all sums as they were, so nothing that is lost matters any more. */
        *cost = now;
        custom->marks[link] &= (uint8_t)~lost(side);
    }
}

/* The cheapest turn from one vertex to another. */
static uint32_t turn_cost(const struct custom *custom, uint32_t from, uint32_t to)
{
    const struct network *net = custom->cch->net;
    uint32_t best = CUSTOM_NONE, arc = custom->cch->arc[from];
    for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++)
        if (custom->cch->vertex[net->turn_to[t]] == to)
            custom_lower(&best, weight_cost_ms(custom_turn(custom, arc, t)));
    return best;
}

/* The cost of x's link over turns and lower triangles, from nothing. */
static void work_out(struct custom *custom, uint32_t x, uint32_t link, enum metric_side side)
{
    const struct cch *cch = custom->cch;
    uint32_t head = cch->up_head[link];
    uint32_t best = side == METRIC_UP ? turn_cost(custom, x, head) : turn_cost(custom, head, x);
    for (uint32_t k = cch->down_first[x]; k < cch->down_first[x + 1]; k++) {
        uint32_t yx = cch->down_link[k], part = custom->basic[yx].side[!side];
        if (part >= best) continue;
        uint32_t yu = custom_find_link(cch, yx + 1, cch->down_tail[k], head);
        if (yu != NETWORK_NONE) custom_lower(&best, part + custom->basic[yu].side[side]);
    }
    custom->basic[link].side[side] = best;
    custom->marks[link] &= (uint8_t)~lost(side);
}

/* x's link changed: so do the ways over x between its head and all other heads. */
static void carry(struct custom *custom, uint32_t x, uint32_t link)
{
    const struct cch *cch = custom->cch;
    uint32_t first = cch->up_first[x], u = cch->up_head[link];
    struct custom_cost old_u = custom->before[link - first], u_now = custom->basic[link];
    for (uint32_t j = first; j < cch->up_first[x + 1]; j++) {
        struct custom_cost old_v = custom->before[j - first], v_now = custom->basic[j];
        if (j == link || (j < link && !custom_equal(old_v, v_now))) continue; /* done from there */
        uint32_t v = cch->up_head[j], low = u < v ? u : v;
        struct custom_cost old_low = u < v ? old_u : old_v, old_high = u < v ? old_v : old_u;
        struct custom_cost low_now = u < v ? u_now : v_now, high_now = u < v ? v_now : u_now;
        uint32_t old[METRIC_SIDES], now[METRIC_SIDES];
        for (int s = 0; s < METRIC_SIDES; s++) {
            old[s] = custom_sum(old_low.side[!s], old_high.side[s]);
            now[s] = custom_sum(low_now.side[!s], high_now.side[s]);
        }
        if (old[0] == now[0] && old[1] == now[1]) continue;
        uint32_t between = cch_link(cch, low, u < v ? v : u);
        for (int s = 0; s < METRIC_SIDES; s++)
            custom_below_touch(custom, low, between, (enum metric_side)s, old[s], now[s]);
    }
}

void custom_below(struct custom *custom)
{
    uint32_t x;
    while (custom_note_next(custom, &x)) {
        for (uint32_t n = custom->noted[x]; n != NETWORK_NONE; n = custom->notes[n].next)
            for (int s = 0; s < METRIC_SIDES; s++)
                if (custom->marks[custom->notes[n].link] & lost((enum metric_side)s))
                    work_out(custom, x, custom->notes[n].link, (enum metric_side)s);
        custom_note_before(custom, x);
        for (uint32_t n = custom->noted[x]; n != NETWORK_NONE; n = custom->notes[n].next)
            if (!custom_equal(custom->notes[n].basic, custom->basic[custom->notes[n].link]))
                carry(custom, x, custom->notes[n].link);
    }
}
