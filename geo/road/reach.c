#include "geo/road/ends.h"
#include "geo/road/reach_work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum err reach_new(struct reach **reach)
{
    struct reach *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    *reach = fresh;
    return ERR_OK;
}

void reach_free(struct reach *reach)
{
    if (!reach) return;
    barred_fini(&reach->search);
    free(reach->halves);
    free(reach->edges);
    reach_grid_fini(&reach->grid);
    reach_rings_fini(&reach->rings);
    free(reach);
}

/* ---- the search ---- */

static enum err prepare(struct reach *r, const struct network *net)
{
    if (r->edge_size < net->edge_count) {
        free(r->halves);
        free(r->edges);
        r->halves = calloc((size_t)2 * net->edge_count, sizeof *r->halves);
        r->edges = malloc(net->edge_count * sizeof *r->edges);
        r->edge_size = r->halves && r->edges ? net->edge_count : 0;
        if (!r->edge_size) return ERR_NOMEM;
        r->stamp = 0;
    }
    if (++r->stamp == 0) {
        memset(r->halves, 0, (size_t)2 * r->edge_size * sizeof *r->halves);
        r->stamp = 1;
    }
    return ERR_OK;
}

static bool seed(void *user, uint32_t arc, uint64_t weight, size_t end)
{
    (void)end;
    return barred_seed(user, arc, weight);
}

static uint32_t latest_of(const struct reach_query *q)
{
    return q->limits_ms[q->limit_count - 1];
}

static enum err search(struct reach *r, const struct reach_query *q)
{
    enum err e = barred_begin(&r->search, q->metric, q->bar, BARRED_FROM, q->states_max);
    if (e) return e;
    double until_ms = 0;
    for (size_t i = 0; i < q->from_count; i++) {
        const struct network_end *end = &q->from[i];
        if (!ends_leave(&q->metric->view, q->bar, end, i, seed, &r->search)) return r->search.state;
        if (weight_time_ms(end->paid) <= latest_of(q))
            until_ms =
                fmax(until_ms, barred_last_ms(&q->metric->view, end->arc, end->paid, latest_of(q)));
    }
    return barred_within(&r->search, latest_of(q), until_ms);
}

enum err reach_arcs(struct reach *reach, const struct reach_query *query,
                    void (*visit)(void *user, uint32_t arc, uint32_t time_ms), void *user)
{
    enum err e = search(reach, query);
    for (uint32_t i = 0; !e && i < reach->search.touched_count; i++) {
        uint32_t arc = reach->search.touched[i];
        uint32_t time_ms = weight_time_ms(reach->search.weights[arc]);
        if (time_ms <= latest_of(query)) visit(user, arc, time_ms);
    }
    return e;
}

/* ---- streets ---- */

static bool is_timely(const struct reach *r, uint32_t half, uint32_t latest_ms)
{
    const struct reach_half *mine = &r->halves[half];
    return mine->stamp == r->stamp && weight_time_ms(mine->weight) <= latest_ms;
}

/* The cheapest label of a half edge among its arc's copies, late or not; and the edges on which
 * some are in time. */
static void collect_halves(struct reach *r, const struct network *net, uint32_t latest_ms)
{
    for (uint32_t i = 0; i < r->search.touched_count; i++) {
        uint32_t arc = r->search.touched[i];
        struct reach_half *mine = &r->halves[net->arc_half[arc]];
        uint64_t weight = r->search.weights[arc];
        if (mine->stamp != r->stamp || weight < mine->weight)
            *mine = (struct reach_half){weight, r->stamp, arc};
    }
    r->edge_count = 0;
    for (uint32_t i = 0; i < r->search.touched_count; i++) {
        uint32_t arc = r->search.touched[i], half = net->arc_half[arc];
        if (r->halves[half].arc != arc || !is_timely(r, half, latest_ms)) continue;
        if (!(half & 1) || !is_timely(r, half ^ 1, latest_ms))
            r->edges[r->edge_count++] = half >> 1;
    }
}

/* A way to be on an edge: from `start` on along the edge's direction (`forward`) or against it, at
 * `weight` there and time_ms the whole edge. All fractions are along the edge. */
struct run {
    double start, time_ms;
    uint64_t weight;
    bool forward;
};

enum { MAX_RUNS = 2 + NETWORK_MAX_ENDS, MAX_CUTS = 2 + MAX_RUNS + MAX_RUNS * MAX_RUNS };

static bool run_covers(const struct run *run, double at)
{
    return run->forward ? at >= run->start : at <= run->start;
}

static double run_ms(const struct run *run, double at)
{
    return run->time_ms * (run->forward ? at - run->start : run->start - at);
}

/* Which run is the cheapest at a place, the quicker of equals; NULL: none. */
static const struct run *cheapest(const struct run *runs, size_t count, double at)
{
    const struct run *best = NULL;
    double best_cost = 0, best_time = 0;
    for (size_t i = 0; i < count; i++) {
        if (!run_covers(&runs[i], at)) continue;
        double ms = run_ms(&runs[i], at);
        double cost = weight_cost_ms(runs[i].weight) + ms;
        double time = weight_time_ms(runs[i].weight) + ms;
        if (best && (cost > best_cost || (cost == best_cost && time >= best_time))) continue;
        best = &runs[i];
        best_cost = cost;
        best_time = time;
    }
    return best;
}

