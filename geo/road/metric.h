/* One profile's weights on the hierarchy under the closures of a moment: what queries read.
 *
 * Made by custom_metric. Only links that some shortest way needs are kept (perfect customization:
 * Dibbelt et al.; Buchhold, Sanders, Wagner, ACM JEA 24, 2019), so that a metric is a contraction
 * hierarchy of its own: between any two vertices a cheapest way goes up along links of side
 * METRIC_UP, then down along links of side METRIC_DOWN.
 *
 * The weight of a turn from arc a to arc b is that of travelling all of a and then turning; so a
 * way from vertex to vertex leads from the tail of one arc, the turn into it paid, to the tail of
 * another. A closed arc is never travelled, though its tail may be reached: who asks for a way to
 * it looks at view.time_ms first. */
#ifndef YZ_GEO_ROAD_METRIC_H
#define YZ_GEO_ROAD_METRIC_H

#include "geo/road/cch.h"
#include "geo/road/weight.h"

#include <stdatomic.h>

enum metric_side { METRIC_UP, METRIC_DOWN }; /* travelled to the higher end; from it */
enum { METRIC_SIDES = 2 };

/* Hierarchies higher than this are refused by custom_new; real road networks of any size reach some
 * thousands. It bounds the stack that unpacking takes. */
enum { METRIC_MAX_HEIGHT = 16384 };

struct metric_link {
    uint32_t head;   /* the higher end */
    uint32_t via;    /* the lower vertex that it leads over; NETWORK_NONE: a turn */
    uint64_t weight; /* below WEIGHT_NONE */
};

/* Read-only, shared by all threads. Borrows the hierarchy and the network. Freed by the last of its
 * owners, each of whom calls metric_free once, from any thread. */
struct metric {
    const struct cch *cch;
    struct network_view view;                /* its time_ms is the metric's own: closures applied */
    uint32_t *first[METRIC_SIDES];           /* [vertex_count + 1] */
    struct metric_link *links[METRIC_SIDES]; /* by lower end, heads ascending */
    atomic_uint owners;
};
void metric_free(struct metric *metric);

/* One more owner of the same metric. */
struct metric *metric_share(struct metric *metric);

/* The link of a side from `low` to `high`; NULL when it is not kept. */
const struct metric_link *metric_find(const struct metric *metric, enum metric_side side,
                                      uint32_t low, uint32_t high);

/* The turns behind a link, in the order of travel: calls for the arcs strictly between its ends and
 * for the one it leads to. Writes them to `arcs`, of which `room` are there; the number of arcs is
 * returned also when it is more than that. */
size_t metric_unpack(const struct metric *metric, enum metric_side side, uint32_t low,
                     const struct metric_link *link, uint32_t *arcs, size_t room);

#endif
