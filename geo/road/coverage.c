#include "geo/road/coverage.h"

#include "geo/base/room.h"
#include "geo/road/chord.h"
#include "geo/space/border.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What of a street is within reach. */
struct stretch {
    double low, high; /* fractions of the edge */
    size_t limit;
};

/* A street near the first area. */
struct street {
    uint32_t edge;
    uint32_t first, count; /* its stretches */
};

struct finding {
    const struct coverage_query *query;
    struct reach *reach;
    struct coverage *result;
    struct network_view view;
    struct street *streets; /* ascending by edge */
    struct stretch *stretches;
    size_t street_count, street_size, stretch_count, stretch_size;
    struct coord *points; /* of the edge at hand */
    double *done_m;       /* from its beginning to each of them */
    uint32_t point_size;
    enum err e;
};

void coverage_fini(struct coverage *coverage)
{
    free(coverage->areas);
    polygon_free(coverage->streets);
    for (size_t l = 0; l < REACH_MAX_LIMITS; l++)
        polygon_free(coverage->covered[l]);
    *coverage = (struct coverage){0};
}

/* ---- streets ---- */

static bool has_arc(const struct finding *f, uint32_t edge)
{
    for (uint32_t d = 0; d < 2; d++) {
        uint32_t arc = f->view.net->half_arc[2 * edge + d];
        if (arc != NETWORK_NONE && network_arc_open(&f->view, f->query->reach.bar, arc))
            return true;
    }
    return false;
}

static bool add_street(void *user, uint32_t edge)
{
    struct finding *f = user;
    if (!has_arc(f, edge)) return true;
    f->e = room_grow(&f->streets, sizeof *f->streets, f->street_count, &f->street_size);
    if (f->e) return false;
    f->streets[f->street_count++] = (struct street){.edge = edge};
    uint32_t points = f->view.net->edges[edge].point_count;
    if (points > f->point_size) f->point_size = points;
    return true;
}

