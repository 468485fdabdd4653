/* Best-first search over the trees of the wanted categories, by lower bounds that are cheap, and
 * exact geodesic distances for what passes them.
 *
 * Two metrics give bounds. Near: a plane (geodesic_plane_within), which holds for whatever is
 * within the radius that is looked at; what lies beyond is not asked for.
 *
 * Far: the meridian's radius of curvature is at least M(0) = a (1 - e^2) everywhere, the radius of
 * the parallel at least a cos(lat) >= M(0) cos(lat). So a line is not shorter than M(0) times the
 * line of the same latitudes and longitudes on the unit sphere, and that not shorter than the great
 * circle. On a sphere the point of a box that is nearest to the query has the least difference of
 * longitude, since for every latitude the distance grows with it; on that meridian it is the foot
 * of the perpendicular, or an end. */
#include "geo/place/nearest.h"

#include "geo/space/geodesic.h"

#include <math.h>

static const double least_meridian_m = 6335439.327; /* a (1 - e^2) of WGS 84, rounded down */
static const double radian = 0.017453292519943295;
static const double unit_deg = 1e-7;

/* How far the first look goes when nobody set a limit. */
static const double window_m = 20e3;

struct search {
    const struct placeset *set;
    const struct placepart *parts[PLACESET_PARTS];
    const uint64_t *hidden; /* of the base; NULL: none */
    const struct place_filter *filter;
    bool bare;       /* the filter asks for no more than categories and amenities */
    bool by_amenity; /* it asks for amenities; where not, memory is left alone */
    struct coord at;
    uint32_t limit;
    bool near;                   /* which metric is in use */
    double lon, lat;             /* of the query, in units of 1e-7 degrees */
    double lon_round;            /* its longitude reached the other way round */
    double per_lon_m, per_lat_m; /* the near metric's scales, metres per unit */
    double reach_m, reach2;      /* nothing beyond is wanted; the square has some slack */
    struct nearest_hit *hits;    /* a heap, worst on top */
    uint32_t count;
};

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* Distance on an axis from `at` to the closed stretch min–max. */
static double gap(double min, double max, double at)
{
    return larger(larger(min - at, at - max), 0);
}

/* Squares of lower bounds in metres for `count` boxes, or points. Written so that with a constant
 * count the compiler may do several at once. */
static inline void near_boxes(const struct search *search, const struct box_e7 *restrict boxes,
                              uint32_t count, double *restrict squares)
{
    const double at_lon = search->lon, at_round = search->lon_round, at_lat = search->lat;
    const double per_lon_m = search->per_lon_m, per_lat_m = search->per_lat_m;
    for (uint32_t i = 0; i < count; i++) {
        double lat = gap(boxes[i].min_lat, boxes[i].max_lat, at_lat) * per_lat_m;
        double lon = smaller(gap(boxes[i].min_lon, boxes[i].max_lon, at_lon),
                             gap(boxes[i].min_lon, boxes[i].max_lon, at_round)) *
                     per_lon_m;
        squares[i] = lat * lat + lon * lon;
    }
}

static inline void near_points(const struct search *search, const struct coord_e7 *restrict points,
                               uint32_t count, double *restrict squares)
{
    const double at_lon = search->lon, at_round = search->lon_round, at_lat = search->lat;
    const double per_lon_m = search->per_lon_m, per_lat_m = search->per_lat_m;
    for (uint32_t i = 0; i < count; i++) {
        double lat = (points[i].lat_e7 - at_lat) * per_lat_m;
        double lon =
            smaller(fabs(points[i].lon_e7 - at_lon), fabs(points[i].lon_e7 - at_round)) * per_lon_m;
        squares[i] = lat * lat + lon * lon;
    }
}

/* Haversine of the angle between two points on the sphere. */
static double haversine(double lat_a, double lat_b, double dlon)
{
    double s = sin((lat_b - lat_a) / 2), t = sin(dlon / 2);
    return s * s + cos(lat_a) * cos(lat_b) * t * t;
}

