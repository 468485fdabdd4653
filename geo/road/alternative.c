#include "geo/road/alternative.h"

#include <stdlib.h>
#include <string.h>

const double alternative_cost = 1.25, alternative_detour = 1.4, alternative_shared = 0.75,
             alternative_local = 0.25;

/* Candidates looked at closely, each for some queries. */
enum { TRIES = 16, ROUNDS = 2 };

struct alternative_candidate {
    uint64_t weight; /* of the cheapest way over it */
    uint32_t vertex;
};

void alternative_fini(struct alternative *work)
{
    sweep_free(work->from);
    sweep_free(work->to);
    free(work->candidates);
    free(work->stamps);
    free(work->passed);
    *work = (struct alternative){0};
}

/* Besides the number of a search: half edges of a way that was looked at and not taken. */
enum { SEEN = 1, STAMPS = 2 };

static enum err prepare(struct alternative *work, uint32_t edge_count)
{
    enum err e = work->from ? ERR_OK : sweep_new(&work->from);
    if (!e && !work->to) e = sweep_new(&work->to);
    if (e) return e;
    if (work->edges < edge_count) {
        free(work->stamps);
        free(work->passed);
        work->edges = 0;
        work->stamps = calloc(2 * (size_t)edge_count, sizeof *work->stamps);
        work->passed = calloc(edge_count, sizeof *work->passed);
        if (!work->stamps || !work->passed) return ERR_NOMEM;
        work->edges = edge_count;
        work->stamp = work->pass = 0;
    }
    work->stamp += STAMPS;
    if (work->stamp > UINT32_MAX - STAMPS || work->pass > UINT32_MAX - ROUNDS * TRIES) {
        memset(work->stamps, 0, 2 * (size_t)work->edges * sizeof *work->stamps);
        memset(work->passed, 0, work->edges * sizeof *work->passed);
        work->stamp = STAMPS;
        work->pass = 0;
    }
    return ERR_OK;
}

/* A way, and what it weighs from its source to the tail of each of its arcs. */
struct way {
    struct network_path path;
    uint64_t *at; /* [arc_count] */
    size_t via;   /* index of the arc that it was sent over */
};

struct search {
    struct alternative *work;
    struct query *query;
    const struct metric *metric;
    const struct network_bar *bar;
    const struct network_ends *ends;
    struct arena *arena;
    struct way best;
    double best_ms;
};

static uint32_t half_of(const struct search *s, uint32_t arc)
{
    return s->metric->view.net->arc_half[arc];
}

/* What a network_path leaves out. The first item wraps below 0 by what lies behind the source. */
static enum err measure(const struct search *s, struct way *way)
{
    const struct network_view *view = &s->metric->view;
    const struct network *net = view->net;
    const struct network_end *source = &s->ends->sources[way->path.source];
    const uint32_t *arcs = way->path.arcs;
    way->at = arena_alloc(s->arena, way->path.arc_count * sizeof *way->at);
    if (!way->at) return ERR_NOMEM;
    way->at[0] = source->paid - network_part_weight(view, source->arc, source->fraction);
    for (size_t i = 0; i + 1 < way->path.arc_count; i++) {
        uint64_t link = WEIGHT_NONE;
        for (uint32_t t = net->turn_first[arcs[i]]; t < net->turn_first[arcs[i] + 1]; t++) {
            if (net->turn_to[t] != arcs[i + 1] || !network_turn_open(view, t)) continue;
            uint64_t weight = network_turn_weight(view, arcs[i], t);
            if (weight < link) link = weight;
        }
        way->at[i + 1] = way->at[i] + link;
    }
    return ERR_OK;
}

/* Milliseconds of cost between the tails of two arcs; `to` may be the end of the way. */
static double cost_between(const struct way *way, size_t from, size_t to)
{
    uint64_t end = to < way->path.arc_count ? way->at[to] : way->path.weight;
    return weight_cost_ms(end - way->at[from]);
}

