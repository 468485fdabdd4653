/* Areas held against the judge: what is reached, and the outlines around it. */
#ifndef YZ_TESTS_ROAD_REACH_H
#define YZ_TESTS_ROAD_REACH_H

#include "geo/road/chord.h"
#include "geo/road/dijkstra.h"
#include "geo/road/reach.h"
#include "geo/space/polygon.h"
#include "tests/check.h"

#include <math.h>
#include <string.h>

struct reach_seen {
    uint64_t *weights; /* [arc], of the judge */
    const struct reach_query *query;
    uint32_t latest_ms, before_ms;
    size_t count;
    bool *seen;
};

static inline void reach_see(void *user, uint32_t arc, uint32_t time_ms)
{
    struct reach_seen *s = user;
    assert_int_equal(time_ms, weight_time_ms(s->weights[arc]));
    assert_true(time_ms <= s->latest_ms);
    assert_false(s->seen[arc]);
    s->seen[arc] = true;
    s->count++;
}

/* Exactly the arcs that the judge reaches in time are visited; the judge's weights stay in
 * `weights` [arc_count]. */
static inline size_t proof_reach_arcs(struct reach *reach, const struct reach_query *query,
                                      uint64_t *weights)
{
    const struct network *net = query->metric->view.net;
    struct dijkstra dijkstra = {0};
    struct reach_seen s = {.weights = weights,
                           .query = query,
                           .latest_ms = query->limits_ms[query->limit_count - 1],
                           .seen = calloc(net->arc_count, 1)};
    size_t expected = 0;
    assert_ok(dijkstra_all(&dijkstra, &query->metric->view, query->bar, query->ends,
                           query->end_count, weights));
    assert_ok(reach_run(reach, query));
    reach_arcs(reach, reach_see, &s);
    for (uint32_t a = 0; a < net->arc_count; a++)
        expected += weights[a] != WEIGHT_NONE && weight_time_ms(weights[a]) <= s.latest_ms;
    assert_int_equal(s.count, expected);
    free(s.seen);
    dijkstra_fini(&dijkstra);
    return expected;
}

/* The place at a fraction of an edge, by the length of chords. */
static inline struct coord reach_place(const struct network *net, uint32_t edge, double fraction)
{
    const struct network_edge *e = &net->edges[edge];
    const struct coord_e7 *p = net->points + e->point_first;
    double whole = 0, done = 0;
    for (uint32_t i = 0; i + 1 < e->point_count; i++)
        whole += chord_length_m(chord_at(coord_from_e7(p[i])), chord_at(coord_from_e7(p[i + 1])));
    for (uint32_t i = 0; i + 1 < e->point_count; i++) {
        struct coord a = coord_from_e7(p[i]), b = coord_from_e7(p[i + 1]);
        double length = chord_length_m(chord_at(a), chord_at(b));
        if (done + length >= fraction * whole || i + 2 == e->point_count) {
            double t = length > 0 ? fmin((fraction * whole - done) / length, 1) : 0;
            double east = b.lon - a.lon > 180    ? b.lon - 360
                          : b.lon - a.lon < -180 ? b.lon + 360
                                                 : b.lon;
            struct coord c = {a.lon + (east - a.lon) * t, a.lat + (b.lat - a.lat) * t};
            if (c.lon > 180) c.lon -= 360;
            if (c.lon < -180) c.lon += 360;
            return c;
        }
        done += length;
    }
    return coord_from_e7(p[0]);
}

/* The weight of the cheapest way to a place on an edge, from the judge's weights of all arcs. */
static inline uint64_t reach_judged(const struct reach_query *q, const uint64_t *half_weights,
                                    uint32_t edge, double fraction)
{
    uint64_t best = WEIGHT_NONE;
    for (uint32_t d = 0; d < 2; d++) {
        uint32_t arc = q->metric->view.net->half_arc[2 * edge + d];
        if (arc == NETWORK_NONE || !network_arc_open(&q->metric->view, q->bar, arc)) continue;
        double along = d ? 1 - fraction : fraction;
        uint32_t part = network_part_ms(q->metric->view.time_ms[arc], along);
        uint64_t weight = weight_add(half_weights[2 * edge + d], weight_of(part, part));
        if (weight < best) best = weight;
        for (size_t i = 0; i < q->end_count; i++) {
            if (q->ends[i].arc != arc || q->ends[i].fraction > along) continue;
            uint32_t ms = part - network_part_ms(q->metric->view.time_ms[arc], q->ends[i].fraction);
            weight = weight_add(q->ends[i].paid, weight_of(ms, ms));
            if (weight < best) best = weight;
        }
    }
    return best;
}