static int by_edge(const void *a, const void *b)
{
    const struct street *x = a, *y = b;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

/* Those whose box meets that of the first area. */
static enum err list_streets(struct finding *f)
{
    struct box box = polygon_box(f->query->areas[0]);
    rtree_search(graph_edge_tree(f->query->graph), box_to_e7(box), add_street, f);
    if (f->e) return f->e;
    if (f->street_count) qsort(f->streets, f->street_count, sizeof *f->streets, by_edge);
    f->points = malloc((f->point_size + 1) * sizeof *f->points);
    f->done_m = malloc((f->point_size + 1) * sizeof *f->done_m);
    return f->points && f->done_m ? ERR_OK : ERR_NOMEM;
}

/* An edge's stretches come one after the other. */
static void add_stretch(void *user, uint32_t edge, size_t limit, double from, double to)
{
    struct finding *f = user;
    const struct street key = {.edge = edge};
    struct street *street =
        f->street_count ? bsearch(&key, f->streets, f->street_count, sizeof key, by_edge) : NULL;
    if (!street || f->e) return;
    f->e = room_grow(&f->stretches, sizeof *f->stretches, f->stretch_count, &f->stretch_size);
    if (f->e) return;
    if (street->count++ == 0) street->first = (uint32_t)f->stretch_count;
    f->stretches[f->stretch_count++] = (struct stretch){fmin(from, to), fmax(from, to), limit};
}

/* How much of the stretches of a street lies between two fractions, by limit. */
static void sum_between(const struct finding *f, const struct street *street, double low,
                        double high, double by_limit[REACH_MAX_LIMITS])
{
    for (uint32_t i = 0; i < street->count; i++) {
        const struct stretch *s = &f->stretches[street->first + i];
        double part = fmin(high, s->high) - fmax(low, s->low);
        if (part > 0) by_limit[s->limit] += part;
    }
}

/* A street that is being summed. Fractions are by the length of chords. */
struct summing {
    const struct finding *f;
    const struct street *street;
    struct coverage_sum *sum;
    double whole_m;
};

static void add_part(void *user, size_t piece, double from, double to)
{
    struct summing *s = user;
    const double *done = s->f->done_m + piece;
    double by_limit[REACH_MAX_LIMITS] = {0}, in_reach = 0;
    double low_m = done[0] + from * (done[1] - done[0]);
    double high_m = done[0] + to * (done[1] - done[0]);
    if (s->whole_m <= 0) return;
    sum_between(s->f, s->street, low_m / s->whole_m, high_m / s->whole_m, by_limit);
    s->sum->whole += high_m - low_m;
    for (size_t l = 0; l < s->f->query->reach.limit_count; l++) {
        in_reach += by_limit[l] * s->whole_m;
        s->sum->out[l] += fmax(high_m - low_m - in_reach, 0);
    }
}

static enum err add_street_to(struct finding *f, const struct street *street,
                              const struct border *border, struct box box, struct coverage_sum *sum)
{
    const struct network_edge *edge = &f->view.net->edges[street->edge];
    struct box own = box_empty();
    double done_m = 0;
    for (uint32_t p = 0; p < edge->point_count; p++) {
        f->points[p] = coord_from_e7(f->view.net->points[edge->point_first + p]);
        own = box_extend(own, f->points[p]);
    }
    if (own.max_lon < box.min_lon || own.min_lon > box.max_lon || own.max_lat < box.min_lat ||
        own.min_lat > box.max_lat)
        return ERR_OK;
    for (uint32_t p = 0; p < edge->point_count; p++) {
        if (p) done_m += chord_length_m(chord_at(f->points[p - 1]), chord_at(f->points[p]));
        f->done_m[p] = done_m;
    }
    struct summing summing = {f, street, sum, done_m};
    return border_walk(border, f->points, edge->point_count, add_part, &summing);
}

static enum err sum_streets(struct finding *f, const struct polygon *area, struct coverage_sum *sum)
{
    struct border *border;
    enum err e = border_new(area, &border);
    if (e) return e;
    for (size_t i = 0; i < f->street_count && !e; i++)
        e = add_street_to(f, &f->streets[i], border, polygon_box(area), sum);
    border_free(border);
    return e;
}

/* ---- surface ---- */

static enum err draw(struct finding *f)
{
    struct shape shapes[REACH_MAX_LIMITS + 1] = {{0}};
    struct coverage *c = f->result;
    size_t limit_count = f->query->reach.limit_count;
    enum err e = reach_shapes(f->reach, shapes, &c->margin_m);
    for (size_t l = 0; l <= limit_count; l++) {
        struct polygon **to = l < limit_count ? &c->covered[l] : &c->streets;
        if (!e && shapes[l].ring_count) e = polygon_from_shape(&shapes[l], to, NULL);
        shape_fini(&shapes[l]);
    }
    return e == ERR_FORMAT ? ERR_NOMEM : e;
}

static enum err measure_outside(const struct polygon *area, const struct polygon *covered,
                                double *out_m2)
{
    struct polygon *out = NULL;
    enum err e = polygon_outside(area, covered, &out);
    if (out) *out_m2 = fmin(polygon_area_m2(out), polygon_area_m2(area));
    polygon_free(out);
    return e;
}

static enum err sum_surface(const struct finding *f, const struct polygon *area,
                            struct coverage_area *result)
{
    struct coverage_sum *sum = &result->surface_m2;
    enum err e = measure_outside(area, f->result->streets, &result->streetless_m2);
    sum->whole = polygon_area_m2(area);
    for (size_t l = 0; l < f->query->reach.limit_count && !e; l++)
        e = measure_outside(area, f->result->covered[l], &sum->out[l]);
    return e;
}

/* ---- points ---- */

static void sum_points(const struct finding *f)
{
    const struct coverage_query *q = f->query;
    size_t count = q->demand ? demand_count(q->demand) : 0;
    for (size_t i = 0; i < count; i++) {
        struct demand_point point = demand_at(q->demand, i);
        size_t inside = 0;
        while (inside < q->reach.limit_count &&
               !demand_reached(q->demand, i, f->reach, q->reach.limits_ms[inside]))
            inside++;
        for (size_t a = 0; a < q->area_count; a++) {
            struct coverage_area *area = &f->result->areas[a];
            if (a && !polygon_covers(q->areas[a], point.at)) continue;
            area->points++;
            area->weight.whole += point.weight;
            for (size_t l = 0; l < inside; l++) {
                area->points_out[l]++;
                area->weight.out[l] += point.weight;
            }
        }
    }
}

static enum err find(struct finding *f, const struct reach_query *reach_query)
{
    const struct coverage_query *q = f->query;
    enum err e = reach_run(f->reach, reach_query);
    if (!e) e = list_streets(f);
    if (e) return e;
    reach_streets(f->reach, add_stretch, f);
    e = f->e ? f->e : draw(f);
    for (size_t a = 0; a < q->area_count && !e; a++) {
        struct coverage_area *area = &f->result->areas[a];
        if (!progress_say(q->progress, "areas", a, q->area_count)) return ERR_CANCELLED;
        e = sum_surface(f, q->areas[a], area);
        if (!e) e = sum_streets(f, q->areas[a], &area->street_m);
    }
    if (!e) sum_points(f);
    return e;
}

enum err coverage_find(struct reach *reach, const struct coverage_query *query,
                       struct coverage *coverage)
{
    struct box window = polygon_box(query->areas[0]);
    struct reach_query reach_query = query->reach;
    struct finding f = {
        .query = query, .reach = reach, .result = coverage, .view = query->reach.metric->view};
    reach_query.side = REACH_TO;
    reach_query.window = &window;
    reach_query.all_streets = true;
    coverage->areas = calloc(query->area_count, sizeof *coverage->areas);
    enum err e = coverage->areas ? find(&f, &reach_query) : ERR_NOMEM;
    free(f.streets);
    free(f.stretches);
    free(f.points);
    free(f.done_m);
    return e;
}
