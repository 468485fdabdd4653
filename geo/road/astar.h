/* The fastest way from some points to others, by A* over arc states (P. Hart, N. Nilsson,
 * B. Raphael, IEEE Trans. SSC 4, 1968), exact to the millisecond.
 *
 * A label is the cost of standing at the tail of an arc, the turn into it paid. The bound on what
 * is left is the straight chord from there to the goal times the profile's least milliseconds per
 * metre. It never exceeds the truth: arc times are whole and at least min_ms_per_m times the sum of
 * the arc's chords, chords obey the triangle inequality, turns cost no less than nothing. What
 * rounding could add is taken off: nodes are stored to the centimetre (under 2 cm between two), the
 * part of the last arc is rounded down (under 1 ms), several goals lie within `spread` of the
 * first. States are reopened when a better label comes, so the bound need not be consistent. */
#ifndef YZ_GEO_ROAD_ASTAR_H
#define YZ_GEO_ROAD_ASTAR_H

#include "geo/base/arena.h"
#include "geo/base/heap.h"
#include "geo/road/chord.h"
#include "geo/road/network.h"

#define ASTAR_NO_WAY UINT64_MAX
enum { ASTAR_MAX_ENDS = 16 };

/* A place on a base arc that the profile travels: `fraction` of it lies behind, in its own
 * direction. `cost_ms`: paid already, of a source. */
struct astar_end {
    uint32_t arc;
    double fraction;
    uint64_t cost_ms;
    struct chord_point at;
};

struct astar_label {
    uint64_t cost_ms;
    uint32_t parent, stamp;
};

/* One thread's workspace; zero-initialised is fresh. Grows to the largest network met; starting a
 * search costs O(1), because labels of older stamps do not count. */
struct astar {
    struct astar_label *labels;
    uint32_t size, stamp;
    struct heap heap;
    uint64_t best_ms[ASTAR_MAX_ENDS]; /* per target, when astar_run is done */
    uint32_t best_from[ASTAR_MAX_ENDS];
    uint64_t settled; /* states taken from the heap, in all searches: for the curious */
};
void astar_fini(struct astar *astar);

struct astar_query {
    struct network_view view;
    const struct astar_end *sources, *targets; /* at most ASTAR_MAX_ENDS each */
    size_t source_count, target_count;
    bool all;             /* the exact cost of every target; otherwise of the cheapest only */
    uint64_t settled_max; /* how far `settled` may count; 0: no matter */
};

/* Fills best_ms. That there is no way is not an error. ERR_LIMIT when `settled_max` is reached;
 * ERR_NOMEM. */
enum err astar_run(struct astar *astar, const struct astar_query *query);

/* The arcs (copies included) from the source's to the target's, both included, after astar_run on
 * the same query; new memory from `arena`. `*source` is the index of the source it starts from. */
enum err astar_path(const struct astar *astar, const struct astar_query *query, size_t target,
                    struct arena *arena, const uint32_t **arcs, size_t *count, size_t *source);

#endif
