#include "geo/road/siting.h"

#include "geo/road/stop.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A set of the demand's points, a bit each. */
enum { WORD = 64 };

struct work {
    const struct siting_query *query;
    struct reach *reach;
    struct siting_place *candidates;
    size_t count;
    size_t words;      /* of a set */
    uint64_t *sets;    /* [count][words]: what each candidate has in reach */
    uint64_t *covered; /* [words]: what is in reach already */
    /* Points by the edges that they may start on: those of edge e are by_edge[first[e]] up to
     * first[e + 1]. */
    uint32_t *first, *by_edge;
};

static void work_fini(struct work *w)
{
    free(w->candidates);
    free(w->sets);
    free(w->covered);
    free(w->first);
    free(w->by_edge);
}

static void put(uint64_t *set, size_t i)
{
    set[i / WORD] |= UINT64_C(1) << i % WORD;
}

static bool has(const uint64_t *set, size_t i)
{
    return set[i / WORD] >> i % WORD & 1;
}

/* ---- points by edge ---- */

static void index_points(struct work *w, const struct network *net, bool count_only)
{
    const struct demand *demand = w->query->demand;
    for (size_t i = 0; i < demand_count(demand); i++) {
        size_t count;
        const struct network_end *ends = demand_ends(demand, i, &count);
        for (size_t k = 0; k < count; k++) {
            uint32_t edge = net->arc_half[ends[k].arc] >> 1;
            if (k && net->arc_half[ends[k - 1].arc] >> 1 == edge) continue; /* its other side */
            if (count_only)
                w->first[edge + 2]++;
            else
                w->by_edge[w->first[edge + 1]++] = (uint32_t)i;
        }
    }
}

/* Counted two places on, summed, then filled one place on, which leaves the beginnings. */
static enum err sort_points(struct work *w, const struct network *net)
{
    w->first = calloc((size_t)net->edge_count + 2, sizeof *w->first);
    if (!w->first) return ERR_NOMEM;
    index_points(w, net, true);
    for (size_t e = 2; e < (size_t)net->edge_count + 2; e++)
        w->first[e] += w->first[e - 1];
    w->by_edge = calloc((size_t)w->first[net->edge_count + 1] + 1, sizeof *w->by_edge);
    if (!w->by_edge) return ERR_NOMEM;
    index_points(w, net, false);
    return ERR_OK;
}

/* ---- what is in reach ---- */

static enum err search(struct work *w, const struct network_end *ends, size_t count, uint64_t *set)
{
    const struct siting_query *q = w->query;
    const struct reach_query query = {.metric = q->metric,
                                      .bar = q->bar,
                                      .ends = ends,
                                      .end_count = count,
                                      .limits_ms = {q->limit_ms},
                                      .limit_count = 1,
                                      .states_max = q->states_max,
                                      .side = REACH_TO};
    size_t edge_count;
    enum err e = reach_run(w->reach, &query);
    if (e) return e;
    const uint32_t *edges = reach_edges(w->reach, &edge_count);
    for (size_t k = 0; k < edge_count; k++)
        for (uint32_t p = w->first[edges[k]]; p < w->first[edges[k] + 1]; p++) {
            uint32_t i = w->by_edge[p];
            if (!has(set, i) && !has(w->covered, i) &&
                demand_reached(q->demand, i, w->reach, q->limit_ms))
                put(set, i);
        }
    return ERR_OK;
}

/* ---- candidates ---- */

/* Not only at the same place: what lies within a metre of it may differ. */
static bool is_same(const struct siting_place *a, const struct siting_place *b)
{
    if (a->end_count != b->end_count) return false;
    for (size_t i = 0; i < a->end_count; i++)
        if (a->ends[i].arc != b->ends[i].arc || a->ends[i].fraction != b->ends[i].fraction)
            return false;
    return true;
}

static bool is_known(const struct work *w, const struct siting_place *place)
{
    for (size_t i = 0; i < w->count; i++)
        if (is_same(&w->candidates[i], place)) return true;
    return false;
}

