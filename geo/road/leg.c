#include "geo/road/leg.h"

#include "geo/road/chord.h"
#include "geo/road/step.h"

#include <string.h>

/* Points of a leg as they are collected. */
struct line {
    struct coord *points;
    size_t count;
};

static void add_point(struct line *line, struct coord at)
{
    if (line->count && line->points[line->count - 1].lon == at.lon &&
        line->points[line->count - 1].lat == at.lat)
        return;
    line->points[line->count++] = at;
}

static struct coord point_of(const struct network *net, uint32_t half, uint32_t i)
{
    const struct network_edge *edge = &net->edges[half >> 1];
    uint32_t at = half & 1 ? edge->point_count - 1 - i : i;
    return coord_from_e7(net->points[edge->point_first + at]);
}

/* The inner points of an arc between two fractions of it. */
static void add_inner(struct line *line, const struct network *net, uint32_t half, double from,
                      double to)
{
    const double margin = 1e-9;
    uint32_t count = net->edges[half >> 1].point_count;
    double all_m = 0, along_m = 0;
    for (uint32_t i = 1; i < count; i++)
        all_m +=
            chord_length_m(chord_at(point_of(net, half, i - 1)), chord_at(point_of(net, half, i)));
    for (uint32_t i = 1; i + 1 < count; i++) {
        along_m +=
            chord_length_m(chord_at(point_of(net, half, i - 1)), chord_at(point_of(net, half, i)));
        if (along_m > (from + margin) * all_m && along_m < (to - margin) * all_m)
            add_point(line, point_of(net, half, i));
    }
}

static void add_arc(struct line *line, const struct leg_path *path, size_t i)
{
    const struct network *net = path->view.net;
    uint32_t half = net->arc_half[path->arcs[i]];
    uint32_t last = net->edges[half >> 1].point_count - 1;
    double from = i == 0 ? path->from_fraction : 0;
    double to = i + 1 == path->arc_count ? path->to_fraction : 1;
    if (from <= 0 && to >= 1)
        for (uint32_t k = 1; k < last; k++)
            add_point(line, point_of(net, half, k));
    else
        add_inner(line, net, half, from, to);
    add_point(line, i + 1 == path->arc_count ? path->to : point_of(net, half, last));
}

static enum err draw(const struct leg_path *path, struct route_stretch *stretches,
                     struct arena *arena, struct route_leg *leg)
{
    const struct network *net = path->view.net;
    size_t most = 2;
    for (size_t i = 0; i < path->arc_count; i++)
        most += net->edges[net->arc_half[path->arcs[i]] >> 1].point_count;
    struct line line = {arena_alloc(arena, most * sizeof *line.points), 0};
    if (!line.points) return ERR_NOMEM;
    add_point(&line, path->from);
    for (size_t i = 0; i < path->arc_count; i++) {
        stretches[i].point = (uint32_t)line.count - 1;
        add_arc(&line, path, i);
    }
    if (line.count == 1) line.points[line.count++] = path->to; /* a line has two ends */
    leg->points = line.points;
    leg->point_count = line.count;
    return ERR_OK;
}

static uint32_t find_turn(const struct network_view *view, uint32_t from, uint32_t to)
{
    const struct network *net = view->net;
    uint32_t turn = net->turn_first[from];
    while (turn + 1 < net->turn_first[from + 1] &&
           (net->turn_to[turn] != to || !network_turn_open(view, turn)))
        turn++;
    return turn;
}

static void measure_arc(const struct leg_path *path, size_t i, struct route_stretch *stretch)
{
    const struct network_view *view = &path->view;
    uint32_t arc = path->arcs[i], time_ms = view->time_ms[arc];
    const struct network_edge *edge = &view->net->edges[view->net->arc_half[arc] >> 1];
    double from = i == 0 ? path->from_fraction : 0;
    double to = i + 1 == path->arc_count ? path->to_fraction : 1;
    uint64_t ms = network_part_ms(time_ms, to) - network_part_ms(time_ms, from);
    *stretch = (struct route_stretch){
        .distance_m = edge->length_mm / 1000.0 * (to - from), .ms = ms, .cost_ms = ms};
    if (i + 1 == path->arc_count) return;
    uint32_t turn = find_turn(view, arc, path->arcs[i + 1]);
    stretch->turn_ms = network_turn_time(view, arc, turn);
    stretch->cost_ms += network_turn_cost(view, arc, turn);
}

enum err leg_make(const struct leg_path *path, struct arena *arena, struct route_leg *leg)
{
    size_t count = path->arc_count;
    struct route_stretch *stretches = arena_alloc(arena, count * sizeof *stretches);
    struct route_leg made = {.arcs = path->arcs,
                             .stretches = stretches,
                             .arc_count = count,
                             .cost_ms = path->cost_ms,
                             .summary = ""};
    uint64_t total_ms = 0;
    if (!stretches) return ERR_NOMEM;
    for (size_t i = 0; i < count; i++) {
        measure_arc(path, i, &stretches[i]);
        made.distance_m += stretches[i].distance_m;
        total_ms += stretches[i].ms + stretches[i].turn_ms;
    }
    made.duration_s = (double)total_ms / 1000;
    enum err e = ERR_OK;
    if (path->detail <= ROUTE_POINTS) e = draw(path, stretches, arena, &made);
    if (!e && path->detail == ROUTE_STEPS) e = step_make(path, arena, &made);
    if (!e) *leg = made;
    return e;
}
