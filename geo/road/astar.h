/* The cheapest way from some points to others where a request bars roads, by A* over arc states
 * (P. Hart, N. Nilsson, B. Raphael, IEEE Trans. SSC 4, 1968).
 *
 * The bound on what is left is the cost of the cheapest way with nothing barred, which a sweep of
 * the hierarchy tells for every state that is asked for (B. Strasser, T. Zeitz, SEA 2021). Barring
 * makes no way cheaper, so it never exceeds the truth; and being the length of a way it is
 * consistent, so that a state is settled with its least cost. */
#ifndef YZ_GEO_ROAD_ASTAR_H
#define YZ_GEO_ROAD_ASTAR_H

#include "geo/base/arena.h"
#include "geo/road/sweep.h"

/* One thread's workspace; zero-initialised is fresh. Grows to the largest network met. */
struct astar {
    struct astar_label *labels;
    uint32_t size, stamp;
    struct heap heap;
    struct sweep *sweep;
    uint64_t states; /* settled by the last search */
};
void astar_fini(struct astar *astar);

/* As query_find, but with what is barred barred, and settling at most `states_max` states (0: any
 * number). ERR_NOMEM; ERR_LIMIT also when these are used up. */
enum err astar_find(struct astar *astar, const struct metric *metric, const struct network_bar *bar,
                    const struct network_ends *ends, uint64_t states_max, struct arena *arena,
                    struct network_path *path);

#endif