static enum err add_candidate(struct work *w, struct coord near)
{
    const struct siting_query *q = w->query;
    const struct stop_query query = {.at = near, .radius_m = q->radius_m, .role = SNAP_END};
    struct siting_place *place = &w->candidates[w->count];
    struct stop stop;
    enum err e = stop_find(q->ground, &query, &stop);
    if (e == ERR_NOSEGMENT || (!e && !stop.count)) return ERR_OK;
    if (e) return e;
    *place = (struct siting_place){.at = stop.places[0].at, .end_count = stop.count};
    memcpy(place->ends, stop.ends, stop.count * sizeof *stop.ends);
    w->count += polygon_covers(q->area, place->at) && !is_known(w, place);
    return ERR_OK;
}

static enum err add_candidates(struct work *w, const struct demand_point *lattice, size_t count)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < count && !e; i++)
        e = add_candidate(w, lattice[i].at);
    return e;
}

/* NOLINTBEGIN(clang-analyzer-unix.Malloc): siting_find frees what the work holds */
static enum err weigh_candidates(struct work *w)
{
    for (size_t c = 0; c < w->count; c++) {
        const struct siting_place *place = &w->candidates[c];
        if (!progress_say(w->query->progress, "candidates", c, w->count)) return ERR_CANCELLED;
        enum err e = search(w, place->ends, place->end_count, w->sets + c * w->words);
        if (e) return e;
    }
    return ERR_OK;
}
/* NOLINTEND(clang-analyzer-unix.Malloc) */

/* From the lattice to the sets. */
static enum err look_at_candidates(struct work *w, double *step_m)
{
    struct demand_point *lattice;
    size_t count;
    enum err e = demand_lattice(w->query->area, w->query->candidate_max, &lattice, &count, step_m);
    if (e) return e;
    w->candidates = calloc(count, sizeof *w->candidates);
    w->sets = calloc(count * w->words, sizeof *w->sets);
    e = w->candidates && w->sets ? add_candidates(w, lattice, count) : ERR_NOMEM;
    free(lattice);
    return e ? e : weigh_candidates(w);
}

/* ---- the choice ---- */

static double gain_of(const struct work *w, const uint64_t *set)
{
    double gain = 0;
    for (size_t word = 0; word < w->words; word++)
        for (uint64_t left = set[word] & ~w->covered[word]; left; left &= left - 1) {
            size_t i = word * WORD + (size_t)__builtin_ctzll(left);
            gain += demand_at(w->query->demand, i).weight;
        }
    return gain;
}

static void choose(struct work *w, struct siting *siting)
{
    while (siting->count < w->query->wanted) {
        size_t best = 0;
        double most = 0;
        for (size_t c = 0; c < w->count; c++) {
            double gain = gain_of(w, w->sets + c * w->words);
            if (gain > most) {
                most = gain;
                best = c;
            }
        }
        if (most <= 0) return;
        struct siting_place *place = &siting->places[siting->count++];
        *place = w->candidates[best];
        place->gain = most;
        for (size_t word = 0; word < w->words; word++)
            w->covered[word] |= w->sets[best * w->words + word];
    }
}

enum err siting_find(struct reach *reach, const struct siting_query *query, struct siting *siting)
{
    struct work w = {
        .query = query, .reach = reach, .words = demand_count(query->demand) / WORD + 1};
    struct siting found = {0};
    assert(query->wanted <= SITING_MAX && query->candidate_max <= SITING_CANDIDATES);
    uint64_t *before = calloc(w.words, sizeof *before);
    w.covered = calloc(w.words, sizeof *w.covered);
    enum err e = before && w.covered ? ERR_OK : ERR_NOMEM;
    if (!e) e = sort_points(&w, query->metric->view.net);
    if (!e) e = search(&w, query->ends, query->end_count, before);
    if (!e) memcpy(w.covered, before, w.words * sizeof *before);
    if (!e) e = look_at_candidates(&w, &found.step_m);
    if (!e) choose(&w, &found);
    found.candidates = w.count;
    free(before);
    work_fini(&w);
    if (!e) *siting = found;
    return e;
}
