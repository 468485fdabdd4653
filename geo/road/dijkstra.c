#include "geo/road/dijkstra.h"

#include <stdlib.h>
#include <string.h>

void dijkstra_fini(struct dijkstra *dijkstra)
{
    free(dijkstra->weights);
    free(dijkstra->stamps);
    heap_fini(&dijkstra->heap);
    *dijkstra = (struct dijkstra){0};
}

static enum err prepare(struct dijkstra *d, uint32_t arcs)
{
    if (d->size < arcs) {
        dijkstra_fini(d);
        d->weights = malloc(arcs * sizeof *d->weights);
        d->stamps = calloc(arcs, sizeof *d->stamps);
        if (!d->weights || !d->stamps) return ERR_NOMEM;
        d->size = arcs;
    }
    if (++d->stamp == 0) {
        memset(d->stamps, 0, d->size * sizeof *d->stamps);
        d->stamp = 1;
    }
    heap_clear(&d->heap);
    return ERR_OK;
}

static uint64_t at_tail(const struct dijkstra *d, uint32_t arc)
{
    return d->stamps[arc] == d->stamp ? d->weights[arc] : WEIGHT_NONE;
}

/* What one search is about. */
struct judged {
    struct dijkstra *dijkstra;
    const struct network_view *view;
    const struct network_bar *bar;
};

/* Makes every open turn from an arc, at whose tail one would stand with `weight`. */
static enum err turn_from(const struct judged *j, uint32_t arc, uint64_t weight)
{
    struct dijkstra *d = j->dijkstra;
    const struct network *net = j->view->net;
    for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
        uint32_t to = net->turn_to[t];
        if (!network_turn_open(j->view, t) || !network_arc_open(j->view, j->bar, to)) continue;
        uint64_t link = network_turn_weight(j->view, arc, t), sum = weight + link;
        if (link >= WEIGHT_NONE || sum >= at_tail(d, to)) continue;
        d->weights[to] = sum;
        d->stamps[to] = d->stamp;
        if (!heap_push(&d->heap, weight_cost_ms(sum), to, 0)) return ERR_NOMEM;
    }
    return ERR_OK;
}

/* A source stands within its arc: only what is left of that is paid. The part behind is no more
 * than the whole, so that what may wrap around here comes back when the whole is added. */
static enum err start(const struct judged *j, const struct network_end *source)
{
    if (!network_arc_open(j->view, j->bar, source->arc)) return ERR_OK;
    return turn_from(j, source->arc,
                     source->paid - network_part_weight(j->view, source->arc, source->fraction));
}

/* Along one arc, without any turn. */
static uint64_t straight(const struct network_view *view, const struct network_end *source,
                         const struct network_end *target)
{
    const struct network *net = view->net;
    if (net->arc_half[source->arc] != net->arc_half[target->arc] ||
        target->fraction < source->fraction)
        return WEIGHT_NONE;
    uint64_t part = network_part_weight(view, target->arc, target->fraction);
    if (part == WEIGHT_NONE) return WEIGHT_NONE;
    return weight_add(source->paid,
                      part - network_part_weight(view, source->arc, source->fraction));
}

/* The same for the best of all sources. */
static uint64_t straight_to(const struct judged *j, const struct network_ends *ends,
                            const struct network_end *target)
{
    uint64_t best = WEIGHT_NONE;
    for (size_t i = 0; i < ends->source_count; i++) {
        if (!network_arc_open(j->view, j->bar, ends->sources[i].arc)) continue;
        uint64_t weight = straight(j->view, &ends->sources[i], target);
        if (weight < best) best = weight;
    }
    return best;
}

/* From the tail of an arc to the nearest target on it, if there is any. */
static uint64_t arrive(const struct judged *j, const struct network_ends *ends, uint32_t arc,
                       uint64_t weight)
{
    const uint32_t *arc_half = j->view->net->arc_half;
    uint64_t best = WEIGHT_NONE;
    for (size_t k = 0; k < ends->target_count; k++) {
        const struct network_end *target = &ends->targets[k];
        if (arc_half[target->arc] != arc_half[arc]) continue;
        uint64_t sum = weight_add(weight, network_part_weight(j->view, arc, target->fraction));
        if (sum < best) best = sum;
    }
    return best;
}