static inline double reach_metres(struct coord a, struct coord b)
{
    double east = fabs(a.lon - b.lon);
    if (east > 180) east = 360 - east;
    return hypot(east * 111320 * cos((a.lat + b.lat) / 2 * 3.14159265358979 / 180),
                 (a.lat - b.lat) * 111200);
}

/* How far a place is from what is reached in time, as far as `enough`. */
static inline double reach_distance_m(const struct reach_query *q, const uint64_t *half_weights,
                                      uint32_t limit_ms, struct coord at, double enough)
{
    const struct network *net = q->metric->view.net;
    double best = INFINITY;
    for (uint32_t e = 0; e < net->edge_count; e++) {
        const struct network_edge *edge = &net->edges[e];
        struct coord first = coord_from_e7(net->points[edge->point_first]);
        if (reach_metres(at, first) > enough + edge->length_mm / 1000.0) continue;
        int steps = 1 + (int)(edge->length_mm / 2000);
        for (int i = 0; i <= steps; i++) {
            double f = (double)i / steps;
            uint64_t weight = reach_judged(q, half_weights, e, f);
            if (weight == WEIGHT_NONE || weight_time_ms(weight) > limit_ms) continue;
            best = fmin(best, reach_metres(at, reach_place(net, e, f)));
        }
    }
    return best;
}

/* A shape as GEOS sees it: valid without mending. NULL: it has no rings. */
static inline struct polygon *reach_polygon(const struct shape *shape)
{
    struct buf wkb;
    struct polygon *polygon;
    struct why why = {""};
    bool mended = true;
    if (!shape->ring_count) return NULL;
    buf_init(&wkb, (size_t)1 << 26);
    shape_write_wkb(shape, &wkb);
    assert_ok(polygon_from_wkb(wkb.bytes, wkb.len, &polygon, &mended, &why));
    assert_false(mended);
    assert_ok(polygon_prepare(polygon));
    buf_fini(&wkb);
    return polygon;
}

static inline void proof_reach_rings(const struct shape *shape)
{
    for (size_t r = 0; r < shape->ring_count; r++) {
        size_t count;
        const struct coord *p = shape_ring_at(shape, r, &count);
        assert_true(count >= 4);
        assert_true(p[0].lon == p[count - 1].lon && p[0].lat == p[count - 1].lat);
        assert_true((shape_ring_area(p, count) > 0) != shape->rings[r].hole);
    }
    assert_true(!shape->ring_count || !shape->rings[0].hole);
}

/* Each outline inside the next, and nowhere touching it but at the antimeridian. */
static inline void proof_reach_nested(const struct shape *inner, const struct polygon *inside,
                                      const struct shape *outer, const struct polygon *outside)
{
    for (size_t r = 0; r < inner->ring_count; r++) {
        size_t count;
        const struct coord *p = shape_ring_at(inner, r, &count);
        for (size_t i = 0; i + 1 < count; i++) {
            struct coord middle = {(p[i].lon + p[i + 1].lon) / 2, (p[i].lat + p[i + 1].lat) / 2};
            assert_true(polygon_covers(outside, p[i]));
            assert_true(fabs(middle.lon) == 180 || polygon_covers(outside, middle));
        }
    }
    for (size_t i = 0; inside && i < outer->point_count; i++)
        assert_true(fabs(outer->points[i].lon) == 180 || !polygon_covers(inside, outer->points[i]));
}

