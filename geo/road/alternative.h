/* Other good ways between two points: single-via paths (I. Abraham, D. Delling, A. Goldberg,
 * R. Werneck, "Alternative routes in road networks", ACM JEA 18, 2013).
 *
 * Candidates lead over one of the vertices above the points in the hierarchy, among which are all
 * that separate the one from the other, and if these are not enough over a street that leaves the
 * cheapest way. One is taken when it costs little more than the cheapest
 * way, as a whole and where it differs; does not share most of its streets with a way taken before;
 * and is itself the cheapest way for a good stretch to either side of the vertex it was sent over,
 * so that nobody on it wonders why they are there. */
#ifndef YZ_GEO_ROAD_ALTERNATIVE_H
#define YZ_GEO_ROAD_ALTERNATIVE_H

#include "geo/base/arena.h"
#include "geo/road/query.h"
#include "geo/road/sweep.h"

/* As shares of the cheapest way's cost: what a way may cost as a whole, where it differs from the
 * cheapest (of what that costs there), how much of it may be shared, and how long a stretch to
 * either side of its via vertex is cheapest. */
extern const double alternative_cost, alternative_detour, alternative_shared, alternative_local;

/* One thread's workspace; zero-initialised is fresh. */
struct alternative {
    struct sweep *from, *to;
    struct alternative_candidate *candidates;
    size_t room;
    uint32_t *stamps; /* [2 * edges] by half edge: travelled by a way taken, or looked at */
    uint32_t *passed; /* [edges]: the last way that came along */
    uint32_t edges, stamp, pass;
};
void alternative_fini(struct alternative *work);

/* Fills `paths` with up to `room` ways other than `best`, the cheapest between the same ends; the
 * cheapest of them first. None of them travels what `bar` (may be NULL) bars; `best` may be
 * the cheapest way that does not. Memory from `arena`. ERR_NOMEM. */
enum err alternative_find(struct alternative *work, struct query *query,
                          const struct metric *metric, const struct network_bar *bar,
                          const struct network_ends *ends, const struct network_path *best,
                          struct arena *arena, struct network_path *paths, size_t room,
                          size_t *count);

#endif
