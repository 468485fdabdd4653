/* A search from a point, or to it, on a network of which a request bars some, where the hierarchy
 * does not hold: Dijkstra's algorithm, going on only as far as what is asked for. */
#ifndef YZ_GEO_ROAD_BARRED_H
#define YZ_GEO_ROAD_BARRED_H

#include "geo/base/heap.h"
#include "geo/road/metric.h"

enum barred_side { BARRED_FROM, BARRED_TO };

/* One thread's workspace; zero-initialised is fresh. */
struct barred {
    const struct metric *metric;
    const struct network_bar *bar;
    enum barred_side side;
    uint64_t *weights; /* [size] by arc: at its tail; WEIGHT_NONE where nothing came yet */
    uint32_t *touched; /* [size]: arcs that have another */
    uint32_t size, touched_count;
    uint64_t states, states_max; /* settled; how many may be, 0: any number */
    uint32_t latest_ms;          /* of barred_within */
    size_t timely;               /* items of the heap that are no later */
    double until_ms;             /* cost up to which late states bear on what is in time */
    struct heap heap;
    enum err state; /* ERR_LIMIT, ERR_NOMEM: broken off */
};
void barred_fini(struct barred *barred);

/* Forgets what was before; `bar` is borrowed. ERR_NOMEM. */
enum err barred_begin(struct barred *barred, const struct metric *metric,
                      const struct network_bar *bar, enum barred_side side, uint64_t states_max);

/* A state to begin with, an open arc. False when memory is out. */
bool barred_seed(struct barred *barred, uint32_t arc, uint64_t weight);

/* At the tail of `arc`; goes on until no better weight can come. WEIGHT_NONE: no way, or broken
 * off. */
uint64_t barred_at(struct barred *barred, uint32_t arc);

/* Goes on until every state whose cheapest way takes no longer than `latest_ms` by the clock has
 * its weight: then all `touched` ones that are in time are these. Late states are followed too,
 * because where they are the cheaper ones they keep dearer and quicker ways from counting, at the
 * tails of arcs and along them: so it is done when no state in time waits, nor one that costs no
 * more than what lies within the time on the arc of any, or than `until_ms`. BARRED_FROM. Errors as
 * in `state`. */
enum err barred_within(struct barred *barred, uint32_t latest_ms, double until_ms);

/* What is paid at the far end of an arc, or where the time is up on it, from `weight` at its tail
 * (going back: at its head), which is in time. */
double barred_last_ms(const struct network_view *view, uint32_t arc, uint64_t weight,
                      uint32_t latest_ms);

#endif