/* Everything that reach.h says of arcs and outlines; how many arcs were reached. */
static inline size_t proof_reach(struct reach *reach, const struct reach_query *q, size_t samples,
                                 uint64_t *seed)
{
    const struct network *net = q->metric->view.net;
    struct shape shapes[REACH_MAX_LIMITS] = {{0}};
    struct polygon *polygons[REACH_MAX_LIMITS] = {NULL};
    uint64_t *weights = malloc(net->arc_count * sizeof *weights);
    uint64_t *halves = malloc((size_t)2 * net->edge_count * sizeof *halves);
    double margin_m = 0;
    size_t reached = proof_reach_arcs(reach, q, weights);
    for (size_t h = 0; h < (size_t)2 * net->edge_count; h++)
        halves[h] = WEIGHT_NONE;
    for (uint32_t a = 0; a < net->arc_count; a++)
        if (weights[a] < halves[net->arc_half[a]]) halves[net->arc_half[a]] = weights[a];
    assert_ok(reach_shapes(reach, shapes, &margin_m));
    assert_true(margin_m >= REACH_MARGIN_M);
    for (size_t l = 0; l < q->limit_count; l++) {
        proof_reach_rings(&shapes[l]);
        polygons[l] = reach_polygon(&shapes[l]);
        if (l && polygons[l])
            proof_reach_nested(&shapes[l - 1], polygons[l - 1], &shapes[l], polygons[l]);
    }
    for (size_t i = 0; i < samples; i++) {
        uint32_t edge = random_below(seed, net->edge_count);
        double fraction = random_unit(seed);
        uint64_t weight = reach_judged(q, halves, edge, fraction);
        struct coord at = reach_place(net, edge, fraction);
        for (size_t l = 0; l < q->limit_count && weight != WEIGHT_NONE; l++)
            if (weight_time_ms(weight) + 1 <= q->limits_ms[l] && /* fractions are rounded, too */
                !(polygons[l] && polygon_covers(polygons[l], at)))
                fail_msg("%.7f,%.7f is reached in %u ms, and not inside for %u ms", at.lon, at.lat,
                         weight_time_ms(weight), q->limits_ms[l]);
        size_t l = random_below(seed, (uint32_t)q->limit_count);
        struct coord off = {at.lon + (random_unit(seed) - 0.5) * 0.02,
                            at.lat + (random_unit(seed) - 0.5) * 0.01};
        if (i % 8 == 0 && polygons[l] && coord_valid(off) && polygon_covers(polygons[l], off))
            assert_true(reach_distance_m(q, halves, q->limits_ms[l], off, margin_m + 20) <=
                        margin_m + 2);
    }
    for (size_t l = 0; l < q->limit_count; l++) {
        polygon_free(polygons[l]);
        shape_fini(&shapes[l]);
    }
    free(weights);
    free(halves);
    return reached;
}

/* A random base arc of the profile's, and a place on it. */
static inline struct network_end reach_end(const struct network_view *view, uint64_t *seed)
{
    for (int i = 0; i < 100000; i++) {
        uint32_t arc = random_below(seed, view->net->base_arc_count);
        if (view->time_ms[arc] == NETWORK_NONE) continue;
        double fraction = random_below(seed, 4) ? random_unit(seed) : random_below(seed, 2);
        return (struct network_end){arc, fraction, 0};
    }
    fail_msg("no arc for the profile");
    return (struct network_end){0};
}

/* ---- to points ---- */

/* Either direction of a place on an edge, as far as it is open. */
static inline size_t reach_ends_at(const struct reach_query *q, uint32_t edge, double fraction,
                                   struct network_end ends[2])
{
    size_t count = 0;
    for (uint32_t d = 0; d < 2; d++) {
        uint32_t arc = q->metric->view.net->half_arc[2 * edge + d];
        if (arc != NETWORK_NONE && network_arc_open(&q->metric->view, q->bar, arc))
            ends[count++] = (struct network_end){arc, d ? 1 - fraction : fraction, 0};
    }
    return count;
}

/* Within which limit a place is; limit_count: none. */
static inline size_t reach_class(const struct reach *reach, const struct reach_query *q,
                                 uint32_t edge, double fraction)
{
    struct network_end ends[2];
    uint64_t weight = reach_weight(reach, ends, reach_ends_at(q, edge, fraction, ends));
    size_t limit = 0;
    if (weight == WEIGHT_NONE) return q->limit_count;
    while (limit < q->limit_count && weight_time_ms(weight) > q->limits_ms[limit])
        limit++;
    return limit;
}

struct reach_stretch {
    uint32_t edge;
    size_t limit;
    double low, high;
};
struct reach_stretches {
    struct reach_stretch *items;
    size_t count, room;
};

static inline void reach_stretch_add(void *user, uint32_t edge, size_t limit, double from,
                                     double to)
{
    struct reach_stretches *s = user;
    if (s->count == s->room) {
        s->room = 2 * s->room + 1024;
        s->items = realloc(s->items, s->room * sizeof *s->items);
        assert_non_null(s->items);
    }
    assert_true(from >= 0 && from <= 1 && to >= 0 && to <= 1 && from != to);
    s->items[s->count++] = (struct reach_stretch){edge, limit, fmin(from, to), fmax(from, to)};
}

