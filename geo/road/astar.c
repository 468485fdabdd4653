#include "geo/road/astar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In `parent` and `best_from`: not a state but a source's number. */
#define FROM_SOURCE 0x80000000u

void astar_fini(struct astar *astar)
{
    free(astar->labels);
    heap_fini(&astar->heap);
    *astar = (struct astar){0};
}

static enum err prepare(struct astar *astar, uint32_t arc_count)
{
    if (astar->size < arc_count) {
        struct astar_label *labels = calloc(arc_count, sizeof *labels);
        if (!labels) return ERR_NOMEM;
        free(astar->labels);
        astar->labels = labels;
        astar->size = arc_count;
        astar->stamp = 0;
    }
    if (++astar->stamp == 0) {
        memset(astar->labels, 0, astar->size * sizeof *astar->labels);
        astar->stamp = 1;
    }
    heap_clear(&astar->heap);
    return ERR_OK;
}

/* What all relaxations of one search share. */
struct search {
    struct astar *astar;
    const struct astar_query *query;
    uint32_t target_half[ASTAR_MAX_ENDS], target_ms[ASTAR_MAX_ENDS];
    struct chord_point goal;
    double slack_m, ms_per_m;
};

/* See the header for why this never exceeds the truth. */
static double bound_ms(const struct search *s, uint32_t half)
{
    const struct network *net = s->query->view.net;
    const struct network_node *node = &net->nodes[network_tail(net, half)];
    struct chord_point at = {node->x_cm * 0.01, node->y_cm * 0.01, node->z_cm * 0.01};
    double bound = (chord_length_m(at, s->goal) - s->slack_m) * s->ms_per_m - 1;
    return bound > 0 ? floor(bound) : 0;
}

static void begin(struct search *s)
{
    const struct astar_query *q = s->query;
    double spread_m = 0;
    for (size_t t = 0; t < q->target_count; t++) {
        const struct astar_end *target = &q->targets[t];
        double away_m = chord_length_m(target->at, q->targets[0].at);
        if (away_m > spread_m) spread_m = away_m;
        s->target_half[t] = q->view.net->arc_half[target->arc];
        s->target_ms[t] = network_part_ms(q->view.time_ms[target->arc], target->fraction);
        s->astar->best_ms[t] = ASTAR_NO_WAY;
        s->astar->best_from[t] = FROM_SOURCE;
    }
    s->goal = q->targets[0].at;
    s->slack_m = spread_m + 0.03;
    /* The last bits of the quotient that min_ms_per_m is. */
    s->ms_per_m = q->view.profile->min_ms_per_m * (1 - 1e-9);
}

static void reach_targets(struct search *s, uint32_t half, uint64_t cost_ms, uint32_t from)
{
    for (size_t t = 0; t < s->query->target_count; t++) {
        if (s->target_half[t] != half) continue;
        uint64_t total_ms = cost_ms + s->target_ms[t];
        if (total_ms >= s->astar->best_ms[t]) continue;
        s->astar->best_ms[t] = total_ms;
        s->astar->best_from[t] = from;
    }
}

/* `cost_ms` is that of having travelled `arc` to its end. */
static enum err relax(struct search *s, uint32_t arc, uint64_t cost_ms, uint32_t parent)
{
    const struct network_view *view = &s->query->view;
    const struct network *net = view->net;
    struct astar *astar = s->astar;
    for (uint32_t turn = net->turn_first[arc]; turn < net->turn_first[arc + 1]; turn++) {
        if (!network_turn_open(view, turn)) continue;
        uint32_t to = net->turn_to[turn], half = net->arc_half[to];
        uint64_t total_ms = cost_ms + network_turn_cost(view, arc, turn);
        struct astar_label *label = &astar->labels[to];
        if (label->stamp == astar->stamp && label->cost_ms <= total_ms) continue;
        *label = (struct astar_label){total_ms, parent, astar->stamp};
        reach_targets(s, half, total_ms, to);
        if (!heap_push(&astar->heap, (double)total_ms + bound_ms(s, half), to, (uint32_t)total_ms))
            return ERR_NOMEM;
    }
    return ERR_OK;
}

static enum err start(struct search *s)
{
    const struct astar_query *q = s->query;
    for (size_t i = 0; i < q->source_count; i++) {
        const struct astar_end *source = &q->sources[i];
        uint32_t time_ms = q->view.time_ms[source->arc];
        uint32_t behind_ms = network_part_ms(time_ms, source->fraction);
        uint32_t half = q->view.net->arc_half[source->arc];
        /* Further along the same arc: no turn at all. */
        for (size_t t = 0; t < q->target_count; t++) {
            if (s->target_half[t] != half || q->targets[t].fraction < source->fraction) continue;
            uint64_t total_ms = source->cost_ms + s->target_ms[t] - behind_ms;
            if (total_ms >= s->astar->best_ms[t]) continue;
            s->astar->best_ms[t] = total_ms;
            s->astar->best_from[t] = FROM_SOURCE | (uint32_t)i;
        }
        enum err e =
            relax(s, source->arc, source->cost_ms + time_ms - behind_ms, FROM_SOURCE | (uint32_t)i);
        if (e) return e;
    }
    return ERR_OK;
}

/* Whether no state whose bound is `key` can still better what is asked for. */
static bool finished(const struct search *s, double key)
{
    uint64_t least = ASTAR_NO_WAY, most = 0;
    for (size_t t = 0; t < s->query->target_count; t++) {
        if (s->astar->best_ms[t] < least) least = s->astar->best_ms[t];
        if (s->astar->best_ms[t] > most) most = s->astar->best_ms[t];
    }
    return key >= (double)(s->query->all ? most : least);
}

enum err astar_run(struct astar *astar, const struct astar_query *query)
{
    struct search s = {.astar = astar, .query = query};
    const struct network_view *view = &query->view;
    enum err e = prepare(astar, view->net->arc_count);
    if (e) return e;
    begin(&s);
    e = start(&s);
    while (!e && astar->heap.count) {
        if (finished(&s, heap_top(&astar->heap)->key)) break;
        struct heap_item item = heap_pop(&astar->heap);
        uint64_t cost_ms = astar->labels[item.value].cost_ms;
        if ((uint32_t)cost_ms != item.tag) continue; /* a better label has been pushed since */
        if (query->settled_max && astar->settled >= query->settled_max) return ERR_LIMIT;
        astar->settled++;
        e = relax(&s, item.value, cost_ms + view->time_ms[item.value], item.value);
    }
    return e;
}

enum err astar_path(const struct astar *astar, const struct astar_query *query, size_t target,
                    struct arena *arena, const uint32_t **arcs, size_t *count, size_t *source)
{
    uint32_t at = astar->best_from[target];
    size_t len = 1;
    for (; !(at & FROM_SOURCE); at = astar->labels[at].parent)
        len++;
    size_t first = at & ~FROM_SOURCE;
    uint32_t *path = arena_alloc(arena, len * sizeof *path);
    if (!path) return ERR_NOMEM;
    size_t i = len;
    for (at = astar->best_from[target]; !(at & FROM_SOURCE); at = astar->labels[at].parent)
        path[--i] = at;
    path[0] = query->sources[first].arc;
    *arcs = path;
    *count = len;
    *source = first;
    return ERR_OK;
}
