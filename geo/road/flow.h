/* A least cut between two ends of a connected piece of a road network.
 *
 * The ends are those nodes that lie furthest to either side of some direction (inertial flow:
 * A. Schild, C. Sommer, On Balanced Separators in Road Networks, SEA 2015). Maximum flow by
 * augmenting paths (L. R. Ford, D. R. Fulkerson, Canad. J. Math. 8, 1956), many in one pass over
 * the graph, and found quickly because they try to go straight across first. */
#ifndef YZ_GEO_ROAD_FLOW_H
#define YZ_GEO_ROAD_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FLOW_MAX_CAPACITY = 100 };

/* An undirected graph: every edge is a link of both its ends. Borrowed. */
struct flow_graph {
    uint32_t count;    /* nodes */
    uint32_t *first;   /* [count + 1] */
    uint32_t *to;      /* [first[count]] */
    uint32_t *mate;    /* the same edge, seen from its other end */
    uint8_t *capacity; /* of an edge, in either direction: 1 to FLOW_MAX_CAPACITY */
};

/* One thread's workspace. */
struct flow {
    int8_t *flow; /* [link] */
    uint32_t
        *next; /* [node]: the link to try next; forward ones first, then again for the others */
    uint32_t *path; /* [node]: links; later, nodes */
    uint8_t *mark;  /* [node] */
};

/* Room for graphs of that size; false when memory is exhausted. flow_fini also after failure. */
bool flow_init(struct flow *work, size_t nodes, size_t links);
void flow_fini(struct flow *work);

/* Where to cut. */
struct flow_ends {
    const uint32_t *placed; /* all nodes: sources first, sinks last */
    uint32_t count;         /* of sources, and of sinks */
    const float *across;    /* [node]: how far from the sources; any number, for speed only */
};

/* Cuts the sources from the sinks. Returns the capacity cut, or `limit` when it is no less; then
 * `side` and `smaller` are untouched. Of the two least cuts nearest to either end the more balanced
 * one is chosen. side[node]: 1 on the side of the sources. `smaller`: nodes on the smaller side. */
uint32_t flow_cut(struct flow *work, const struct flow_graph *graph, const struct flow_ends *ends,
                  uint32_t limit, uint8_t *side, uint32_t *smaller);

/* What the first passes send: near to the least cut, never above it, and soon known. */
uint32_t flow_estimate(struct flow *work, const struct flow_graph *graph,
                       const struct flow_ends *ends);

#endif
