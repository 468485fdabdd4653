#include "geo/road/sweep.h"

#include "geo/road/barred.h"
#include "geo/road/ends.h"
#include "geo/road/front.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* In a label: it is final. What else is in it is what the weight leaves of WEIGHT_NONE, as in a
 * query's, so that 0 means that nothing is known. */
#define FINAL (UINT64_C(1) << 63)

struct sweep {
    const struct metric *metric;
    const struct network_bar *bar; /* NULL: by the hierarchy */
    enum sweep_side side;
    struct network_end ends[NETWORK_MAX_ENDS];
    size_t end_count;
    uint64_t *labels;  /* [size] by vertex */
    uint32_t *touched; /* [size]: vertices with a label */
    uint32_t size, touched_count;
    struct front front;
    struct barred barred;
    uint32_t stack[METRIC_MAX_HEIGHT];
};

enum err sweep_new(struct sweep **sweep)
{
    struct sweep *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    *sweep = made;
    return ERR_OK;
}

void sweep_free(struct sweep *sweep)
{
    if (!sweep) return;
    free(sweep->labels);
    free(sweep->touched);
    front_fini(&sweep->front);
    barred_fini(&sweep->barred);
    free(sweep);
}

static enum err prepare(struct sweep *sweep, uint32_t size)
{
    for (uint32_t i = 0; i < sweep->touched_count; i++)
        sweep->labels[sweep->touched[i]] = 0;
    sweep->touched_count = 0;
    sweep->front.count = 0;
    if (sweep->size >= size) return ERR_OK;
    uint64_t *labels = calloc(size, sizeof *labels);
    uint32_t *touched = calloc(size, sizeof *touched);
    if (!labels || !touched) {
        free(labels);
        free(touched);
        return ERR_NOMEM;
    }
    free(sweep->labels);
    free(sweep->touched);
    sweep->labels = labels;
    sweep->touched = touched;
    sweep->size = size;
    return ERR_OK;
}

/* --- the walk up from the point --- */

static void improve(struct sweep *sweep, uint32_t vertex, uint64_t left)
{
    uint64_t *label = &sweep->labels[vertex];
    if (left <= *label) return;
    if (!*label) sweep->touched[sweep->touched_count++] = vertex;
    *label = left;
}

static bool seed(void *user, uint32_t arc, uint64_t weight, size_t end)
{
    struct sweep *sweep = user;
    (void)end;
    if (sweep->bar) return barred_seed(&sweep->barred, arc, weight);
    improve(sweep, sweep->metric->cch->vertex[arc], WEIGHT_NONE - weight);
    return front_add(&sweep->front, sweep->metric->cch->vertex[arc]);
}

static enum err seed_all(struct sweep *sweep)
{
    bool ok = true;
    for (size_t i = 0; ok && i < sweep->end_count; i++)
        ok = sweep->side == SWEEP_FROM
                 ? ends_leave(&sweep->metric->view, sweep->bar, &sweep->ends[i], i, seed, sweep)
                 : ends_arrive(sweep->metric, sweep->bar, &sweep->ends[i], i, seed, sweep);
    return ok ? ERR_OK : ERR_NOMEM;
}

/* What is above the point by links of its own side. */
static void walk_up(struct sweep *sweep)
{
    const struct metric *metric = sweep->metric;
    enum metric_side side = sweep->side == SWEEP_FROM ? METRIC_UP : METRIC_DOWN;
    while (sweep->front.count) {
        uint32_t vertex = front_next(&sweep->front, metric->cch->parent);
        uint64_t left = sweep->labels[vertex];
        if (!left) continue;
        const struct metric_link *link = &metric->links[side][metric->first[side][vertex]];
        const struct metric_link *last = &metric->links[side][metric->first[side][vertex + 1]];
        for (; link < last; link++)
            if (left > link->weight) improve(sweep, link->head, left - link->weight);
    }
}

enum err sweep_begin(struct sweep *sweep, const struct metric *metric,
                     const struct network_bar *bar, enum sweep_side side,
                     const struct network_end *ends, size_t count, uint64_t states_max)
{
    assert(count <= NETWORK_MAX_ENDS);
    sweep->metric = metric;
    sweep->bar = bar;
    sweep->side = side;
    sweep->end_count = count;
    if (count) memcpy(sweep->ends, ends, count * sizeof *ends);
    sweep->barred.state = ERR_OK;
    enum err e = bar ? barred_begin(&sweep->barred, metric, bar,
                                    side == SWEEP_FROM ? BARRED_FROM : BARRED_TO, states_max)
                     : prepare(sweep, metric->cch->vertex_count);
    if (!e) e = seed_all(sweep);
    if (!e && !bar) walk_up(sweep);
    return e;
}

