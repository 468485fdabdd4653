#include "geo/road/nearby.h"

#include "geo/road/chord.h"
#include "geo/space/geodesic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Chords between points within 200 km are shorter than geodesics by less than this share. */
static const double chord_share = 5e-5;
/* More than the rounding of boxes may take from a distance, in metres. */
static const double rounded_m = 0.03;
static const double unit_deg = 1e-7;

/* A box in the heap: its group, ground and level in the tag. */
enum { LEVEL_BITS = 4, LEVEL_MASK = (1 << LEVEL_BITS) - 1, GROUND_BITS = 1 };

struct nearby {
    struct sweep *sweeps[2]; /* indexed by sweep_side */
    struct heap heap;
};

enum err nearby_new(struct nearby **nearby)
{
    struct nearby *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    enum err e = sweep_new(&made->sweeps[SWEEP_FROM]);
    if (!e) e = sweep_new(&made->sweeps[SWEEP_TO]);
    if (e) {
        nearby_free(made);
        return e;
    }
    *nearby = made;
    return ERR_OK;
}

void nearby_free(struct nearby *nearby)
{
    if (!nearby) return;
    sweep_free(nearby->sweeps[SWEEP_FROM]);
    sweep_free(nearby->sweeps[SWEEP_TO]);
    heap_fini(&nearby->heap);
    free(nearby);
}

/* One end of the way: bounds of the time between it and whatever is in a box. All its places on the
 * roads lie within `spread_m` of the first of them, `lon`, `lat` (in units of 1e-7 degrees;
 * `lon_round` is the longitude reached the other way round). */
struct focus {
    double lon, lon_round, lat;
    double per_lon_m, per_lat_m; /* per unit */
    double spread_m;
};

struct search {
    struct nearby *nearby;
    const struct nearby_query *query;
    unsigned profile;
    double ms_per_m;
    struct focus foci[2];
    size_t foci_count;       /* 2: along */
    uint32_t direct_ms;      /* along: of the way without any place */
    double reach_ms;         /* no bound above it is of interest */
    struct nearby_hit *hits; /* best first */
    uint32_t count;
};

static uint32_t key_of(const struct search *s, const struct nearby_hit *hit)
{
    return s->foci_count == 2 ? hit->detour_ms : hit->time_ms;
}

static double segment_m(const struct coord_e7 *first)
{
    return chord_length_m(chord_at(coord_from_e7(first[0])), chord_at(coord_from_e7(first[1])));
}

/* Where an end is on the map, and how far that is from the chord along which lengths are measured
 * (nothing, unless the drawn line runs straight for kilometres). */
static struct coord coord_of(const struct network *net, const struct network_end *end,
                             double *off_m)
{
    uint32_t half = net->arc_half[end->arc], i = 0;
    const struct network_edge *edge = &net->edges[half >> 1];
    const struct coord_e7 *points = net->points + edge->point_first;
    double all_m = 0;
    for (uint32_t k = 0; k + 1 < edge->point_count; k++)
        all_m += segment_m(&points[k]);
    double left_m = all_m * (half & 1 ? 1 - end->fraction : end->fraction);
    for (; i + 2 < edge->point_count && left_m > segment_m(&points[i]); i++)
        left_m -= segment_m(&points[i]);
    struct coord a = coord_from_e7(points[i]), b = coord_from_e7(points[i + 1]);
    double length_m = segment_m(&points[i]), t = length_m > 0 ? fmin(left_m / length_m, 1) : 0;
    struct coord at = {a.lon + t * (b.lon - a.lon), a.lat + t * (b.lat - a.lat)};
    *off_m = chord_length_m(chord_between(chord_at(a), chord_at(b), t), chord_at(at));
    return at;
}

/* A focus whose bounds hold for everything within `radius_m`; where no plane is that wide they are
 * all nothing, which is slow and right. */
