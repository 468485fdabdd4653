/* Depth first, nearest child first, over the trees of the wanted categories, pruned by lower bounds
 * (bound.h). The first leaves looked at hold the nearest places or nearly so: what is left of the
 * other branches is little, and no queue is kept.
 *
 * Bounds on the near plane are so close to the distances that they choose the places, too: those
 * with the `limit` least bounds are kept, and what exceeds the worst of them by less than the
 * bounds may err; only of these, at the end, the exact distances are taken. Whether that was enough
 * is looked at afterwards: when the worst of the hits lies within what was kept, nothing else can
 * be nearer. Else, and on the far metric, every place that passes its bound is measured at once. */
#include "geo/place/nearest.h"

#include "geo/place/bound.h"
#include "geo/place/least.h"
#include "geo/space/geodesic.h"

#include <math.h>

/* How far the first look goes when nobody set a limit. */
static const double window_m = 20e3;

struct search {
    const struct placeset *set;
    const struct placepart *parts[PLACESET_PARTS];
    const uint64_t *hidden; /* of the base; NULL: none */
    const struct place_filter *filter;
    bool bare;       /* the filter asks for no more than categories and amenities */
    bool by_amenity; /* it asks for amenities; where not, memory is left alone */
    struct geodesic_from from;
    uint32_t limit;
    struct bound bound;
    bool late; /* distances are taken at the end */
    double radius_m;
    double reach2;            /* nothing with a bound beyond is wanted */
    struct nearest_hit *hits; /* a heap, worst on top */
    uint32_t count;
    struct least *least; /* while `late`, instead of the hits */
    double slack2;       /* by how many times what is behind a key of it may exceed it */
    enum err e;
};

