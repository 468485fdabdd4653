#include "geo/road/astar.h"

#include "geo/road/ends.h"

#include <stdlib.h>
#include <string.h>

/* In `parent`: not a state but a source's number. */
#define FROM_SOURCE 0x80000000u
enum { MAX_ARCS = 0x40000000 };

/* At the tail of an arc, the turn into it paid. */
struct astar_label {
    uint64_t weight;
    uint32_t parent, stamp;
};

void astar_fini(struct astar *astar)
{
    free(astar->labels);
    heap_fini(&astar->heap);
    sweep_free(astar->sweep);
    *astar = (struct astar){0};
}

static enum err prepare(struct astar *astar, uint32_t arc_count)
{
    if (arc_count > MAX_ARCS) return ERR_LIMIT;
    if (!astar->sweep) {
        enum err e = sweep_new(&astar->sweep);
        if (e) return e;
    }
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
    astar->states = 0;
    return ERR_OK;
}

/* What all relaxations of one search share. */
struct search {
    struct astar *astar;
    const struct metric *metric;
    const struct network_bar *bar;
    const struct network_ends *ends;
    struct network_path best;
    uint32_t last; /* the state from which the best arrives; or FROM_SOURCE: straight */
};

static bool improve(struct search *s, uint32_t arc, uint64_t weight, uint32_t parent)
{
    struct astar *astar = s->astar;
    struct astar_label *label = &astar->labels[arc];
    if (weight == WEIGHT_NONE || (label->stamp == astar->stamp && label->weight <= weight))
        return true;
    uint64_t bound = sweep_at(astar->sweep, arc);
    if (bound == WEIGHT_NONE) return true;
    *label = (struct astar_label){weight, parent, astar->stamp};
    double key = (double)weight_cost_ms(weight) + weight_cost_ms(bound);
    return heap_push(&astar->heap, key, arc, weight_time_ms(weight));
}

static bool seed(void *user, uint32_t arc, uint64_t weight, size_t end)
{
    return improve(user, arc, weight, FROM_SOURCE | (uint32_t)end);
}

static bool start(struct search *s)
{
    const struct network_ends *ends = s->ends;
    const struct network_view *view = &s->metric->view;
    for (size_t i = 0; i < ends->source_count; i++) {
        for (size_t k = 0; k < ends->target_count; k++) {
            uint64_t weight = ends_straight(view, s->bar, &ends->sources[i], &ends->targets[k]);
            if (weight < s->best.weight)
                s->best = (struct network_path){.weight = weight, .source = i, .target = k};
        }
        if (!ends_leave(view, s->bar, &ends->sources[i], i, seed, s)) return false;
    }
    return true;
}

static void arrive(struct search *s, uint32_t arc, uint64_t weight)
{
    const struct network_view *view = &s->metric->view;
    for (size_t k = 0; k < s->ends->target_count; k++) {
        const struct network_end *target = &s->ends->targets[k];
        if (view->net->arc_half[target->arc] != view->net->arc_half[arc]) continue;
        uint64_t sum = weight_add(weight, network_part_weight(view, arc, target->fraction));
        if (sum >= s->best.weight) continue;
        s->best.weight = sum;
        s->best.target = k;
        s->last = arc;
    }
}

static bool relax(struct search *s, uint32_t arc, uint64_t weight)
{
    const struct network_view *view = &s->metric->view;
    const struct network *net = view->net;
    for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
        uint32_t to = net->turn_to[t];
        if (!network_turn_open(view, t) || !network_arc_open(view, s->bar, to)) continue;
        uint64_t sum = weight_add(weight, network_turn_weight(view, arc, t));
        if (!improve(s, to, sum, arc)) return false;
    }
    return true;
}

/* Keys are costs: of equally cheap ways a quicker one may come late, so ties are gone through. */
static enum err run(struct search *s, uint64_t states_max)
{
    struct astar *astar = s->astar;
    if (!start(s)) return ERR_NOMEM;
    while (astar->heap.count) {
        struct heap_item item = heap_pop(&astar->heap);
        uint64_t weight = astar->labels[item.value].weight;
        if (item.key > weight_cost_ms(s->best.weight)) break;
        if (item.tag != weight_time_ms(weight)) continue; /* a better label has been pushed since */
        if (states_max && astar->states == states_max) return ERR_LIMIT;
        astar->states++;
        arrive(s, item.value, weight);
        if (!relax(s, item.value, weight)) return ERR_NOMEM;
    }
    return ERR_OK;
}

/* The arcs, source's first, from parent to parent. */
static enum err put_together(struct search *s, struct arena *arena)
{
    const struct astar_label *labels = s->astar->labels;
    size_t count = 1;
    uint32_t at = s->last;
    for (; !(at & FROM_SOURCE); at = labels[at].parent)
        count++;
    if (s->last != FROM_SOURCE) s->best.source = at & ~FROM_SOURCE;
    if (!arena) return ERR_OK;
    uint32_t *arcs = arena_alloc(arena, count * sizeof *arcs);
    if (!arcs) return ERR_NOMEM;
    size_t i = count;
    for (at = s->last; !(at & FROM_SOURCE); at = labels[at].parent)
        arcs[--i] = at;
    arcs[0] = s->ends->sources[s->best.source].arc;
    s->best.arcs = arcs;
    s->best.arc_count = count;
    return ERR_OK;
}

enum err astar_find(struct astar *astar, const struct metric *metric, const struct network_bar *bar,
                    const struct network_ends *ends, uint64_t states_max, struct arena *arena,
                    struct network_path *path)
{
    struct search s = {.astar = astar,
                       .metric = metric,
                       .bar = bar,
                       .ends = ends,
                       .best = {.weight = WEIGHT_NONE},
                       .last = FROM_SOURCE};
    enum err e = prepare(astar, metric->view.net->arc_count);
    if (!e)
        e = sweep_begin(astar->sweep, metric, NULL, SWEEP_TO, ends->targets, ends->target_count, 0);
    if (!e) e = run(&s, states_max);
    if (!e && s.best.weight != WEIGHT_NONE) e = put_together(&s, arena);
    if (!e) *path = s.best;
    return e;
}