static void stamp(const struct search *s, const struct network_path *path, uint32_t mark)
{
    for (size_t i = 0; i < path->arc_count; i++) {
        uint32_t *at = &s->work->stamps[half_of(s, path->arcs[i])];
        if (*at != s->work->stamp) *at = s->work->stamp + mark;
    }
}

/* --- candidates --- */

static bool add_candidate(struct search *s, uint32_t vertex, size_t *count)
{
    struct alternative *work = s->work;
    uint32_t arc = s->metric->cch->arc[vertex];
    uint64_t there = sweep_at(work->from, arc);
    if (there == WEIGHT_NONE) return true;
    uint64_t weight = weight_add(there, sweep_at(work->to, arc));
    if (weight == WEIGHT_NONE || weight_cost_ms(weight) > alternative_cost * s->best_ms)
        return true;
    if (*count == work->room) {
        size_t room = work->room * 2 + 256;
        struct alternative_candidate *grown = realloc(work->candidates, room * sizeof *grown);
        if (!grown) return false;
        work->candidates = grown;
        work->room = room;
    }
    work->candidates[(*count)++] = (struct alternative_candidate){weight, vertex};
    return true;
}

static int by_weight(const void *x, const void *y)
{
    const struct alternative_candidate *a = x, *b = y;
    if (a->weight != b->weight) return a->weight < b->weight ? -1 : 1;
    return (a->vertex > b->vertex) - (a->vertex < b->vertex);
}

static enum err begin_sweeps(struct search *s)
{
    const struct network_ends *ends = s->ends;
    enum err e = sweep_begin(s->work->from, s->metric, NULL, SWEEP_FROM, ends->sources,
                             ends->source_count, 0);
    return e ? e
             : sweep_begin(s->work->to, s->metric, NULL, SWEEP_TO, ends->targets,
                           ends->target_count, 0);
}

/* All that is above one of the ends of the best way. */
static bool list_above(struct search *s, size_t *count)
{
    const struct cch *cch = s->metric->cch;
    const struct network_path *best = &s->best.path;
    uint32_t v = cch->vertex[best->arcs[0]], o = cch->vertex[best->arcs[best->arc_count - 1]];
    while (v != NETWORK_NONE || o != NETWORK_NONE) {
        uint32_t low = v < o ? v : o; /* NETWORK_NONE is the greatest */
        if (!add_candidate(s, low, count)) return false;
        if (v == low) v = cch->parent[low];
        if (o == low) o = cch->parent[low];
    }
    return true;
}

/* All that one can turn into from the best way. */
static bool list_beside(struct search *s, size_t *count)
{
    const struct network *net = s->metric->view.net;
    for (size_t i = 0; i < s->best.path.arc_count; i++) {
        uint32_t arc = s->best.path.arcs[i];
        for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++)
            if (network_turn_open(&s->metric->view, t) &&
                !add_candidate(s, s->metric->cch->vertex[net->turn_to[t]], count))
                return false;
    }
    return true;
}

/* --- one way over a vertex --- */

static enum err join(struct search *s, const struct network_path *there,
                     const struct network_path *on, struct way *way)
{
    size_t count = there->arc_count + on->arc_count - 1;
    uint32_t *arcs = arena_alloc(s->arena, count * sizeof *arcs);
    if (!arcs) return ERR_NOMEM;
    memcpy(arcs, there->arcs, there->arc_count * sizeof *arcs);
    memcpy(arcs + there->arc_count, on->arcs + 1, (on->arc_count - 1) * sizeof *arcs);
    way->path = (struct network_path){.weight = there->weight + on->weight,
                                      .arcs = arcs,
                                      .arc_count = count,
                                      .source = there->source,
                                      .target = on->target};
    way->via = there->arc_count - 1;
    return measure(s, way);
}

