/* Basic customization: the cheapest way over lower vertices, for all links. */
#include "geo/road/custom_work.h"

uint64_t custom_turn(const struct custom *custom, uint32_t arc, uint32_t turn)
{
    uint32_t time_ms = custom->time_ms[arc];
    if (time_ms == NETWORK_NONE || !network_turn_open(&custom->file, turn)) return WEIGHT_NONE;
    uint64_t cost = time_ms + network_turn_cost(&custom->file, arc, turn);
    if (cost >= CUSTOM_NONE) return WEIGHT_NONE;
    uint64_t time = time_ms + network_turn_time(&custom->file, arc, turn);
    return weight_of((uint32_t)cost, (uint32_t)time);
}

static void seed_turns(struct custom *custom)
{
    const struct cch *cch = custom->cch;
    const struct network *net = cch->net;
    for (uint32_t arc = 0; arc < net->arc_count; arc++) {
        if (custom->time_ms[arc] == NETWORK_NONE) continue;
        for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
            uint32_t link = cch->turn_link[t];
            if (link == NETWORK_NONE) continue;
            custom_lower(&custom->basic[link].side[custom_turn_side(cch, arc, t)],
                         weight_cost_ms(custom_turn(custom, arc, t)));
        }
    }
}

/* The ways between `u` and what is above it, over what is below it: triangles u, x, v with x the
 * lowest. */
static void lower_triangles(struct custom *custom, uint32_t *place, uint32_t u)
{
    const struct cch *cch = custom->cch;
    struct custom_cost *basic = custom->basic;
    uint32_t first = cch->up_first[u], end = cch->up_first[u + 1];
    for (uint32_t i = first; i < end; i++)
        place[cch->up_head[i]] = i;
    for (uint32_t k = cch->down_first[u]; k < cch->down_first[u + 1]; k++) {
        uint32_t link = cch->down_link[k], last = cch->up_first[cch->down_tail[k] + 1];
        struct custom_cost ux = basic[link];
        if (ux.side[METRIC_UP] == CUSTOM_NONE && ux.side[METRIC_DOWN] == CUSTOM_NONE) continue;
        for (uint32_t j = link + 1; j < last; j++) {
            struct custom_cost xv = basic[j], *uv = &basic[place[cch->up_head[j]]];
            custom_lower(&uv->side[METRIC_UP], ux.side[METRIC_DOWN] + xv.side[METRIC_UP]);
            custom_lower(&uv->side[METRIC_DOWN], xv.side[METRIC_DOWN] + ux.side[METRIC_UP]);
        }
    }
    for (uint32_t i = first; i < end; i++)
        place[cch->up_head[i]] = cch->link_count;
}

static void run(void *user, unsigned worker, uint32_t from, uint32_t until)
{
    struct custom *custom = user;
    for (uint32_t u = from; u < until; u++)
        lower_triangles(custom, custom_place(custom, worker, METRIC_UP), u);
}

void custom_basic(struct custom *custom)
{
    const struct custom_cost none = {{CUSTOM_NONE, CUSTOM_NONE}};
    const struct custom_work work = {run, custom, true};
    for (size_t i = 0; i <= custom->cch->link_count; i++)
        custom->basic[i] = none;
    seed_turns(custom);
    custom_crew(custom->cch, custom->threads, &work);
}
