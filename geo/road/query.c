#include "geo/road/query.h"

#include "geo/road/ends.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Instead of weights a label holds what they leave of WEIGHT_NONE: more is better, none at all is
 * 0. So fresh memory from calloc needs no filling (and pages that no query touches are never
 * backed), and no sum can overflow. A source within its arc, at whose tail one stands before having
 * paid anything, has more than WEIGHT_NONE left there; the way on takes that back. */
struct query_label {
    uint64_t left[METRIC_SIDES];
    uint32_t from[METRIC_SIDES]; /* the lower vertex, or an end with one of the marks */
};

/* An end that begins at its own arc, or at one that is turned into from it. */
#define FROM_END  0x80000000u
#define FROM_TURN 0x40000000u
enum { MAX_VERTICES = 0x40000000 };

void query_fini(struct query *query)
{
    free(query->labels);
    front_fini(&query->front);
    free(query->arcs);
    *query = (struct query){0};
}

static enum err prepare(struct query *query, uint32_t size)
{
    if (size > MAX_VERTICES) return ERR_LIMIT;
    if (query->size >= size) return ERR_OK;
    struct query_label *labels = calloc(size, sizeof *labels);
    if (!labels) return ERR_NOMEM;
    free(query->labels);
    query->labels = labels;
    query->size = size;
    return ERR_OK;
}

/* --- where a query begins --- */

struct seeding {
    struct query *query;
    const struct metric *metric;
    enum metric_side side;
    uint32_t mark;
};

static bool seed_left(const struct seeding *s, uint32_t arc, uint64_t left, size_t end)
{
    uint32_t vertex = s->metric->cch->vertex[arc];
    struct query_label *label = &s->query->labels[vertex];
    if (left <= label->left[s->side]) return true;
    if (!front_add(&s->query->front, vertex)) return false;
    label->left[s->side] = left;
    label->from[s->side] = s->mark | (uint32_t)end;
    return true;
}

static bool seed(void *user, uint32_t arc, uint64_t weight, size_t end)
{
    return seed_left(user, arc, WEIGHT_NONE - weight, end);
}

/* A source is its own arc, with less than nothing paid at its tail; but where a target is on the
 * same street that arc must not count as reached, and the turns from it are taken instead. */
static bool seed_source(struct query *query, const struct metric *metric,
                        const struct network_ends *ends, size_t i)
{
    const struct network_view *view = &metric->view;
    const struct network_end *source = &ends->sources[i];
    if (view->time_ms[source->arc] == NETWORK_NONE) return true;
    struct seeding s = {query, metric, METRIC_UP, FROM_TURN};
    if (ends_share(view->net, ends->targets, ends->target_count, source->arc))
        return ends_leave(view, NULL, source, i, seed, &s);
    s.mark = FROM_END;
    uint64_t behind = network_part_weight(view, source->arc, source->fraction);
    return seed_left(&s, source->arc, WEIGHT_NONE - source->paid + behind, i);
}

static bool seed_all(struct query *query, const struct metric *metric,
                     const struct network_ends *ends)
{
    struct seeding down = {query, metric, METRIC_DOWN, FROM_END};
    bool ok = true;
    for (size_t i = 0; ok && i < ends->source_count; i++)
        ok = seed_source(query, metric, ends, i);
    for (size_t i = 0; ok && i < ends->target_count; i++)
        ok = ends_arrive(metric, NULL, &ends->targets[i], i, seed, &down);
    return ok;
}

/* --- walking up --- */

/* The best so far: where the ways meet; none is NETWORK_NONE. */
struct meeting {
    uint64_t weight;
    uint32_t vertex;
};

static void climb(struct query_label *labels, const struct metric *metric, enum metric_side side,
                  uint32_t vertex, uint64_t left)
{
    const struct metric_link *link = &metric->links[side][metric->first[side][vertex]];
    const struct metric_link *last = &metric->links[side][metric->first[side][vertex + 1]];
    for (; link < last; link++) {
        struct query_label *head = &labels[link->head];
        if (left <= link->weight || left - link->weight <= head->left[side]) continue;
        head->left[side] = left - link->weight;
        head->from[side] = vertex;
    }
}

/* All that lies below has been walked over, so the labels of `vertex` are final; having been used
 * they are taken away. What cannot better the best goes no further: its weight is no less, that is
 * WEIGHT_NONE - left >= best. */
static inline void walk(struct query *query, const struct metric *metric, uint32_t vertex,
                        struct meeting *best)
{
    struct query_label *label = &query->labels[vertex];
    uint64_t up = label->left[METRIC_UP], down = label->left[METRIC_DOWN];
    if (up && down) {
        uint64_t weight = WEIGHT_NONE - up + (WEIGHT_NONE - down); /* wraps twice or not at all */
        if (weight < best->weight) *best = (struct meeting){weight, vertex};
    }
    uint64_t floor = WEIGHT_NONE - best->weight;
    if (up > floor) climb(query->labels, metric, METRIC_UP, vertex, up);
    if (down > floor) climb(query->labels, metric, METRIC_DOWN, vertex, down);
    label->left[METRIC_UP] = label->left[METRIC_DOWN] = 0;
}

/* Every link leads to an ancestor: so every label set is also taken away. */
static void walk_all(struct query *query, const struct metric *metric, struct meeting *best)
{
    const uint32_t *parents = metric->cch->parent;
    while (query->front.count)
        walk(query, metric, front_next(&query->front, parents), best);
}

