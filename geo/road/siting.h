/* Where should the next place stand, so that it brings the most weight newly within reach?
 *
 * The maximal covering location problem (R. Church, C. ReVelle, Papers of the Regional Science
 * Association 32, 1974), solved greedily over candidates: of all of them the one with the most
 * gain, then the one with the most on top of that, and so on. What is covered grows by less the
 * more there is of it, so the greedy choice of n candidates covers at least 1 - (1 - 1/n)^n, more
 * than 63 %, of what the best n of them would (G. Nemhauser, L. Wolsey, M. Fisher, Mathematical
 * Programming 14, 1978).
 *
 * Candidates are the streets nearest to the points of a square lattice inside the area; each is
 * weighed by an exact search to it. */
#ifndef YZ_GEO_ROAD_SITING_H
#define YZ_GEO_ROAD_SITING_H

#include "geo/base/progress.h"
#include "geo/road/demand.h"
#include "geo/road/reach.h"
#include "geo/road/snap.h"
#include "geo/space/polygon.h"

enum { SITING_MAX = 5, SITING_CANDIDATES = 400 };

struct siting_query {
    const struct snap_ground *ground; /* whose view and bar are those of `metric` and `bar` */
    const struct metric *metric;
    const struct network_bar *bar;  /* NULL: nothing barred */
    const struct network_end *ends; /* of the places there are */
    size_t end_count;
    const struct polygon *area; /* in which to stand; prepared */
    double radius_m;            /* how far a candidate's street may be from the lattice */
    const struct demand *demand;
    uint32_t limit_ms;
    uint64_t states_max;  /* of one search; 0: any number */
    size_t wanted;        /* at most SITING_MAX */
    size_t candidate_max; /* about so many candidates, and at most twice that; 1 to
                             SITING_CANDIDATES */
    const struct progress *progress;
};

struct siting_place {
    struct coord at; /* on a street, in the area */
    struct network_end ends[NETWORK_MAX_ENDS];
    size_t end_count;
    double gain; /* weight of the points that are in its reach, and in that of nothing before it */
};

struct siting {
    struct siting_place places[SITING_MAX]; /* best first */
    size_t count;      /* fewer than wanted where no candidate gains anything more */
    size_t candidates; /* that were weighed */
    double step_m;     /* of their lattice */
};

/* ERR_NOMEM, ERR_LIMIT, ERR_CANCELLED. */
enum err siting_find(struct reach *reach, const struct siting_query *query, struct siting *siting);

#endif
