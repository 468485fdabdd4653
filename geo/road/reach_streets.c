#include "geo/road/reach_work.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* One half edge of the edge at hand, and the ways to be on it that matter: further and further on,
 * cheaper and cheaper. All cost the same from place to place. */
struct lane {
    const struct reach_start *items;
    size_t count, at; /* at: the one in force, plus one; 0: none yet */
    double time_ms;   /* of all of it */
    bool along;       /* the search goes the way of the edge's points */
};

static struct lane lane_of(struct reach *r, uint32_t half)
{
    const struct reach_query *q = r->query;
    uint32_t arc = q->metric->view.net->half_arc[half];
    struct reach_start *list = r->lists[half & 1];
    struct lane lane = {.items = list, .along = (q->side == REACH_FROM) == !(half & 1)};
    size_t given;
    const struct reach_start *starts = reach_work_starts(r, half, &given);
    assert(list); /* a run has made room */
    if (reach_work_begin(r, half, &list[0])) lane.count = 1;
    for (size_t i = 0; i < given; i++) {
        const struct reach_start *last = lane.count ? &list[lane.count - 1] : NULL;
        bool better = !last || starts[i].cost_ms < last->cost_ms ||
                      (starts[i].cost_ms == last->cost_ms && starts[i].time_ms < last->time_ms);
        if (better) list[lane.count++] = starts[i];
    }
    if (lane.count) lane.time_ms = (double)q->metric->view.time_ms[arc];
    return lane;
}

/* Where on the edge a way of a lane starts. */
static double start_of(const struct reach_query *q, const struct lane *lane, size_t i)
{
    double key = lane->items[i].key, on = q->side == REACH_FROM ? key : 1 + key;
    return lane->along ? on : 1 - on;
}

static int compare_cuts(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Places between which each lane has one way in force. */
static size_t find_cuts(const struct reach_query *q, const struct lane lanes[2], double *cuts)
{
    size_t n = 0;
    cuts[n++] = 0;
    cuts[n++] = 1;
    for (int l = 0; l < 2; l++)
        for (size_t i = 0; i < lanes[l].count; i++)
            cuts[n++] = fmin(fmax(start_of(q, &lanes[l], i), 0), 1);
    qsort(cuts, n, sizeof *cuts, compare_cuts);
    return n;
}

/* The way of a lane that is in force between two cuts; NULL: none. */
static const struct reach_start *in_force(const struct reach_query *q, struct lane *lane, double a,
                                          double b)
{
    double middle = (a + b) / 2;
    if (lane->along)
        while (lane->at < lane->count && start_of(q, lane, lane->at) <= middle)
            lane->at++;
    else
        while (lane->at > 0 && start_of(q, lane, lane->at - 1) < middle)
            lane->at--;
    return lane->at ? &lane->items[lane->at - 1] : NULL;
}

struct walk {
    const struct reach_query *query;
    uint32_t edge;
    void (*visit)(void *user, uint32_t edge, size_t limit, double from, double to);
    void *user;
};

/* The stretch from a to b, where one way is the cheapest, by the limits that it is reached within.
 * Whole milliseconds count: from the start on a limit holds until the next one begins, on the way
 * to a goal until it is up. */
static void add_stretch(const struct walk *w, const struct lane *lane,
                        const struct reach_start *way, double a, double b)
{
    const struct reach_query *q = w->query;
    double near = lane->along ? a : b, far = lane->along ? b : a;
    bool whole = q->side == REACH_FROM || lane->time_ms <= 0;
    for (size_t i = 0; i < q->limit_count && near != far; i++) {
        double left_ms = (double)((int64_t)q->limits_ms[i] - way->time_ms + whole);
        double near_ms = lane->time_ms * (lane->along ? near : 1 - near);
        double far_ms = lane->time_ms * (lane->along ? far : 1 - far);
        if (left_ms <= near_ms) continue;
        double end = far;
        if (left_ms < far_ms) {
            double on = left_ms / lane->time_ms;
            end = lane->along ? fmin(on, far) : fmax(1 - on, far);
        }
        if (end != near) w->visit(w->user, w->edge, i, near, end);
        near = end;
    }
}

/* Between two cuts: up to where the ways of both lanes cost the same, the one that comes from the
 * side of a is cheaper. */
static void add_between(const struct walk *w, const struct lane lanes[2],
                        const struct reach_start *ways[2], double a, double b)
{
    int first = lanes[0].along ? 0 : 1;
    const struct lane *up = &lanes[first], *down = &lanes[!first];
    const struct reach_start *from_a = ways[first], *from_b = ways[!first];
    double middle = from_a ? b : a, slope = up->time_ms + down->time_ms;
    if (from_a && from_b) {
        double over = (double)(from_b->cost_ms - from_a->cost_ms) + down->time_ms;
        bool quicker = over > 0 || (over == 0 && from_a->time_ms <= from_b->time_ms);
        if (slope > 0)
            middle = fmin(fmax(over / slope, a), b);
        else
            middle = quicker ? b : a;
    }
    if (from_a && middle > a) add_stretch(w, up, from_a, a, middle);
    if (from_b && middle < b) add_stretch(w, down, from_b, middle, b);
}

static void add_edge(struct reach *r, const struct walk *w)
{
    struct lane lanes[2] = {lane_of(r, 2 * w->edge), lane_of(r, 2 * w->edge + 1)};
    size_t n = find_cuts(w->query, lanes, r->cuts);
    for (int l = 0; l < 2; l++)
        lanes[l].at = lanes[l].along ? 0 : lanes[l].count;
    for (size_t i = 0; i + 1 < n; i++) {
        double a = r->cuts[i], b = r->cuts[i + 1];
        if (a == b) continue;
        const struct reach_start *ways[2] = {in_force(w->query, &lanes[0], a, b),
                                             in_force(w->query, &lanes[1], a, b)};
        add_between(w, lanes, ways, a, b);
    }
}

void reach_streets(struct reach *reach,
                   void (*visit)(void *user, uint32_t edge, size_t limit, double from, double to),
                   void *user)
{
    for (uint32_t i = 0; i < reach->edge_count; i++)
        add_edge(reach, &(struct walk){reach->query, reach->edges[i], visit, user});
}

const uint32_t *reach_edges(const struct reach *reach, size_t *count)
{
    *count = reach->edge_count;
    return reach->edges;
}

uint64_t reach_weight(const struct reach *reach, const struct network_end *ends, size_t count)
{
    const struct reach_query *q = reach->query;
    uint64_t best = WEIGHT_NONE;
    for (size_t i = 0; i < count; i++) {
        uint32_t arc = ends[i].arc, half = q->metric->view.net->arc_half[arc];
        double key = q->side == REACH_FROM ? ends[i].fraction : -ends[i].fraction;
        struct reach_start begin;
        size_t given;
        const struct reach_start *starts = reach_work_starts(reach, half, &given);
        if (!network_arc_open(&q->metric->view, q->bar, arc)) continue;
        int64_t part_ms = reach_work_part_ms(q, arc, ends[i].fraction);
        bool begun = reach_work_begin(reach, half, &begin);
        for (size_t k = begun ? 0 : 1; k <= given; k++) {
            const struct reach_start *way = k ? &starts[k - 1] : &begin;
            if (way->key > key) break;
            uint64_t weight = weight_clamp((uint64_t)(way->cost_ms + part_ms),
                                           (uint64_t)(way->time_ms + part_ms));
            if (weight < best) best = weight;
        }
    }
    return best;
}