/* After a failure: takes away what has been labelled. */
static void unseed(struct query *query)
{
    for (size_t i = 0; i < query->front.count; i++)
        query->labels[query->front.vertices[i]] = (struct query_label){0};
    query->front.count = 0;
}

/* --- the way found --- */

static bool grow(struct query *query, size_t count)
{
    if (count <= query->arc_room) return true;
    size_t room = count + count / 2 + 256;
    uint32_t *arcs = realloc(query->arcs, room * sizeof *arcs);
    if (!arcs) return false;
    query->arcs = arcs;
    query->arc_room = room;
    return true;
}

static bool add_arc(struct query *query, uint32_t arc)
{
    if (!grow(query, query->arc_count + 1)) return false;
    query->arcs[query->arc_count++] = arc;
    return true;
}

/* The link between a vertex and the one its label came from. */
static bool add_link(struct query *query, const struct metric *metric, enum metric_side side,
                     uint32_t low, uint32_t high)
{
    const struct metric_link *link = metric_find(metric, side, low, high);
    assert(link);
    for (;;) {
        size_t room = query->arc_room - query->arc_count;
        uint32_t *to = room ? query->arcs + query->arc_count : NULL;
        size_t count = metric_unpack(metric, side, low, link, to, room);
        if (count <= room) {
            query->arc_count += count;
            return true;
        }
        if (!grow(query, query->arc_count + count)) return false;
    }
}

/* From the source up to where the ways met. The front, empty now, holds the vertices passed. */
static bool add_up(struct query *query, const struct metric *metric, const struct network_end *ends,
                   uint32_t vertex, size_t *source)
{
    struct front *passed = &query->front;
    size_t count = 0;
    uint32_t from;
    do {
        if (!front_reserve(passed, count + 1)) return false;
        passed->vertices[count++] = vertex;
        from = query->labels[vertex].from[METRIC_UP];
        if (!(from & (FROM_END | FROM_TURN))) vertex = from;
    } while (!(from & (FROM_END | FROM_TURN)));
    *source = from & ~(FROM_END | FROM_TURN);
    bool ok = add_arc(query, ends[*source].arc);
    if (ok && from & FROM_TURN) ok = add_arc(query, metric->cch->arc[vertex]);
    for (size_t i = count - 1; ok && i > 0; i--)
        ok = add_link(query, metric, METRIC_UP, passed->vertices[i], passed->vertices[i - 1]);
    return ok;
}

static bool add_down(struct query *query, const struct metric *metric, uint32_t vertex,
                     size_t *target)
{
    for (;;) {
        uint32_t low = query->labels[vertex].from[METRIC_DOWN];
        if (low & FROM_END) {
            *target = low & ~FROM_END;
            return true;
        }
        if (!add_link(query, metric, METRIC_DOWN, low, vertex)) return false;
        vertex = low;
    }
}

static enum err put_together(struct query *query, const struct metric *metric,
                             const struct network_ends *ends, uint32_t vertex, struct arena *arena,
                             struct network_path *path)
{
    query->arc_count = 0;
    if (!add_up(query, metric, ends->sources, vertex, &path->source) ||
        !add_down(query, metric, vertex, &path->target))
        return ERR_NOMEM;
    uint32_t *arcs = arena_alloc(arena, query->arc_count * sizeof *arcs);
    if (!arcs) return ERR_NOMEM;
    memcpy(arcs, query->arcs, query->arc_count * sizeof *arcs);
    path->arcs = arcs;
    path->arc_count = query->arc_count;
    return ERR_OK;
}

/* The same for a way that never leaves its arc. */
static enum err put_straight(const struct network_ends *ends, struct arena *arena,
                             struct network_path *path)
{
    uint32_t *arc = arena_alloc(arena, sizeof *arc);
    if (!arc) return ERR_NOMEM;
    *arc = ends->sources[path->source].arc;
    path->arcs = arc;
    path->arc_count = 1;
    return ERR_OK;
}

static struct network_path find_straight(const struct metric *metric,
                                         const struct network_ends *ends)
{
    struct network_path path = {.weight = WEIGHT_NONE};
    for (size_t i = 0; i < ends->source_count; i++) {
        for (size_t k = 0; k < ends->target_count; k++) {
            uint64_t weight =
                ends_straight(&metric->view, NULL, &ends->sources[i], &ends->targets[k]);
            if (weight < path.weight)
                path = (struct network_path){.weight = weight, .source = i, .target = k};
        }
    }
    return path;
}

enum err query_find(struct query *query, const struct metric *metric,
                    const struct network_ends *ends, struct arena *arena, struct network_path *path)
{
    enum err e = prepare(query, metric->cch->vertex_count);
    if (e) return e;
    if (!seed_all(query, metric, ends)) {
        unseed(query);
        return ERR_NOMEM;
    }
    struct network_path found = find_straight(metric, ends);
    struct meeting best = {found.weight, NETWORK_NONE};
    walk_all(query, metric, &best);
    found.weight = best.weight;
    if (arena && best.vertex != NETWORK_NONE)
        e = put_together(query, metric, ends, best.vertex, arena, &found);
    else if (arena && best.weight != WEIGHT_NONE)
        e = put_straight(ends, arena, &found);
    if (!e) *path = found;
    return e;
}