/* --- and down to what is asked for --- */

/* All ancestors are final: the best over the links to them, or what the walk up left here. */
static void settle(struct sweep *sweep, uint32_t vertex)
{
    const struct metric *metric = sweep->metric;
    enum metric_side side = sweep->side == SWEEP_FROM ? METRIC_DOWN : METRIC_UP;
    const struct metric_link *link = &metric->links[side][metric->first[side][vertex]];
    const struct metric_link *last = &metric->links[side][metric->first[side][vertex + 1]];
    uint64_t best = sweep->labels[vertex];
    if (!best) sweep->touched[sweep->touched_count++] = vertex;
    for (; link < last; link++) {
        uint64_t left = sweep->labels[link->head] & ~FINAL;
        if (left > link->weight && left - link->weight > best) best = left - link->weight;
    }
    sweep->labels[vertex] = best | FINAL;
}

static uint64_t weigh(struct sweep *sweep, uint32_t vertex)
{
    const uint32_t *parents = sweep->metric->cch->parent;
    size_t depth = 0;
    for (uint32_t v = vertex; v != NETWORK_NONE && !(sweep->labels[v] & FINAL); v = parents[v])
        sweep->stack[depth++] = v;
    while (depth)
        settle(sweep, sweep->stack[--depth]);
    return WEIGHT_NONE - (sweep->labels[vertex] & ~FINAL);
}

uint64_t sweep_at(struct sweep *sweep, uint32_t arc)
{
    if (!network_arc_open(&sweep->metric->view, sweep->bar, arc)) return WEIGHT_NONE;
    return sweep->bar ? barred_at(&sweep->barred, arc)
                      : weigh(sweep, sweep->metric->cch->vertex[arc]);
}

/* --- whole ways --- */

struct joining {
    struct sweep *sweep;
    uint64_t weight;
};

static bool join(void *user, uint32_t arc, uint64_t weight, size_t end)
{
    struct joining *j = user;
    uint64_t sum = weight_add(weight, sweep_at(j->sweep, arc));
    (void)end;
    if (sum < j->weight) j->weight = sum;
    return true;
}

/* From the point to `target`. */
static uint64_t way_on(struct sweep *sweep, const struct network_end *target)
{
    struct joining j = {sweep, WEIGHT_NONE};
    for (size_t i = 0; i < sweep->end_count; i++) {
        uint64_t weight = ends_straight(&sweep->metric->view, sweep->bar, &sweep->ends[i], target);
        if (weight < j.weight) j.weight = weight;
    }
    ends_arrive(sweep->metric, sweep->bar, target, 0, join, &j);
    return j.weight;
}

/* From `source` to the point. */
static uint64_t way_back(struct sweep *sweep, const struct network_end *source)
{
    const struct network_view *view = &sweep->metric->view;
    struct joining j = {sweep, WEIGHT_NONE};
    if (!network_arc_open(view, sweep->bar, source->arc)) return WEIGHT_NONE;
    if (!ends_share(view->net, sweep->ends, sweep->end_count, source->arc)) {
        uint64_t behind = network_part_weight(view, source->arc, source->fraction);
        uint64_t whole = sweep_at(sweep, source->arc);
        if (whole != WEIGHT_NONE) return weight_add(whole - behind, source->paid);
    }
    for (size_t i = 0; i < sweep->end_count; i++) {
        uint64_t weight = ends_straight(view, sweep->bar, source, &sweep->ends[i]);
        if (weight < j.weight) j.weight = weight;
    }
    ends_leave(view, sweep->bar, source, 0, join, &j);
    return j.weight;
}

uint64_t sweep_to(struct sweep *sweep, const struct network_end *ends, size_t count, size_t *best)
{
    uint64_t least = WEIGHT_NONE;
    for (size_t i = 0; i < count; i++) {
        uint64_t weight =
            sweep->side == SWEEP_FROM ? way_on(sweep, &ends[i]) : way_back(sweep, &ends[i]);
        if (weight >= least) continue;
        least = weight;
        if (best) *best = i;
    }
    return least;
}

enum err sweep_state(const struct sweep *sweep)
{
    return sweep->barred.state;
}

uint64_t sweep_states(const struct sweep *sweep)
{
    return sweep->bar ? sweep->barred.states : 0;
}
