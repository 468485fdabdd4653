/* From one point to whatever is asked for, or from there to it: what tables, nearest places,
 * detours and the potentials of A* are made of.
 *
 * One walk up from the point; then the weight of any vertex is the least over its links to its
 * ancestors, asked for when needed and remembered (restricted PHAST made lazy: D. Delling,
 * A. Goldberg, R. Werneck, "Faster batched shortest paths in road networks", ATMOS 2011;
 * B. Strasser, T. Zeitz, "A fast and tight heuristic for A* in road networks", SEA 2021).
 * Where a request bars roads the hierarchy does not hold; then a Dijkstra search goes on until the
 * vertex asked for is settled. Answers are exact either way. */
#ifndef YZ_GEO_ROAD_SWEEP_H
#define YZ_GEO_ROAD_SWEEP_H

#include "geo/base/heap.h"
#include "geo/road/metric.h"

enum sweep_side { SWEEP_FROM, SWEEP_TO }; /* from the ends; to the ends */

/* One thread's workspace; to begin anew costs what the last sweep touched. */
struct sweep;
enum err sweep_new(struct sweep **sweep);
void sweep_free(struct sweep *sweep);

/* Begins anew. `ends` (at most NETWORK_MAX_ENDS, copied) are one point: the cheapest of them
 * counts. `bar` NULL or borrowed until the next begin. `states_max`: what a barred search may
 * settle; 0: any number. ERR_NOMEM. */
enum err sweep_begin(struct sweep *sweep, const struct metric *metric,
                     const struct network_bar *bar, enum sweep_side side,
                     const struct network_end *ends, size_t count, uint64_t states_max);

/* SWEEP_FROM: from the point to the tail of `arc`, the turn into it paid. SWEEP_TO: from the tail
 * of `arc` to the point. WEIGHT_NONE: no way. */
uint64_t sweep_at(struct sweep *sweep, uint32_t arc);

/* The whole way between the point and another one given by its ends, the cheapest of them, also
 * when both lie on one arc; `best` (may be NULL): which one. */
uint64_t sweep_to(struct sweep *sweep, const struct network_end *ends, size_t count, size_t *best);

/* ERR_OK; ERR_LIMIT or ERR_NOMEM when a barred search broke off: answers since are not to be
 * trusted. */
enum err sweep_state(const struct sweep *sweep);

/* States that the search has settled since it began, when barred. */
uint64_t sweep_states(const struct sweep *sweep);

#endif