/* A place is in the stretch that its weight says, or one at a border, two milliseconds away. */
static inline void proof_reach_stretch(const struct reach *reach, const struct reach_query *q,
                                       const struct reach_stretches *s, uint32_t edge,
                                       double fraction)
{
    double inner = fmax(fraction, 1e-12); /* so that stretches need not overlap */
    size_t found = q->limit_count, matches = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (s->items[i].edge != edge || inner <= s->items[i].low || inner > s->items[i].high)
            continue;
        found = s->items[i].limit;
        matches++;
    }
    assert_true(matches <= 1);
    bool right = false;
    for (int step = -4; step <= 4 && !right; step++) {
        double least = 1e9;
        for (uint32_t d = 0; d < 2; d++) {
            uint32_t arc = q->metric->view.net->half_arc[2 * edge + d];
            if (arc != NETWORK_NONE && network_arc_open(&q->metric->view, q->bar, arc))
                least = fmin(least, q->metric->view.time_ms[arc]);
        }
        double at = fraction + step * 0.5 / fmax(least, 1);
        right = reach_class(reach, q, edge, fmin(fmax(at, 0), 1)) == found;
    }
    if (!right)
        fail_msg("edge %u at %.6f is drawn as %zu and is %zu", edge, fraction, found,
                 reach_class(reach, q, edge, fraction));
}

/* From random places the cheapest way to any of the query's ends is the judge's, where that is in
 * time; streets and outlines say the same. How many were in time. */
static inline size_t proof_reach_to(struct reach *reach, const struct reach_query *q,
                                    size_t samples, uint64_t *seed)
{
    const struct network *net = q->metric->view.net;
    struct dijkstra judge = {0};
    struct shape shapes[REACH_MAX_LIMITS] = {{0}};
    struct polygon *polygons[REACH_MAX_LIMITS] = {NULL};
    struct reach_stretches streets = {0};
    uint64_t *weights = malloc((q->end_count + 1) * sizeof *weights);
    uint32_t latest_ms = q->limits_ms[q->limit_count - 1];
    double margin_m;
    size_t reached = 0;
    assert_ok(reach_run(reach, q));
    reach_streets(reach, reach_stretch_add, &streets);
    assert_ok(reach_shapes(reach, shapes, &margin_m));
    for (size_t l = 0; l < q->limit_count; l++) {
        proof_reach_rings(&shapes[l]);
        polygons[l] = reach_polygon(&shapes[l]);
    }
    for (size_t i = 0; i < samples; i++) {
        uint32_t edge = random_below(seed, net->edge_count);
        if (i % 4 == 0 && q->end_count) /* near where it is decided */
            edge = net->arc_half[q->ends[random_below(seed, (uint32_t)q->end_count)].arc] >> 1;
        if (i % 4 == 1 && streets.count)
            edge = streets.items[random_below(seed, (uint32_t)streets.count)].edge;
        double fraction = random_below(seed, 8) ? random_unit(seed) : random_below(seed, 2);
        struct network_end from[2];
        size_t count = reach_ends_at(q, edge, fraction, from);
        const struct network_ends ends = {from, q->ends, count, q->end_count};
        uint64_t judged = WEIGHT_NONE, mine = reach_weight(reach, from, count);
        assert_ok(dijkstra_each(&judge, &q->metric->view, q->bar, &ends, weights));
        for (size_t k = 0; k < q->end_count; k++)
            if (weights[k] < judged) judged = weights[k];
        bool timely = judged != WEIGHT_NONE && weight_time_ms(judged) <= latest_ms;
        reached += timely;
        if (timely)
            assert_true(mine == judged);
        else
            assert_true(mine == WEIGHT_NONE || weight_time_ms(mine) > latest_ms);
        proof_reach_stretch(reach, q, &streets, edge, fraction);
        struct coord at = reach_place(net, edge, fraction);
        for (size_t l = 0; l < q->limit_count && timely; l++)
            if (weight_time_ms(judged) + 1 <= q->limits_ms[l] &&
                (!q->window || box_contains(*q->window, at)))
                assert_true(polygons[l] && polygon_covers(polygons[l], at));
    }
    for (size_t l = 0; l < q->limit_count; l++) {
        polygon_free(polygons[l]);
        shape_fini(&shapes[l]);
    }
    dijkstra_fini(&judge);
    free(streets.items);
    free(weights);
    return reached;
}

#endif