#include "geo/road/dijkstra.h"

#include <stdlib.h>
#include <string.h>

void dijkstra_fini(struct dijkstra *dijkstra)
{
    free(dijkstra->cost_ms);
    free(dijkstra->stamps);
    heap_fini(&dijkstra->heap);
    *dijkstra = (struct dijkstra){0};
}

static enum err prepare(struct dijkstra *d, uint32_t arcs)
{
    if (d->size < arcs) {
        dijkstra_fini(d);
        d->cost_ms = malloc(arcs * sizeof *d->cost_ms);
        d->stamps = calloc(arcs, sizeof *d->stamps);
        if (!d->cost_ms || !d->stamps) return ERR_NOMEM;
        d->size = arcs;
    }
    if (++d->stamp == 0) {
        memset(d->stamps, 0, d->size * sizeof *d->stamps);
        d->stamp = 1;
    }
    heap_clear(&d->heap);
    return ERR_OK;
}

static bool improve(struct dijkstra *d, uint32_t arc, uint64_t cost_ms)
{
    if (d->stamps[arc] == d->stamp && d->cost_ms[arc] <= cost_ms) return true;
    d->stamps[arc] = d->stamp;
    d->cost_ms[arc] = cost_ms;
    return heap_push(&d->heap, (double)cost_ms, arc, 0);
}

/* The first metres: from a source to the end of its arc, or to a target further along it. */
static bool start(struct dijkstra *d, const struct network_view *view,
                  const struct astar_end *source, const struct astar_end *targets, size_t count,
                  uint64_t *best)
{
    uint32_t time = view->time_ms[source->arc], behind = network_part_ms(time, source->fraction);
    for (size_t t = 0; t < count; t++) {
        if (targets[t].arc != source->arc || targets[t].fraction < source->fraction) continue;
        uint64_t cost = source->cost_ms + network_part_ms(time, targets[t].fraction) - behind;
        if (cost < *best) *best = cost;
    }
    return improve(d, source->arc, source->cost_ms + time - behind);
}

enum err dijkstra_cost(struct dijkstra *dijkstra, const struct network_view *view,
                       const struct astar_end *sources, size_t source_count,
                       const struct astar_end *targets, size_t target_count, uint64_t *cost_ms)
{
    const struct network *net = view->net;
    uint64_t best = ASTAR_NO_WAY;
    enum err e = prepare(dijkstra, net->arc_count);
    for (size_t i = 0; !e && i < source_count; i++)
        if (!start(dijkstra, view, &sources[i], targets, target_count, &best)) e = ERR_NOMEM;
    while (!e && dijkstra->heap.count) {
        struct heap_item item = heap_pop(&dijkstra->heap);
        uint32_t arc = item.value;
        if (item.key >= (double)best) break;
        if (item.key > (double)dijkstra->cost_ms[arc]) continue;
        for (uint32_t t = net->turn_first[arc]; !e && t < net->turn_first[arc + 1]; t++) {
            uint32_t to = net->turn_to[t];
            if (!network_turn_open(view, t)) continue;
            uint64_t turned = dijkstra->cost_ms[arc] + network_turn_cost(view, arc, t);
            for (size_t k = 0; k < target_count; k++) {
                if (net->arc_half[targets[k].arc] != net->arc_half[to]) continue;
                uint64_t total = turned + network_part_ms(view->time_ms[to], targets[k].fraction);
                if (total < best) best = total;
            }
            if (!improve(dijkstra, to, turned + view->time_ms[to])) e = ERR_NOMEM;
        }
    }
    if (!e) *cost_ms = best;
    return e;
}
