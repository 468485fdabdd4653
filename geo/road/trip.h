/* In which order to visit stops: exact for up to twelve (M. Held, R. Karp, J. SIAM 10, 1962). */
#ifndef YZ_GEO_ROAD_TRIP_H
#define YZ_GEO_ROAD_TRIP_H

#include "geo/base/arena.h"
#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRIP_MAX_STOPS = 12 };

/* Stop `before` has to be visited before stop `after`: a pick-up before its drop-off. */
struct trip_pair {
    uint8_t before, after;
};

struct trip_query {
    size_t count;            /* 1 to TRIP_MAX_STOPS */
    const uint64_t *weights; /* [count * count], from row to column, as in weight.h */
    bool first_fixed;        /* stop 0 is the start; otherwise any may be */
    bool last_fixed;         /* stop count - 1 is the end */
    bool round;              /* back to the start at the end; costs are those of the round */
    const struct trip_pair *pairs;
    size_t pair_count;
};

/* Fills `order` [count] with stops as visited and `*weight` with the sum; of equally good orders
 * the lexicographically first. ERR_UNREACHABLE: no order has a way through all; ERR_INVALID: the
 * pairs contradict each other or the fixed ends; ERR_NOMEM. Scratch memory from `arena`. */
enum err trip_order(const struct trip_query *query, struct arena *arena, uint8_t *order,
                    uint64_t *weight);

#endif