static struct focus focus_at(const struct network *net, const struct network_end *ends,
                             size_t count, double radius_m)
{
    struct focus focus = {.spread_m = rounded_m};
    struct geodesic_plane plane;
    double off_m;
    struct coord at = coord_of(net, &ends[0], &off_m);
    focus.spread_m += off_m;
    for (size_t i = 1; i < count; i++) {
        double away_m = geodesic_distance_m(at, coord_of(net, &ends[i], &off_m));
        focus.spread_m = fmax(focus.spread_m, rounded_m + away_m + off_m);
    }
    if (!geodesic_plane_within(at.lat, radius_m + focus.spread_m, &plane)) return focus;
    focus.lon = at.lon / unit_deg;
    focus.lat = at.lat / unit_deg;
    focus.lon_round = focus.lon + (focus.lon < 0 ? 3.6e9 : -3.6e9);
    focus.per_lon_m = plane.m_per_lon_deg * unit_deg * (1 - chord_share);
    focus.per_lat_m = plane.m_per_lat_deg * unit_deg * (1 - chord_share);
    return focus;
}

static double gap(double min, double max, double at)
{
    return at < min ? min - at : at > max ? at - max : 0;
}

/* Milliseconds that nobody undercuts on the way between a focus and a box. The part of a last arc
 * is rounded down, by less than one. */
static double bound_from(const struct search *s, const struct focus *f, const struct box_e7 *box)
{
    double lat = gap(box->min_lat, box->max_lat, f->lat) * f->per_lat_m;
    double lon = gap(box->min_lon, box->max_lon, f->lon);
    double round = gap(box->min_lon, box->max_lon, f->lon_round);
    lon = (lon < round ? lon : round) * f->per_lon_m;
    double bound = (sqrt(lat * lat + lon * lon) - f->spread_m) * s->ms_per_m - 1;
    return bound > 0 ? bound : 0;
}

static double bound_of(const struct search *s, const struct box_e7 *box)
{
    double bound = bound_from(s, &s->foci[0], box);
    if (s->foci_count < 2) return bound;
    bound += bound_from(s, &s->foci[1], box) - s->direct_ms;
    return bound > 0 ? bound : 0;
}

/* Puts a hit among the best so far, of which the last may fall out. */
static void insert(struct search *s, const struct nearby_hit *hit)
{
    uint32_t at = s->count < s->query->limit ? s->count++ : s->count - 1, key = key_of(s, hit);
    while (at > 0 && (key_of(s, &s->hits[at - 1]) > key ||
                      (key_of(s, &s->hits[at - 1]) == key && s->hits[at - 1].point > hit->point))) {
        s->hits[at] = s->hits[at - 1];
        at--;
    }
    s->hits[at] = *hit;
    if (s->count == s->query->limit) s->reach_ms = key_of(s, &s->hits[s->count - 1]);
}

/* Whether a hit would be among the best. */
static bool is_good(const struct search *s, const struct nearby_hit *hit)
{
    uint32_t key = key_of(s, hit);
    if (key > s->query->time_max_ms) return false;
    if (s->count < s->query->limit) return true;
    const struct nearby_hit *last = &s->hits[s->count - 1];
    return key < key_of(s, last) || (key == key_of(s, last) && hit->point < last->point);
}

/* Where a point touches the roads. */
static size_t ends_of(const struct nearby_query *q, uint32_t point, enum snap_role role,
                      struct network_end ends[NETWORK_MAX_ENDS])
{
    size_t g = q->ground_count - 1;
    while (g > 0 && point < q->grounds[g].first)
        g--;
    return anchors_ends(q->grounds[g].anchors, &q->metric->view, point - q->grounds[g].first, role,
                        ends);
}

static bool weigh_near(struct search *s, uint32_t point, struct nearby_hit *hit)
{
    struct network_end ends[NETWORK_MAX_ENDS];
    size_t count = ends_of(s->query, point, SNAP_END, ends);
    uint64_t weight =
        count ? sweep_to(s->nearby->sweeps[SWEEP_FROM], ends, count, NULL) : WEIGHT_NONE;
    *hit = (struct nearby_hit){.point = point, .time_ms = weight_time_ms(weight)};
    return weight < WEIGHT_NONE;
}

/* Ends of one street after another; the end of the one that begins at `first`. */
static size_t street_end(const struct network *net, const struct network_end *ends, size_t count,
                         size_t first)
{
    size_t end = first + 1;
    while (end < count && net->arc_half[ends[end].arc] >> 1 == net->arc_half[ends[first].arc] >> 1)
        end++;
    return end;
}