static double far_bound(const struct search *search, const struct box_e7 *box)
{
    double lon = smaller(gap(box->min_lon, box->max_lon, search->lon),
                         gap(box->min_lon, box->max_lon, search->lon_round));
    double dlon = lon * unit_deg * radian, lat = search->lat * unit_deg * radian;
    double low = box->min_lat * unit_deg * radian, high = box->max_lat * unit_deg * radian;
    double foot = atan2(sin(lat), cos(lat) * cos(dlon));
    foot = larger(low, smaller(high, foot));
    double least = smaller(haversine(lat, foot, dlon),
                           smaller(haversine(lat, low, dlon), haversine(lat, high, dlon)));
    return 2 * least_meridian_m * asin(sqrt(smaller(1, least)));
}

static void bound_boxes(const struct search *search, const struct box_e7 *boxes, uint32_t count,
                        double *squares)
{
    if (!search->near) {
        for (uint32_t i = 0; i < count; i++) {
            double bound = far_bound(search, &boxes[i]);
            squares[i] = bound * bound;
        }
    } else if (count == RTREE_NODE) {
        near_boxes(search, boxes, RTREE_NODE, squares);
    } else {
        near_boxes(search, boxes, count, squares);
    }
}

static void bound_points(const struct search *search, const struct coord_e7 *points, uint32_t count,
                         double *squares)
{
    if (!search->near) {
        for (uint32_t i = 0; i < count; i++) {
            const struct coord_e7 p = points[i];
            const struct box_e7 box = {p.lon_e7, p.lat_e7, p.lon_e7, p.lat_e7};
            bound_boxes(search, &box, 1, &squares[i]);
        }
    } else if (count == RTREE_NODE) {
        near_points(search, points, RTREE_NODE, squares);
    } else {
        near_points(search, points, count, squares);
    }
}

/* A micrometre and a billionth of slack, since bounds are rounded too. */
static void set_reach(struct search *search, double reach_m)
{
    double slack = reach_m * (1 + 1e-9) + 1e-6;
    search->reach_m = reach_m;
    search->reach2 = slack * slack;
}

static bool is_worse(const struct search *search, const struct nearest_hit *a,
                     const struct nearest_hit *b)
{
    if (a->distance_m != b->distance_m) return a->distance_m > b->distance_m;
    return placeset_id(search->set, a->place) > placeset_id(search->set, b->place);
}

/* Lets `hit` sink from slot i to its place in the heap of `count`. */
static void sink(struct search *search, uint32_t i, uint32_t count, struct nearest_hit hit)
{
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= count) break;
        if (child + 1 < count && is_worse(search, &search->hits[child + 1], &search->hits[child]))
            child++;
        if (!is_worse(search, &search->hits[child], &hit)) break;
        search->hits[i] = search->hits[child];
        i = child;
    }
    search->hits[i] = hit;
}

