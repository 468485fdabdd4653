/* All that answers about roads at one moment: the mapped file, its hierarchy, and for each profile
 * a metric under the closures in force. Immutable; made by a keeper, who alone changes anything. */
#ifndef YZ_GEO_ROAD_ROADS_H
#define YZ_GEO_ROAD_ROADS_H

#include "geo/base/progress.h"
#include "geo/road/graph.h"
#include "geo/road/metric.h"

struct roads;                         /* holds the file and the hierarchy for as long as it lives */
void roads_free(struct roads *roads); /* from any thread; NULL does nothing */

const struct graph *roads_graph(const struct roads *roads);
const struct metric *roads_metric(const struct roads *roads, unsigned profile);

/* An edge that is closed or slowed, for maps: the worst of all closures and profiles on it. */
struct roads_closed {
    uint32_t edge;
    float factor;     /* INFINITY: closed */
    int64_t until_ms; /* since 1970; INT64_MAX: open end */
    uint32_t closure; /* index in the list given to roads_make */
};
/* Ascending by edge. */
const struct roads_closed *roads_closed_list(const struct roads *roads, size_t *count);

/* What a closure does. */
struct roads_closure {
    const uint32_t *edges; /* as cover_edges found them on this file */
    size_t edge_count;
    uint32_t profiles; /* bit p: profile p is bound */
    double factor;     /* at least 1: so many times the time; INFINITY: closed */
    int64_t until_ms;
};

struct roads_keeper; /* one thread */

/* Maps and checks a road file, contracts, customizes every profile on up to `threads` threads.
 * Errors are graph_open's; ERR_CANCELLED. */
enum err roads_open(const char *path, unsigned threads, const struct progress *progress,
                    struct roads_keeper **keeper, struct why *why);
void roads_keeper_free(struct roads_keeper *keeper);
const struct graph *roads_keeper_graph(const struct roads_keeper *keeper);

/* New roads under exactly these closures; several on one edge multiply, closed wins. Repairs only
 * what differs from the call before. ERR_NOMEM: the keeper is to be thrown away; what it made
 * before goes on living. */
enum err roads_make(struct roads_keeper *keeper, const struct roads_closure *closures, size_t count,
                    struct roads **roads);

#endif
