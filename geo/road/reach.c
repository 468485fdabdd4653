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
    free(reach->starts);
    free(reach->lists[0]);
    free(reach->lists[1]);
    free(reach->cuts);
    reach_grid_fini(&reach->grid);
    reach_rings_fini(&reach->rings);
    free(reach);
}

/* ---- room ---- */

static enum err make_room(struct reach *r, const struct network *net)
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

static enum err make_room_for_starts(struct reach *r, size_t count)
{
    if (r->start_size >= count && r->cuts) return ERR_OK;
    free(r->starts);
    free(r->lists[0]);
    free(r->lists[1]);
    free(r->cuts);
    size_t size = count + count / 2 + 16;
    r->starts = malloc(size * sizeof *r->starts);
    for (int i = 0; i < 2; i++)
        r->lists[i] = malloc((size + 1) * sizeof *r->lists[i]);
    r->cuts = malloc((2 * size + 4) * sizeof *r->cuts);
    bool all = r->starts && r->lists[0] && r->lists[1] && r->cuts;
    r->start_size = all ? size : 0;
    return all ? ERR_OK : ERR_NOMEM;
}

/* ---- the search ---- */

static bool seed(void *user, uint32_t arc, uint64_t weight, size_t end)
{
    (void)end;
    return barred_seed(user, arc, weight);
}

static uint32_t latest_of(const struct reach_query *q)
{
    return q->limits_ms[q->limit_count - 1];
}

static bool begin_from(struct reach *r, const struct network_end *end, double *until_ms)
{
    const struct reach_query *q = r->query;
    if (!ends_leave(&q->metric->view, q->bar, end, 0, seed, &r->search)) return false;
    if (weight_time_ms(end->paid) <= latest_of(q))
        *until_ms =
            fmax(*until_ms, barred_last_ms(&q->metric->view, end->arc, end->paid, latest_of(q)));
    return true;
}

static enum err search(struct reach *r)
{
    const struct reach_query *q = r->query;
    bool from = q->side == REACH_FROM;
    enum err e =
        barred_begin(&r->search, q->metric, q->bar, from ? BARRED_FROM : BARRED_TO, q->states_max);
    if (e) return e;
    double until_ms = from ? 0 : latest_of(q); /* on the arcs that are arrived on, cost is time */
    for (size_t i = 0; i < q->end_count; i++)
        if (!(from ? begin_from(r, &q->ends[i], &until_ms)
                   : ends_arrive(q->metric, q->bar, &q->ends[i], 0, seed, &r->search)))
            return r->search.state;
    return barred_within(&r->search, latest_of(q), until_ms);
}

void reach_arcs(const struct reach *reach,
                void (*visit)(void *user, uint32_t arc, uint32_t time_ms), void *user)
{
    for (uint32_t i = 0; i < reach->search.touched_count; i++) {
        uint32_t arc = reach->search.touched[i];
        uint32_t time_ms = weight_time_ms(reach->search.weights[arc]);
        if (time_ms <= latest_of(reach->query)) visit(user, arc, time_ms);
    }
}

/* ---- where half edges are begun ---- */

static int compare_starts(const void *a, const void *b)
{
    const struct reach_start *x = a, *y = b;
    if (x->half != y->half) return x->half < y->half ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static enum err sort_starts(struct reach *r)
{
    const struct reach_query *q = r->query;
    enum err e = make_room_for_starts(r, q->end_count);
    r->start_count = 0;
    for (size_t i = 0; i < q->end_count && !e; i++) {
        const struct network_end *end = &q->ends[i];
        bool from = q->side == REACH_FROM;
        if (!network_arc_open(&q->metric->view, q->bar, end->arc)) continue;
        int64_t part_ms = reach_work_part_ms(q, end->arc, end->fraction);
        uint64_t paid = from ? end->paid : 0;
        r->starts[r->start_count++] =
            (struct reach_start){.key = from ? end->fraction : -end->fraction,
                                 .cost_ms = weight_cost_ms(paid) - part_ms,
                                 .time_ms = weight_time_ms(paid) - part_ms,
                                 .half = q->metric->view.net->arc_half[end->arc]};
    }
    if (r->start_count) qsort(r->starts, r->start_count, sizeof *r->starts, compare_starts);
    return e;
}

const struct reach_start *reach_work_starts(const struct reach *reach, uint32_t half, size_t *count)
{
    size_t low = 0, high = reach->start_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reach->starts[middle].half < half)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < reach->start_count && reach->starts[high].half == half;)
        high++;
    *count = high - low;
    return reach->starts + low;
}

/* The cheapest way on from the head of an arc, whose first turn it is to pay. */
static uint64_t weight_at_head(const struct reach *r, uint32_t arc)
{
    const struct network_view *view = &r->query->metric->view;
    uint32_t whole_ms = view->time_ms[arc];
    uint64_t best = WEIGHT_NONE;
    for (uint32_t t = view->net->turn_first[arc]; t < view->net->turn_first[arc + 1]; t++) {
        uint64_t on = r->search.weights[view->net->turn_to[t]];
        if (on == WEIGHT_NONE || !network_turn_open(view, t)) continue;
        uint64_t sum = weight_add(on, network_turn_weight(view, arc, t));
        if (sum == WEIGHT_NONE) continue;
        sum -= weight_of(whole_ms, whole_ms);
        if (sum < best) best = sum;
    }
    return best;
}