/* A micrometre and a billionth of slack, since bounds are rounded too. */
static double square_of(double reach_m)
{
    double slack = reach_m * (1 + 1e-9) + 1e-6;
    return fmin(slack * slack, LEAST_FREE);
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
    if (search->count < search->limit)
        rise(search, hit);
    else if (is_worse(search, &search->hits[0], &hit))
        sink(search, 0, search->limit, hit);
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

static void take_late(struct search *search, double square, uint32_t place)
{
    struct least *least = search->least;
    double out = least_put(least, least_key(square, place));
    double reach2 = least->slots[search->limit - 1] * search->slack2;
    if (reach2 < search->reach2) search->reach2 = reach2;
    if (out <= search->reach2 && least_put_aside(least, out)) search->e = ERR_NOMEM;
}

static void take(struct search *search, struct coord_e7 at, uint32_t place)
{
    double distance_m = geodesic_from_distance_m(&search->from, coord_from_e7(at));
    if (distance_m > search->radius_m) return;
    offer(search, (struct nearest_hit){place, distance_m});
    if (search->count == search->limit) search->reach2 = square_of(search->hits[0].distance_m);
}

/* Looks at the places `first` to `first` + count of a group; count is a node's at most. */
static void try_places(struct search *search, const struct placepart *part,
                       const struct placepart_group *group, uint32_t first, uint32_t count)
{
    double squares[RTREE_NODE];
    first += group->first;
    uint32_t near =
        bound_points(&search->bound, part->coords + first, count, search->reach2, squares);
    for (; near; near &= near - 1) {
        uint32_t i = (uint32_t)__builtin_ctz(near), local = first + i;
        if ((search->by_amenity && !filter_amenities(search->filter, part->amenities[local])) ||
            !is_wanted(search, part, local))
            continue;
        if (search->late)
            take_late(search, squares[i], part->first + local);
        else
            take(search, part->coords[local], part->first + local);
    }
}

/* Most of a query is waiting for memory: what lies below a box is sent for before it is looked at.
 */
enum { LINE_BYTES = 64 };
static void fetch_below(const struct placepart *part, const struct placepart_group *group,
                        uint32_t level, uint32_t child)
{
    const void *start = level == 1 ? (const void *)(part->coords + group->first + child)
                                   : (const void *)(group->tree.boxes + child);
    size_t bytes = (level == 1 ? sizeof(struct coord_e7) : sizeof(struct box_e7)) * RTREE_NODE;
    for (uintptr_t at = (uintptr_t)start, end = at + bytes; at < end; at += LINE_BYTES)
        __builtin_prefetch((const void *)at);
}

/* Which box of a node comes next is told by the least of these numbers (BOUND_BOX). */
union key {
    double square;
    uint64_t bits;
};

static double least_of(const double keys[RTREE_NODE])
{
    double a = keys[0], b = keys[1], c = keys[2], d = keys[3];
    for (uint32_t i = 4; i < RTREE_NODE; i += 4) {
        a = keys[i] < a ? keys[i] : a;
        b = keys[i + 1] < b ? keys[i + 1] : b;
        c = keys[i + 2] < c ? keys[i + 2] : c;
        d = keys[i + 3] < d ? keys[i + 3] : d;
    }
    a = b < a ? b : a;
    c = d < c ? d : c;
    return c < a ? c : a;
}

/* Takes the least of the keys whose bits are set in `left`, of which there is one at least. */
static double take_least(double keys[RTREE_NODE], uint32_t *left)
{
    bool last = (*left & (*left - 1)) == 0;
    union key least = {last ? keys[__builtin_ctz(*left)] : least_of(keys)};
    uint32_t i = (uint32_t)(least.bits & BOUND_BOX);
    keys[i] = LEAST_FREE;
    *left &= ~(1u << i);
    return least.square;
}

/* So many boxes are sent for ahead. */
enum { EAGER = 3 };

static void visit(struct search *search, const struct placepart *part,
                  const struct placepart_group *group, uint32_t level, uint32_t first,
                  uint32_t count);

static void look_below(struct search *search, const struct placepart *part,
                       const struct placepart_group *group, uint32_t level, uint32_t box)
{
    const struct rtree *tree = &group->tree;
    if (level == 0) { /* a tree of one place */
        try_places(search, part, group, box, 1);
        return;
    }
    uint32_t first = tree->level_start[level - 1] + (box - tree->level_start[level]) * RTREE_NODE;
    uint32_t rest = tree->level_start[level] - first;
    uint32_t count = rest < RTREE_NODE ? rest : RTREE_NODE;
    if (level == 1)
        try_places(search, part, group, first, count);
    else
        visit(search, part, group, level - 1, first, count);
}

/* Looks below the boxes `first` to `first` + count of a level, the nearest first. */
static void visit(struct search *search, const struct placepart *part,
                  const struct placepart_group *group, uint32_t level, uint32_t first,
                  uint32_t count)
{
    double keys[RTREE_NODE];
    union key order[RTREE_NODE];
    uint32_t ordered = 0;
    const struct rtree *tree = &group->tree;
    uint32_t below = tree->level_start[level - 1] - tree->level_start[level] * RTREE_NODE;
    uint32_t near = bound_boxes(&search->bound, tree->boxes + first, count, search->reach2, keys);
    for (uint32_t taken = 0; taken < count; taken++) {
        for (; near && ordered < taken + EAGER; ordered++) {
            union key least = {take_least(keys, &near)};
            order[ordered] = least;
            fetch_below(part, group, level,
                        (first + (uint32_t)(least.bits & BOUND_BOX)) * RTREE_NODE + below);
        }
        if (taken == ordered || order[taken].square > search->reach2) return;
        uint32_t box = first + (uint32_t)(order[taken].bits & BOUND_BOX);
        if (search->by_amenity &&
            !filter_amenities(search->filter, group->amenities[box - tree->item_count]))
            continue;
        look_below(search, part, group, level, box);
    }
}

static void walk(struct search *search)
{
    uint64_t wanted = search->filter->categories ? search->filter->categories : UINT64_MAX;
    for (; wanted; wanted &= wanted - 1)
        for (unsigned p = 0; p < PLACESET_PARTS; p++) {
            const struct placepart *part = search->parts[p];
            const struct placepart_group *group = &part->groups[__builtin_ctzll(wanted)];
            const struct rtree *tree = &group->tree;
            if (tree->levels)
                look_below(search, part, group, tree->levels - 1, tree->box_count - 1);
        }
}

/* Puts a hit in its place in a list that is in order, best first, if it is among the best. */
static void insert(struct search *search, struct nearest_hit hit)
{
    uint32_t i = search->count;
    if (i < search->limit)
        search->count++;
    else if (is_worse(search, &hit, &search->hits[--i]))
        return;
    for (; i > 0 && is_worse(search, &search->hits[i - 1], &hit); i--)
        search->hits[i] = search->hits[i - 1];
    search->hits[i] = hit;
}

static void measure_one(struct search *search, double key)
{
    uint32_t place = least_place(key);
    struct coord at = coord_from_e7(placeset_coord(search->set, place));
    double distance_m = geodesic_from_distance_m(&search->from, at);
    if (distance_m <= search->radius_m) insert(search, (struct nearest_hit){place, distance_m});
}

/* Takes the distances of what was kept; false: nearer ones may have been left out. */
static bool measure(struct search *search)
{
    const struct least *least = search->least;
    for (uint32_t i = 0; i < least->count && least->slots[i] <= search->reach2; i++)
        measure_one(search, least->slots[i]);
    for (uint32_t i = 0; i < least->aside_count; i++)
        if (least->aside[i] <= search->reach2) measure_one(search, least->aside[i]);
    bool full = search->count == search->limit;
    double worst_m = full ? search->hits[search->count - 1].distance_m : search->radius_m;
    return square_of(worst_m) <= search->reach2;
}

static void walk_late(struct search *search)
{
    search->slack2 = search->bound.slack * search->bound.slack * LEAST_ROUNDING;
    search->e = least_begin(search->least, search->limit);
    if (search->e) return;
    walk(search);
    search->late = measure(search);
}

static void walk_within(struct search *search, double radius_m)
{
    search->bound = bound_within(search->from.at, radius_m);
    search->radius_m = radius_m;
    search->late = search->bound.near;
    search->count = 0;
    search->reach2 = square_of(radius_m);
    if (search->late) walk_late(search);
    if (search->late || search->e) return;
    search->count = 0;
    search->reach2 = square_of(radius_m);
    walk(search);
    sort_hits(search);
}

static struct search search_of(const struct placeset *set, const struct place_filter *filter,
                               uint32_t limit, struct nearest_hit *hits)
{
    return (struct search){.set = set,
                           .parts = {placeset_part(set, 0), placeset_part(set, 1)},
                           .hidden = placeset_hidden(set),
                           .filter = filter,
                           .bare = filter_is_bare(filter),
                           .by_amenity = filter->all_of || filter->any_of,
                           .limit = limit,
                           .hits = hits};
}

enum err nearest_find(const struct placeset *set, struct nearest_work *work,
                      const struct nearest_query *query, struct nearest_hit *hits, uint32_t *count)
{
    struct search search = search_of(set, &query->filter, query->limit, hits);
    search.from = geodesic_from(query->at);
    search.least = &work->least;
    if (query->limit > 0 && query->radius_m >= 0) {
        if (query->radius_m > window_m && bound_within(query->at, window_m).near)
            walk_within(&search, window_m);
        if (search.count < query->limit) walk_within(&search, query->radius_m);
    }
    if (search.e) return search.e;
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
    least_fini(&work->least);
}
