/* The topology of a customizable contraction hierarchy over arc states, turns being its links
 * (J. Dibbelt, B. Strasser, D. Wagner, ACM JEA 21, 2016; with turns: ATMOS 2020, see order.h).
 *
 * A *vertex* is an arc of the network, numbered by its place in the order: vertex 0 is contracted
 * first. Contracting all of them links what they had linked, without looking at any time; what came
 * of it serves every profile and every metric. A *link* leads from a vertex to a higher one and
 * stands for travel in either direction, up or down. Links that no sequence of turns can ever use
 * in either direction ("infinite shortcuts") are left out.
 *
 * A vertex's *parent* is its lowest higher neighbour in the undirected sense, before that omission:
 * every higher neighbour of a vertex is among its ancestors. */
#ifndef YZ_GEO_ROAD_CCH_H
#define YZ_GEO_ROAD_CCH_H

#include "geo/base/err.h"
#include "geo/road/network.h"

/* Read-only once made; shared by all threads. */
struct cch {
    const struct network *net; /* borrowed */
    uint32_t vertex_count;     /* = net->arc_count */
    uint32_t link_count;
    uint32_t height;        /* vertices on the longest way up, its end included */
    const uint32_t *vertex; /* [arc]: its vertex */
    const uint32_t *arc;    /* [vertex]: its arc; net->order */
    const uint32_t *parent; /* [vertex]: NETWORK_NONE at a root */
    /* Links by their lower end, heads ascending. */
    const uint32_t *up_first; /* [vertex_count + 1] */
    const uint32_t *up_head;  /* [link_count] */
    /* The same links by their upper end, tails ascending. */
    const uint32_t *down_first; /* [vertex_count + 1] */
    const uint32_t *down_tail;  /* [link_count] */
    const uint32_t *down_link;  /* [link_count]: index in up_head */
    /* [turn_count]: the link a turn is on, NETWORK_NONE for one from an arc to itself. It leads up
     * when the vertex of the arc turned from is the lower. */
    const uint32_t *turn_link;
    /* [arc]: the next arc of the same half edge, beginning with the base arc; NETWORK_NONE: last */
    const uint32_t *next_copy;
};

/* More links than a hundred an arc and a million, before any is left out: no order of a road
 * network makes so many (ten to twenty an arc are usual), and a wrong one must not eat the machine.
 */
enum { CCH_LINKS_AN_ARC = 100, CCH_LINKS_MORE = 1000000 };

/* Contracts. `net->order` must be a permutation, which graph_open has checked. ERR_NOMEM;
 * ERR_LIMIT above the number of links given above, or above 2^32 - 2. */
enum err cch_new(const struct network *net, struct cch **cch);
void cch_free(struct cch *cch);

/* The link from `low` to `high`, or NETWORK_NONE; binary search. */
uint32_t cch_link(const struct cch *cch, uint32_t low, uint32_t high);

#endif
