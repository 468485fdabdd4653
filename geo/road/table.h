/* The weights between many points and many others. */
#ifndef YZ_GEO_ROAD_TABLE_H
#define YZ_GEO_ROAD_TABLE_H

#include "geo/road/sweep.h"

/* One point: where it may be on the network. None: nowhere, all its weights are WEIGHT_NONE. */
struct table_point {
    const struct network_end *ends;
    size_t count;
};

struct table; /* one thread's workspace */
enum err table_new(struct table **table);
void table_free(struct table *table);

/* Fills weights[s * target_count + t]. Sources are swept several at a time over the union of what
 * lies above the targets. `bar`, `states_max` as for sweep_begin, in all. ERR_NOMEM, ERR_LIMIT. */
enum err table_fill(struct table *table, const struct metric *metric, const struct network_bar *bar,
                    uint64_t states_max, const struct table_point *sources, size_t source_count,
                    const struct table_point *targets, size_t target_count, uint64_t *weights);

#endif
