/* The cheapest way between two points, by walking up the elimination tree from both (Buchhold,
 * Sanders, Wagner, ACM JEA 24, 2019), and the arcs that it consists of. */
#ifndef YZ_GEO_ROAD_QUERY_H
#define YZ_GEO_ROAD_QUERY_H

#include "geo/base/arena.h"
#include "geo/road/front.h"
#include "geo/road/metric.h"

/* One thread's workspace; zero-initialised is fresh. Grows to the largest hierarchy met; between
 * queries nothing is labelled, so that starting one costs nothing. */
struct query {
    struct query_label *labels; /* [size] by vertex */
    uint32_t size;
    struct front front;
    uint32_t *arcs; /* of a path being put together */
    size_t arc_count, arc_room;
};
void query_fini(struct query *query);

/* Finds the cheapest way from any source to any target; no way is not an error (path->weight is
 * WEIGHT_NONE). Nor is one that weighs as much together with what lies behind its source on the
 * first arc, of some 24 days. Ends on closed arcs do not count. `arena` NULL: the weight alone,
 * else source, target and arcs too, in memory from it. ERR_NOMEM; ERR_LIMIT above 2^30 arcs. */
enum err query_find(struct query *query, const struct metric *metric,
                    const struct network_ends *ends, struct arena *arena,
                    struct network_path *path);

#endif