bool reach_work_begin(const struct reach *reach, uint32_t half, struct reach_start *start)
{
    const struct reach_query *q = reach->query;
    uint32_t arc = q->metric->view.net->half_arc[half];
    uint64_t weight = WEIGHT_NONE;
    if (arc == NETWORK_NONE || !network_arc_open(&q->metric->view, q->bar, arc)) return false;
    if (q->side == REACH_TO)
        weight = weight_at_head(reach, arc);
    else if (reach->halves[half].stamp == reach->stamp)
        weight = reach->halves[half].weight;
    *start = (struct reach_start){.key = q->side == REACH_FROM ? 0 : -1,
                                  .cost_ms = weight_cost_ms(weight),
                                  .time_ms = weight_time_ms(weight),
                                  .half = half};
    return weight != WEIGHT_NONE;
}

/* ---- streets ---- */

static void list_edge(struct reach *r, uint32_t edge)
{
    uint32_t *listed = &r->halves[(size_t)2 * edge].listed;
    if (*listed == r->stamp) return;
    *listed = r->stamp;
    r->edges[r->edge_count++] = edge;
}

/* Onto an arc one comes at its tail, whichever copy: the cheapest label counts, late or not. */
static void list_from(struct reach *r, const struct network *net)
{
    for (uint32_t i = 0; i < r->search.touched_count; i++) {
        uint32_t arc = r->search.touched[i];
        struct reach_half *mine = &r->halves[net->arc_half[arc]];
        uint64_t weight = r->search.weights[arc];
        if (mine->stamp == r->stamp && weight >= mine->weight) continue;
        mine->weight = weight;
        mine->stamp = r->stamp;
    }
    for (uint32_t i = 0; i < r->search.touched_count; i++) {
        uint32_t half = net->arc_half[r->search.touched[i]];
        if (weight_time_ms(r->halves[half].weight) <= latest_of(r->query)) list_edge(r, half >> 1);
    }
}

/* Where a way goes on in time at a node, it may be on any street there. */
static void list_to(struct reach *r, const struct network *net)
{
    for (uint32_t i = 0; i < r->search.touched_count; i++) {
        uint32_t arc = r->search.touched[i], node = network_tail(net, net->arc_half[arc]);
        if (weight_time_ms(r->search.weights[arc]) > latest_of(r->query)) continue;
        for (uint32_t k = net->node_first[node]; k < net->node_first[node + 1]; k++)
            list_edge(r, net->node_half[k] >> 1);
    }
}

enum err reach_run(struct reach *reach, const struct reach_query *query)
{
    const struct network *net = query->metric->view.net;
    reach->query = query;
    reach->edge_count = 0;
    enum err e = search(reach);
    if (!e) e = make_room(reach, net);
    if (!e) e = sort_starts(reach);
    if (e) return e;
    if (query->side == REACH_FROM)
        list_from(reach, net);
    else
        list_to(reach, net);
    for (size_t i = 0; i < reach->start_count; i++)
        list_edge(reach, reach->starts[i].half >> 1);
    return ERR_OK;
}

/* ---- outlines ---- */

struct drawing {
    struct reach *reach;
    const struct network *net;
};

static void draw(void *user, uint32_t edge, size_t limit, double from, double to)
{
    const struct drawing *d = user;
    reach_work_street(d->reach, d->net, edge, limit, from, to);
}

/* A goal is within every limit, also where no way of any length leads to it in time. */
static void draw_goals(const struct drawing *d)
{
    const struct reach *r = d->reach;
    for (size_t i = 0; i < r->start_count && r->query->side == REACH_TO; i++) {
        uint32_t half = r->starts[i].half;
        double at = half & 1 ? 1 + r->starts[i].key : -r->starts[i].key;
        reach_work_street(d->reach, d->net, half >> 1, 0, at, at);
    }
}

/* Also what is not reached, as far as it may be used: within one more limit. */
static void draw_all(const struct drawing *d)
{
    const struct reach_query *q = d->reach->query;
    struct box_e7 window = box_to_e7(*q->window);
    for (uint32_t edge = 0; edge < d->net->edge_count; edge++) {
        bool open = false;
        for (uint32_t half = 2 * edge; half <= 2 * edge + 1; half++) {
            uint32_t arc = d->net->half_arc[half];
            open = open || (arc != NETWORK_NONE && network_arc_open(&q->metric->view, q->bar, arc));
        }
        if (open && reach_work_meets(&d->reach->grid, d->net, edge, window))
            reach_work_street(d->reach, d->net, edge, q->limit_count, 0, 1);
    }
}

enum err reach_shapes(struct reach *reach, struct shape *shapes, double *margin_m)
{
    const struct reach_query *q = reach->query;
    struct drawing drawing = {reach, q->metric->view.net};
    enum err e = ERR_OK;
    *margin_m = REACH_MARGIN_M;
    if (!reach->edge_count && !q->all_streets) return ERR_OK;
    struct reach_box box = reach_work_box(reach, drawing.net);
    reach_rings_clear(&reach->rings, box.x_per_e7, box.y_per_e7);
    for (int side = 0; !e && side < box.sides; side++) {
        e = reach_grid_begin(&reach->grid, &box, side, q->limit_count + q->all_streets);
        if (!e) reach_streets(reach, draw, &drawing);
        if (!e) draw_goals(&drawing);
        if (!e && q->all_streets) draw_all(&drawing);
        if (!e) e = reach_grid_trace(&reach->grid, &reach->rings);
    }
    if (!e) e = reach_rings_finish(&reach->rings, reach_grid_tolerance(), shapes);
    *margin_m = reach_grid_margin_m(&reach->grid);
    return e;
}