static void rise(struct search *search, struct nearest_hit hit)
{
    uint32_t i = search->count++;
    while (i > 0 && is_worse(search, &hit, &search->hits[(i - 1) / 2])) {
        search->hits[i] = search->hits[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    search->hits[i] = hit;
}

/* Keeps a hit if it is among the best so far. */
static void offer(struct search *search, struct nearest_hit hit)
{
    uint32_t limit = search->limit;
    if (search->count < limit)
        rise(search, hit);
    else if (is_worse(search, &search->hits[0], &hit))
        sink(search, 0, limit, hit);
    if (search->count == limit && search->hits[0].distance_m < search->reach_m)
        set_reach(search, search->hits[0].distance_m);
}

/* Turns the heap into a list, best first. */
static void sort_hits(struct search *search)
{
    for (uint32_t n = search->count; n > 1; n--) {
        struct nearest_hit last = search->hits[n - 1];
        search->hits[n - 1] = search->hits[0];
        sink(search, 0, n - 1, last);
    }
}

/* Whether place `i` of a part is wanted, whose amenities have been seen to. */
static bool is_wanted(const struct search *search, const struct placepart *part, uint32_t local)
{
    if (search->hidden && part->first == 0 && search->hidden[local / 64] >> local % 64 & 1)
        return false;
    return search->bare || filter_rest(search->set, search->filter, part->first + local);
}

/* Looks at the places `first` to `first` + count of a group; count is a node's at most. */
static void try_places(struct search *search, const struct placepart *part,
                       const struct placepart_group *group, uint32_t first, uint32_t count)
{
    double squares[RTREE_NODE];
    first += group->first;
    bound_points(search, part->coords + first, count, squares);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t local = first + i;
        if (squares[i] > search->reach2 ||
            (search->by_amenity && !filter_amenities(search->filter, part->amenities[local])))
            continue;
        double distance_m = geodesic_distance_m(search->at, coord_from_e7(part->coords[local]));
        if (distance_m <= search->reach_m && is_wanted(search, part, local))
            offer(search, (struct nearest_hit){part->first + local, distance_m});
    }
}

/* Most of a query is waiting for memory: what lies below a node is sent for when the node is
 * pushed.
 */
enum { LINE_BYTES = 64 };
static void fetch_below(const struct placepart *part, const struct placepart_group *group,
                        uint32_t level, uint32_t box)
{
    const struct rtree *tree = &group->tree;
    uint32_t first = (box - tree->level_start[level]) * RTREE_NODE;
    const void *start = level == 1
                            ? (const void *)(part->coords + group->first + first)
                            : (const void *)(tree->boxes + tree->level_start[level - 1] + first);
    size_t bytes = level == 1 ? sizeof(struct coord_e7) : sizeof(struct box_e7);
    for (uintptr_t at = (uintptr_t)start, end = at + bytes * RTREE_NODE; at < end; at += LINE_BYTES)
        __builtin_prefetch((const void *)at);
}

/* A node in the heap: level, part and category in the tag. */
enum { LEVEL_BITS = 4, LEVEL_MASK = (1 << LEVEL_BITS) - 1, PART_BITS = 1 };

static uint32_t tag_of(unsigned category, unsigned part, uint32_t level)
{
    return (uint32_t)category << (LEVEL_BITS + PART_BITS) | (uint32_t)part << LEVEL_BITS | level;
}

static enum err push_nodes(struct search *search, struct heap *heap, uint32_t tag, uint32_t first,
                           uint32_t count)
{
    double squares[RTREE_NODE];
    const struct placepart *part = search->parts[tag >> LEVEL_BITS & 1];
    const struct placepart_group *group = &part->groups[tag >> (LEVEL_BITS + PART_BITS)];
    bound_boxes(search, group->tree.boxes + first, count, squares);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t box = first + i;
        if (squares[i] > search->reach2 ||
            (search->by_amenity &&
             !filter_amenities(search->filter, group->amenities[box - group->tree.item_count])))
            continue;
        fetch_below(part, group, tag & LEVEL_MASK, box);
        if (!heap_push(heap, squares[i], box, tag)) return ERR_NOMEM;
    }
    return ERR_OK;
}

static enum err start(struct search *search, struct heap *heap)
{
    enum err e = ERR_OK;
    heap_clear(heap);
    uint64_t wanted = search->filter->categories ? search->filter->categories : UINT64_MAX;
    for (; wanted && !e; wanted &= wanted - 1) {
        unsigned c = (unsigned)__builtin_ctzll(wanted);
        for (unsigned p = 0; p < PLACESET_PARTS && !e; p++) {
            const struct placepart_group *group = &search->parts[p]->groups[c];
            const struct rtree *tree = &group->tree;
            if (tree->levels == 1)
                try_places(search, search->parts[p], group, 0, 1);
            else if (tree->levels > 1)
                e = push_nodes(search, heap, tag_of(c, p, tree->levels - 1), tree->box_count - 1,
                               1);
        }
    }
    return e;
}

static enum err walk(struct search *search, struct heap *heap)
{
    enum err e = start(search, heap);
    while (!e && heap_top(heap)) {
        struct heap_item top = heap_pop(heap);
        if (top.key > search->reach2) break;
        uint32_t level = top.tag & LEVEL_MASK;
        const struct placepart *part = search->parts[top.tag >> LEVEL_BITS & 1];
        const struct placepart_group *group = &part->groups[top.tag >> (LEVEL_BITS + PART_BITS)];
        const struct rtree *tree = &group->tree;
        uint32_t first =
            tree->level_start[level - 1] + (top.value - tree->level_start[level]) * RTREE_NODE;
        uint32_t left = tree->level_start[level] - first;
        uint32_t count = left < RTREE_NODE ? left : RTREE_NODE;
        if (level == 1)
            try_places(search, part, group, first, count);
        else
            e = push_nodes(search, heap, top.tag - 1, first, count);
    }
    return e;
}