/* Settles states, the cheapest first, until no target is nearer. Without targets: all there are.
 * Heap keys are costs alone: of equal ones a quicker way may come late, and then counts. */
static enum err search(const struct judged *j, const struct network_ends *ends, uint64_t *best)
{
    struct dijkstra *d = j->dijkstra;
    enum err e = prepare(d, j->view->net->arc_count);
    for (size_t i = 0; !e && i < ends->source_count; i++)
        e = start(j, &ends->sources[i]);
    while (!e && d->heap.count) {
        struct heap_item item = heap_pop(&d->heap);
        uint64_t weight = d->weights[item.value];
        if (item.key > weight_cost_ms(*best)) break;
        if (item.key > weight_cost_ms(weight)) continue;
        uint64_t sum = arrive(j, ends, item.value, weight);
        if (sum < *best) *best = sum;
        e = turn_from(j, item.value, weight);
    }
    return e;
}

enum err dijkstra_find(struct dijkstra *dijkstra, const struct network_view *view,
                       const struct network_bar *bar, const struct network_ends *ends,
                       uint64_t *weight)
{
    struct judged j = {dijkstra, view, bar};
    uint64_t best = WEIGHT_NONE;
    for (size_t k = 0; k < ends->target_count; k++) {
        if (!network_arc_open(view, bar, ends->targets[k].arc)) continue;
        uint64_t sum = straight_to(&j, ends, &ends->targets[k]);
        if (sum < best) best = sum;
    }
    enum err e = search(&j, ends, &best);
    if (!e) *weight = best;
    return e;
}

enum err dijkstra_all(struct dijkstra *dijkstra, const struct network_view *view,
                      const struct network_bar *bar, const struct network_end *sources,
                      size_t source_count, uint64_t *weights)
{
    struct judged j = {dijkstra, view, bar};
    struct network_ends ends = {.sources = sources, .source_count = source_count};
    uint64_t never = WEIGHT_NONE;
    enum err e = search(&j, &ends, &never);
    for (uint32_t arc = 0; !e && arc < view->net->arc_count; arc++)
        weights[arc] = at_tail(dijkstra, arc);
    return e;
}

enum err dijkstra_each(struct dijkstra *dijkstra, const struct network_view *view,
                       const struct network_bar *bar, const struct network_ends *ends,
                       uint64_t *weights)
{
    const struct network *net = view->net;
    struct judged j = {dijkstra, view, bar};
    uint64_t *halves = malloc(2 * (size_t)net->edge_count * sizeof *halves);
    uint64_t *arcs = calloc(net->arc_count, sizeof *arcs);
    enum err e = halves && arcs
                     ? dijkstra_all(dijkstra, view, bar, ends->sources, ends->source_count, arcs)
                     : ERR_NOMEM;
    for (size_t h = 0; !e && h < 2 * (size_t)net->edge_count; h++)
        halves[h] = WEIGHT_NONE;
    for (uint32_t arc = 0; !e && arc < net->arc_count; arc++)
        if (arcs[arc] < halves[net->arc_half[arc]]) halves[net->arc_half[arc]] = arcs[arc];
    for (size_t k = 0; !e && k < ends->target_count; k++) {
        const struct network_end *target = &ends->targets[k];
        weights[k] = WEIGHT_NONE;
        if (!network_arc_open(view, bar, target->arc)) continue;
        uint64_t turned = weight_add(halves[net->arc_half[target->arc]],
                                     network_part_weight(view, target->arc, target->fraction));
        uint64_t direct = straight_to(&j, ends, target);
        weights[k] = turned < direct ? turned : direct;
    }
    free(halves);
    free(arcs);
    return e;
}
