/* A metric held against a judge that knows no hierarchy, between all arcs of a network. */
#ifndef YZ_TESTS_ROAD_WAYS_H
#define YZ_TESTS_ROAD_WAYS_H

#include "geo/road/custom.h"
#include "tests/check.h"

#include <string.h>

/* The weight of turn `turn` from `arc`, the arc travelled first; WEIGHT_NONE: it cannot be made. */
static inline uint64_t ways_turn(const struct network_view *view, uint32_t arc, uint32_t turn)
{
    uint32_t time_ms = view->time_ms[arc];
    if (time_ms == NETWORK_NONE || !network_turn_open(view, turn)) return WEIGHT_NONE;
    uint64_t cost = time_ms + network_turn_cost(view, arc, turn);
    uint64_t time = time_ms + network_turn_time(view, arc, turn);
    return cost < INT32_MAX ? weight_of((uint32_t)cost, (uint32_t)time) : WEIGHT_NONE;
}

/* From the tail of `from` to the tails of all arcs: labels are corrected until none is wrong
 * (L. R. Ford 1956, R. Bellman 1958, E. F. Moore 1959). */
static inline void ways_judge(const struct network_view *view, uint32_t from, uint64_t *weights)
{
    const struct network *net = view->net;
    uint32_t size = net->arc_count + 1, head = 0, tail = 0;
    uint32_t *queue = malloc(size * sizeof *queue);
    bool *queued = calloc(size, sizeof *queued);
    assert_true(queue && queued);
    for (uint32_t a = 0; a < net->arc_count; a++)
        weights[a] = WEIGHT_NONE;
    weights[from] = 0;
    for (queue[tail++] = from; head != tail; head = (head + 1) % size) {
        uint32_t arc = queue[head];
        queued[arc] = false;
        for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
            uint32_t to = net->turn_to[t];
            uint64_t weight = weight_add(weights[arc], ways_turn(view, arc, t));
            if (weight >= weights[to]) continue;
            weights[to] = weight;
            if (queued[to]) continue;
            queued[to] = true;
            queue[tail] = to;
            tail = (tail + 1) % size;
        }
    }
    free(queue);
    free(queued);
}

/* All that can be reached from `vertex` by going up (of side METRIC_UP), or that reaches it by
 * going down; vertices without a way are WEIGHT_NONE. */
static inline void ways_climb(const struct metric *metric, enum metric_side side, uint32_t vertex,
                              uint64_t *weights)
{
    for (uint32_t v = 0; v < metric->cch->vertex_count; v++)
        weights[v] = WEIGHT_NONE;
    weights[vertex] = 0;
    for (uint32_t v = vertex; v < metric->cch->vertex_count; v++) {
        if (weights[v] == WEIGHT_NONE) continue;
        for (uint32_t i = metric->first[side][v]; i < metric->first[side][v + 1]; i++) {
            const struct metric_link *link = &metric->links[side][i];
            uint64_t weight = weight_add(weights[v], link->weight);
            if (weight < weights[link->head]) weights[link->head] = weight;
        }
    }
}

/* Climbs from both ends meet. */
static inline uint64_t ways_meet(const struct metric *metric, const uint64_t *up,
                                 const uint64_t *down)
{
    uint64_t best = WEIGHT_NONE;
    for (uint32_t v = 0; v < metric->cch->vertex_count; v++) {
        uint64_t weight = weight_add(up[v], down[v]);
        if (weight < best) best = weight;
    }
    return best;
}

/* A link unpacks to arcs that join, and whose turns sum to its weight. Not asked of one that ends
 * at a closed arc, which no turn of the judge's leads into. */
static inline void ways_prove_link(const struct metric *metric, enum metric_side side, uint32_t low,
                                   const struct metric_link *link, uint32_t **arcs, size_t *room)
{
    const struct network *net = metric->view.net;
    size_t count = metric_unpack(metric, side, low, link, *arcs, *room);
    if (count > *room) {
        *room = count;
        *arcs = realloc(*arcs, count * sizeof **arcs);
        assert_non_null(*arcs);
        assert_int_equal(metric_unpack(metric, side, low, link, *arcs, *room), count);
    }
    uint32_t at = metric->cch->arc[side == METRIC_UP ? low : link->head];
    uint32_t end = metric->cch->arc[side == METRIC_UP ? link->head : low];
    uint64_t sum = 0;
    if (metric->view.time_ms[end] == NETWORK_NONE) return;
    for (size_t i = 0; i < count; at = (*arcs)[i++]) {
        uint64_t best = WEIGHT_NONE;
        for (uint32_t t = net->turn_first[at]; t < net->turn_first[at + 1]; t++) {
            uint64_t weight = ways_turn(&metric->view, at, t);
            if (net->turn_to[t] == (*arcs)[i] && weight < best) best = weight;
        }
        sum = weight_add(sum, best);
    }
    assert_int_equal(at, end);
    assert_true(sum == link->weight);
}

static inline void ways_prove_links(const struct metric *metric)
{
    uint32_t *arcs = NULL;
    size_t room = 0;
    for (int s = 0; s < METRIC_SIDES; s++)
        for (uint32_t v = 0; v < metric->cch->vertex_count; v++)
            for (uint32_t i = metric->first[s][v]; i < metric->first[s][v + 1]; i++)
                ways_prove_link(metric, (enum metric_side)s, v, &metric->links[s][i], &arcs, &room);
    free(arcs);
}

/* Ways from `sources` random arcs to `targets` random ones each (0: from and to all) weigh what the
 * judge says; the number of those that exist. */
static inline size_t ways_prove(const struct metric *metric, uint32_t sources, uint32_t targets,
                                uint64_t *seed)
{
    const struct network_view *view = &metric->view;
    uint32_t arcs = view->net->arc_count;
    uint64_t *judged = malloc(3 * (size_t)arcs * sizeof *judged), *up = judged + arcs;
    size_t found = 0;
    assert_non_null(judged);
    for (uint32_t s = 0; s < (sources ? sources : arcs); s++) {
        uint32_t from = sources ? random_below(seed, arcs) : s;
        ways_judge(view, from, judged);
        ways_climb(metric, METRIC_UP, metric->cch->vertex[from], up);
        for (uint32_t t = 0; t < (targets ? targets : arcs); t++) {
            uint32_t to = targets ? random_below(seed, arcs) : t;
            if (view->time_ms[to] == NETWORK_NONE) continue;
            ways_climb(metric, METRIC_DOWN, metric->cch->vertex[to], up + arcs);
            uint64_t weight = ways_meet(metric, up, up + arcs);
            assert_true(weight == judged[to]);
            found += weight != WEIGHT_NONE;
        }
    }
    free(judged);
    return found;
}

#endif