/* `*made` false: the two halves do not meet in one state. */
static enum err go_over(struct search *s, const struct alternative_candidate *candidate,
                        struct way *way, bool *made)
{
    uint32_t arc = s->metric->cch->arc[candidate->vertex];
    const struct network_end via = {.arc = arc};
    const struct network_ends first = {s->ends->sources, &via, s->ends->source_count, 1};
    const struct network_ends second = {&via, s->ends->targets, 1, s->ends->target_count};
    struct network_path there, on;
    *made = false;
    enum err e = query_find(s->query, s->metric, &first, s->arena, &there);
    if (!e) e = query_find(s->query, s->metric, &second, s->arena, &on);
    if (e || there.weight == WEIGHT_NONE || on.weight == WEIGHT_NONE) return e;
    if (there.arcs[there.arc_count - 1] != arc || there.weight + on.weight != candidate->weight ||
        there.arc_count < 2 || on.arc_count < 2)
        return ERR_OK;
    *made = true;
    return join(s, &there, &on, way);
}

/* Whether it goes along streets that may be used, and along none twice. */
static bool is_simple(struct search *s, const struct way *way)
{
    s->work->pass++;
    for (size_t i = 0; i < way->path.arc_count; i++) {
        uint32_t arc = way->path.arcs[i], *passed = &s->work->passed[half_of(s, arc) >> 1];
        if (*passed == s->work->pass || !network_arc_open(&s->metric->view, s->bar, arc))
            return false;
        *passed = s->work->pass;
    }
    return true;
}

static bool shares_little(const struct search *s, const struct way *way)
{
    double shared_ms = 0;
    for (size_t i = 0; i < way->path.arc_count; i++)
        if (s->work->stamps[half_of(s, way->path.arcs[i])] == s->work->stamp)
            shared_ms += cost_between(way, i, i + 1);
    return shared_ms <= alternative_shared * s->best_ms;
}

/* What it costs where it leaves the best way until it joins it again; `*own_ms`. */
static bool differs_little(const struct search *s, const struct way *way, double *own_ms)
{
    const struct network_path *a = &way->path, *b = &s->best.path;
    size_t most = a->arc_count < b->arc_count ? a->arc_count : b->arc_count, first = 0, last = 0;
    while (first < most && half_of(s, a->arcs[first]) == half_of(s, b->arcs[first]))
        first++;
    while (last < most - first && half_of(s, a->arcs[a->arc_count - 1 - last]) ==
                                      half_of(s, b->arcs[b->arc_count - 1 - last]))
        last++;
    if (first == a->arc_count || first == b->arc_count) return false;
    *own_ms = cost_between(way, first, a->arc_count - last);
    double best_ms = cost_between(&s->best, first, b->arc_count - last);
    return *own_ms <= alternative_detour * best_ms;
}

/* A place on the way, and what has been paid there. */
struct mark {
    struct network_end end;
    uint64_t weight;
};

static struct mark mark_at(const struct search *s, const struct way *way, size_t i, double fraction)
{
    const struct network_view *view = &s->metric->view;
    uint32_t arc = way->path.arcs[i];
    return (struct mark){{.arc = arc, .fraction = fraction},
                         way->at[i] + network_part_weight(view, arc, fraction)};
}

/* How far along arc i `ms` from its tail are. */
static double share_of(const struct search *s, const struct way *way, size_t i, double ms)
{
    double time_ms = s->metric->view.time_ms[way->path.arcs[i]];
    return ms < time_ms ? ms / time_ms : 1;
}

static struct mark mark_before(const struct search *s, const struct way *way, double reach_ms)
{
    size_t i = way->via;
    while (i > 0 && cost_between(way, i, way->via) < reach_ms)
        i--;
    double over_ms = cost_between(way, i, way->via) - reach_ms;
    double fraction = over_ms > 0 ? share_of(s, way, i, over_ms) : 0;
    double least = i ? 0 : s->ends->sources[way->path.source].fraction;
    return mark_at(s, way, i, fraction > least ? fraction : least);
}