/* Arriving on a street one goes on by either of its directions, as at a via point of a route; so
 * each street is weighed by itself. Only when none of them can be of interest is the way on not
 * looked for: the cheapest may be one that is not quick enough. */
static bool weigh_along(struct search *s, uint32_t point, const struct box_e7 *box,
                        struct nearby_hit *hit)
{
    const struct nearby_query *q = s->query;
    const struct network *net = q->metric->view.net;
    struct network_end ends[NETWORK_MAX_ENDS];
    uint64_t there[NETWORK_MAX_ENDS], best = WEIGHT_NONE;
    size_t count = ends_of(q, point, SNAP_VIA, ends);
    double rest_ms = bound_from(s, &s->foci[1], box) - s->direct_ms;
    bool is_near = false;
    for (size_t i = 0, end; i < count; i = end) {
        end = street_end(net, ends, count, i);
        there[i] = sweep_to(s->nearby->sweeps[SWEEP_FROM], ends + i, end - i, NULL);
        is_near = is_near ||
                  (there[i] < WEIGHT_NONE && weight_time_ms(there[i]) + rest_ms <= s->reach_ms);
    }
    for (size_t i = 0, end; is_near && i < count; i = end) {
        end = street_end(net, ends, count, i);
        if (there[i] >= best) continue;
        uint64_t on = sweep_to(s->nearby->sweeps[SWEEP_TO], ends + i, end - i, NULL);
        uint64_t whole = weight_add(there[i], on);
        if (whole >= best) continue;
        best = whole;
        hit->point = point;
        hit->time_ms = weight_time_ms(there[i]);
        hit->detour_ms = weight_time_ms(whole) - s->direct_ms;
        if (weight_time_ms(whole) < s->direct_ms) hit->detour_ms = 0;
    }
    return best < WEIGHT_NONE;
}

static enum err weigh(struct search *s, uint32_t point, const struct box_e7 *box)
{
    const struct nearby_query *q = s->query;
    struct nearby_hit hit = {0};
    bool reached =
        s->foci_count == 2 ? weigh_along(s, point, box, &hit) : weigh_near(s, point, &hit);
    for (size_t i = 0; i < s->foci_count; i++) {
        enum err e = sweep_state(s->nearby->sweeps[i]);
        if (e) return e;
    }
    if (reached && is_good(s, &hit) && (!q->accept || q->accept(q->user, point, hit.time_ms)))
        insert(s, &hit);
    return ERR_OK;
}

static const struct nearby_ground *ground_of(const struct search *s, uint32_t tag)
{
    return &s->query->grounds[tag >> LEVEL_BITS & ((1 << GROUND_BITS) - 1)];
}

static uint32_t group_of(uint32_t tag)
{
    return tag >> (LEVEL_BITS + GROUND_BITS);
}

static uint32_t point_of(const struct search *s, const struct rtree *tree, uint32_t tag,
                         uint32_t leaf)
{
    const struct nearby_ground *ground = ground_of(s, tag);
    return ground->first + anchors_group(ground->anchors, group_of(tag)).first + tree->items[leaf];
}

static enum err push(struct search *s, const struct rtree *tree, uint32_t box, uint32_t tag)
{
    const struct nearby_query *q = s->query;
    double bound = bound_of(s, &tree->boxes[box]);
    if (bound > s->reach_ms) return ERR_OK;
    if ((tag & LEVEL_MASK) == 0 && q->wanted && !q->wanted(q->user, point_of(s, tree, tag, box)))
        return ERR_OK;
    return heap_push(&s->nearby->heap, bound, box, tag) ? ERR_OK : ERR_NOMEM;
}