static struct search search_of(const struct placeset *set, const struct place_filter *filter,
                               uint32_t limit, struct nearest_hit *hits)
{
    bool rest = filter->open_at || filter->accept || filter->box_count;
    for (unsigned p = 0; p < FILTER_POLYGONS; p++)
        rest = rest || filter->within[p];
    return (struct search){.set = set,
                           .parts = {placeset_part(set, 0), placeset_part(set, 1)},
                           .hidden = placeset_hidden(set),
                           .filter = filter,
                           .bare = !rest,
                           .by_amenity = filter->all_of || filter->any_of,
                           .limit = limit,
                           .hits = hits};
}

static enum err walk_within(struct search *search, struct heap *heap, double radius_m)
{
    struct geodesic_plane plane = {0, 0};
    search->count = 0;
    set_reach(search, radius_m);
    search->near = geodesic_plane_within(search->at.lat, radius_m, &plane);
    search->per_lat_m = plane.m_per_lat_deg * unit_deg;
    search->per_lon_m = plane.m_per_lon_deg * unit_deg;
    return walk(search, heap);
}

enum err nearest_find(const struct placeset *set, struct nearest_work *work,
                      const struct nearest_query *query, struct nearest_hit *hits, uint32_t *count)
{
    struct search search = search_of(set, &query->filter, query->limit, hits);
    search.at = query->at;
    search.lon = query->at.lon / unit_deg;
    search.lat = query->at.lat / unit_deg;
    search.lon_round = search.lon + (search.lon < 0 ? 3.6e9 : -3.6e9);
    enum err e = ERR_OK;
    if (query->limit > 0 && query->radius_m >= 0) {
        struct geodesic_plane plane;
        if (query->radius_m > window_m && geodesic_plane_within(query->at.lat, window_m, &plane))
            e = walk_within(&search, &work->heap, window_m);
        if (!e && search.count < query->limit)
            e = walk_within(&search, &work->heap, query->radius_m);
    }
    if (e) return e;
    sort_hits(&search);
    *count = search.count;
    return ERR_OK;
}

struct page {
    struct search search;
    struct box box;
    int64_t after_id;
    bool more;
};

static bool is_in_page(const struct page *page, uint32_t place)
{
    const struct search *search = &page->search;
    return placeset_id(search->set, place) > page->after_id &&
           box_contains(page->box, coord_from_e7(placeset_coord(search->set, place))) &&
           filter_keeps(search->set, search->filter, place);
}

static bool try_in_box(void *user, uint32_t place)
{
    struct page *page = user;
    struct search *search = &page->search;
    if (!is_in_page(page, place)) return true;
    page->more = page->more || search->count == search->limit;
    if (search->limit > 0) offer(search, (struct nearest_hit){place, 0});
    return search->limit > 0;
}

/* The same in order of ids: nothing that comes later goes before. */
static bool try_in_order(void *user, uint32_t place)
{
    struct page *page = user;
    struct search *search = &page->search;
    if (!is_in_page(page, place)) return true;
    page->more = search->count == search->limit;
    if (!page->more) search->hits[search->count++] = (struct nearest_hit){place, 0};
    return !page->more;
}

enum err nearest_in_box(const struct placeset *set, struct nearest_work *work, struct box box,
                        const struct place_filter *filter, int64_t after_id, uint32_t limit,
                        struct nearest_hit *hits, uint32_t *count, bool *more)
{
    (void)work;
    struct page page = {
        .search = search_of(set, filter, limit, hits), .box = box, .after_id = after_id};
    bool whole =
        box.min_lon <= -180 && box.max_lon >= 180 && box.min_lat <= -90 && box.max_lat >= 90;
    if (whole) {
        placeset_walk(set, after_id, try_in_order, &page);
    } else {
        placeset_search(set, box_to_e7(box), try_in_box, &page);
        sort_hits(&page.search);
    }
    *count = page.search.count;
    *more = page.more;
    return ERR_OK;
}

void nearest_work_fini(struct nearest_work *work)
{
    heap_fini(&work->heap);
}