static struct mark mark_behind(const struct search *s, const struct way *way, double reach_ms)
{
    size_t i = way->via, last = way->path.arc_count - 1;
    while (i < last && cost_between(way, way->via, i + 1) < reach_ms)
        i++;
    double fraction = share_of(s, way, i, reach_ms - cost_between(way, way->via, i));
    double most = i < last ? 1 : s->ends->targets[way->path.target].fraction;
    return mark_at(s, way, i, fraction < most ? fraction : most);
}

/* The T-test: the stretch of `reach_ms` to either side of where the way was sent over costs no more
 * than anything else between its ends. */
static enum err is_local(struct search *s, const struct way *way, double reach_ms, bool *local)
{
    struct mark before = mark_before(s, way, reach_ms), behind = mark_behind(s, way, reach_ms);
    const struct network_ends ends = {&before.end, &behind.end, 1, 1};
    struct network_path least;
    enum err e = query_find(s->query, s->metric, &ends, NULL, &least);
    if (!e) *local = weight_cost_ms(least.weight) >= weight_cost_ms(behind.weight - before.weight);
    return e;
}

static enum err consider(struct search *s, const struct alternative_candidate *candidate,
                         struct way *way, bool *taken)
{
    double own_ms = 0;
    *taken = false;
    enum err e = go_over(s, candidate, way, taken);
    if (e || !*taken) return e;
    *taken = is_simple(s, way) && shares_little(s, way) && differs_little(s, way, &own_ms);
    if (*taken) e = is_local(s, way, alternative_local * own_ms, taken);
    stamp(s, &way->path, *taken ? 0 : SEEN);
    return e;
}

/* Vertices of streets that a way looked at travels are passed over: theirs is that way. */
static enum err take(struct search *s, size_t candidates, struct network_path *paths, size_t room,
                     size_t *count)
{
    unsigned tries = 0;
    if (candidates) qsort(s->work->candidates, candidates, sizeof *s->work->candidates, by_weight);
    for (size_t i = 0; i < candidates && *count < room && tries < TRIES; i++) {
        const struct alternative_candidate *candidate = &s->work->candidates[i];
        uint32_t half = half_of(s, s->metric->cch->arc[candidate->vertex]);
        struct way way;
        bool taken;
        if (s->work->stamps[half] >= s->work->stamp) continue;
        tries++;
        enum err e = consider(s, candidate, &way, &taken);
        if (e) return e;
        if (!taken) continue;
        size_t at = (*count)++;
        for (; at > 0 && paths[at - 1].weight > way.path.weight; at--)
            paths[at] = paths[at - 1];
        paths[at] = way.path;
    }
    return ERR_OK;
}

enum err alternative_find(struct alternative *work, struct query *query,
                          const struct metric *metric, const struct network_bar *bar,
                          const struct network_ends *ends, const struct network_path *best,
                          struct arena *arena, struct network_path *paths, size_t room,
                          size_t *count)
{
    static bool (*const list[ROUNDS])(struct search * s, size_t * count) = {list_above,
                                                                            list_beside};
    struct search s = {.work = work,
                       .query = query,
                       .metric = metric,
                       .bar = bar,
                       .ends = ends,
                       .arena = arena,
                       .best = {.path = *best},
                       .best_ms = weight_cost_ms(best->weight)};
    size_t taken = 0;
    enum err e = prepare(work, metric->view.net->edge_count);
    if (!e) e = measure(&s, &s.best);
    if (!e) e = begin_sweeps(&s);
    if (e) return e;
    stamp(&s, best, 0);
    for (size_t round = 0; !e && round < ROUNDS && taken < room; round++) {
        size_t candidates = 0;
        e = list[round](&s, &candidates) ? take(&s, candidates, paths, room, &taken) : ERR_NOMEM;
    }
    if (!e) *count = taken;
    return e;
}