static int compare_cuts(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Places between which one run is the cheapest throughout. */
static size_t find_cuts(const struct run *runs, size_t count, double cuts[MAX_CUTS])
{
    size_t n = 0;
    cuts[n++] = 0;
    cuts[n++] = 1;
    for (size_t i = 0; i < count; i++) {
        if (runs[i].start > 0 && runs[i].start < 1) cuts[n++] = runs[i].start;
        for (size_t k = 0; k < count; k++) {
            const struct run *f = &runs[i], *b = &runs[k];
            if (!f->forward || b->forward || f->time_ms + b->time_ms <= 0) continue;
            double at = ((double)weight_cost_ms(b->weight) - (double)weight_cost_ms(f->weight) +
                         b->start * b->time_ms + f->start * f->time_ms) /
                        (f->time_ms + b->time_ms);
            if (at > 0 && at < 1) cuts[n++] = at;
        }
    }
    qsort(cuts, n, sizeof *cuts, compare_cuts);
    return n;
}

/* The stretch from a to b, where `run` is the cheapest, by the limits that it is reached within.
 * Whole milliseconds count, so that a limit holds until the next one begins. */
static void add_stretch(struct reach *r, const struct reach_query *q, uint32_t edge,
                        const struct run *run, double a, double b)
{
    double near = run->forward ? a : b, far = run->forward ? b : a;
    for (size_t i = 0; i < q->limit_count && near != far; i++) {
        double left_ms = (double)q->limits_ms[i] + 1 - weight_time_ms(run->weight);
        if (left_ms <= run_ms(run, near)) continue;
        double end = far;
        if (left_ms < run_ms(run, far))
            end = run->start + (run->forward ? 1 : -1) * left_ms / run->time_ms;
        reach_work_street(r, q->metric->view.net, edge, i, near, end);
        near = end;
    }
}

static void add_edge(struct reach *r, const struct reach_query *q, uint32_t edge)
{
    const struct network *net = q->metric->view.net;
    struct run runs[MAX_RUNS];
    double cuts[MAX_CUTS];
    size_t count = 0;
    for (uint32_t d = 0; d < 2; d++) {
        const struct reach_half *half = &r->halves[2 * edge + d];
        if (half->stamp != r->stamp) continue;
        runs[count++] =
            (struct run){d, (double)q->metric->view.time_ms[half->arc], half->weight, d == 0};
    }
    for (size_t i = 0; i < q->from_count; i++) {
        const struct network_end *end = &q->from[i];
        uint32_t half = net->arc_half[end->arc];
        if (half >> 1 != edge || !network_arc_open(&q->metric->view, q->bar, end->arc)) continue;
        bool forward = !(half & 1);
        runs[count++] = (struct run){forward ? end->fraction : 1 - end->fraction,
                                     (double)q->metric->view.time_ms[end->arc], end->paid, forward};
    }
    size_t n = find_cuts(runs, count, cuts);
    for (size_t i = 0; i + 1 < n; i++) {
        const struct run *run = cheapest(runs, count, (cuts[i] + cuts[i + 1]) / 2);
        if (run) add_stretch(r, q, edge, run, cuts[i], cuts[i + 1]);
    }
}

/* Also the edges started on, where nothing else is reached: each once. */
static void add_first_edges(struct reach *r, const struct reach_query *q)
{
    uint32_t latest_ms = latest_of(q), known = r->edge_count;
    for (size_t i = 0; i < q->from_count; i++) {
        uint32_t arc = q->from[i].arc, half = q->metric->view.net->arc_half[arc], k = known;
        if (is_timely(r, half, latest_ms) || is_timely(r, half ^ 1, latest_ms)) continue;
        if (!network_arc_open(&q->metric->view, q->bar, arc)) continue;
        while (k < r->edge_count && r->edges[k] != half >> 1)
            k++;
        if (k == r->edge_count) r->edges[r->edge_count++] = half >> 1;
    }
}

enum err reach_shapes(struct reach *reach, const struct reach_query *query, struct shape *shapes,
                      double *margin_m)
{
    const struct network *net = query->metric->view.net;
    enum err e = search(reach, query);
    if (!e) e = prepare(reach, net);
    if (e) return e;
    collect_halves(reach, net, latest_of(query));
    add_first_edges(reach, query);
    *margin_m = REACH_MARGIN_M;
    if (!reach->edge_count) return ERR_OK;
    struct reach_box box = reach_work_box(reach, net);
    reach_rings_clear(&reach->rings, box.x_per_e7, box.y_per_e7);
    for (int side = 0; !e && side < box.sides; side++) {
        e = reach_grid_begin(&reach->grid, &box, side, query->limit_count);
        for (uint32_t i = 0; !e && i < reach->edge_count; i++)
            add_edge(reach, query, reach->edges[i]);
        if (!e) e = reach_grid_trace(&reach->grid, &reach->rings);
    }
    if (!e) e = reach_rings_finish(&reach->rings, reach_grid_tolerance(), shapes);
    *margin_m = reach_grid_margin_m(&reach->grid);
    return e;
}