static enum err walk(struct search *s)
{
    const struct nearby_query *q = s->query;
    struct heap *heap = &s->nearby->heap;
    enum err e = ERR_OK;
    heap_clear(heap);
    for (uint32_t i = 0; !e && i < q->group_count * q->ground_count; i++) {
        uint32_t group = q->groups[i / q->ground_count], ground = i % (uint32_t)q->ground_count;
        const struct rtree *tree = anchors_tree(q->grounds[ground].anchors, s->profile, group);
        uint32_t tag = group << (LEVEL_BITS + GROUND_BITS) | ground << LEVEL_BITS;
        if (tree->levels) e = push(s, tree, tree->box_count - 1, tag | (tree->levels - 1));
    }
    while (!e && heap_top(heap)) {
        struct heap_item top = heap_pop(heap);
        if (top.key > s->reach_ms) break;
        uint32_t level = top.tag & LEVEL_MASK;
        const struct rtree *tree =
            anchors_tree(ground_of(s, top.tag)->anchors, s->profile, group_of(top.tag));
        if (level == 0) {
            e = weigh(s, point_of(s, tree, top.tag, top.value), &tree->boxes[top.value]);
            continue;
        }
        uint32_t first =
            tree->level_start[level - 1] + (top.value - tree->level_start[level]) * RTREE_NODE;
        uint32_t left = tree->level_start[level] - first;
        for (uint32_t i = 0; !e && i < (left < RTREE_NODE ? left : RTREE_NODE); i++)
            e = push(s, tree, first + i, top.tag - 1);
    }
    return e;
}

static struct search search_of(struct nearby *nearby, const struct nearby_query *query,
                               struct nearby_hit *hits)
{
    const struct network_view *view = &query->metric->view;
    return (struct search){.nearby = nearby,
                           .query = query,
                           .profile = (unsigned)(view->profile - view->net->profiles),
                           /* without the last bits of the quotient that it is */
                           .ms_per_m = view->profile->min_ms_per_m * (1 - 1e-9),
                           .foci_count = 1,
                           .reach_ms = query->time_max_ms,
                           .hits = hits};
}

/* As far as anybody comes in this time; a metre more for what is rounded. */
static double radius_m(const struct search *s, double time_ms)
{
    return s->ms_per_m > 0 ? (time_ms + 2) / s->ms_per_m * (1 + 2 * chord_share) + 1 : INFINITY;
}

enum err nearby_find(struct nearby *nearby, const struct nearby_query *query,
                     const struct network_end *from, size_t from_count, struct nearby_hit *hits,
                     uint32_t *count)
{
    const struct network *net = query->metric->view.net;
    struct search s = search_of(nearby, query, hits);
    if (from_count && query->limit) {
        s.foci[0] = focus_at(net, from, from_count, radius_m(&s, query->time_max_ms));
        enum err e = sweep_begin(nearby->sweeps[SWEEP_FROM], query->metric, query->bar, SWEEP_FROM,
                                 from, from_count, query->states_max);
        if (!e) e = walk(&s);
        if (e) return e;
    }
    *count = s.count;
    return ERR_OK;
}

enum err nearby_along(struct nearby *nearby, const struct nearby_query *query,
                      const struct network_end *from, size_t from_count,
                      const struct network_end *to, size_t to_count, struct nearby_hit *hits,
                      uint32_t *count, uint64_t *direct)
{
    const struct network *net = query->metric->view.net;
    struct search s = search_of(nearby, query, hits);
    if (!from_count || !to_count) return ERR_UNREACHABLE;
    enum err e = sweep_begin(nearby->sweeps[SWEEP_FROM], query->metric, query->bar, SWEEP_FROM,
                             from, from_count, query->states_max);
    if (!e)
        e = sweep_begin(nearby->sweeps[SWEEP_TO], query->metric, query->bar, SWEEP_TO, to, to_count,
                        query->states_max);
    if (e) return e;
    uint64_t weight = sweep_to(nearby->sweeps[SWEEP_FROM], to, to_count, NULL);
    e = sweep_state(nearby->sweeps[SWEEP_FROM]);
    if (!e && weight >= WEIGHT_NONE) e = ERR_UNREACHABLE;
    if (e) return e;
    s.foci_count = 2;
    s.direct_ms = weight_time_ms(weight);
    double whole_m = radius_m(&s, (double)s.direct_ms + query->time_max_ms);
    s.foci[0] = focus_at(net, from, from_count, whole_m);
    s.foci[1] = focus_at(net, to, to_count, whole_m);
    if (query->limit) e = walk(&s);
    if (e) return e;
    *count = s.count;
    *direct = weight;
    return ERR_OK;
}
