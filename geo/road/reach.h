/* How far one gets within given times: the arcs reached, and their outline as polygons
 * (isochrones).
 *
 * A place on a street is reached in time when the cheapest way to it takes no longer by the clock;
 * a quicker way that costs more (through a private yard) is not one. What is cheapest is found by
 * Dijkstra's algorithm over arc states (barred_within), exactly.
 *
 * The outline is drawn from the distance to the streets reached, on a grid: every street, cut where
 * the time is up, gives the corners of cells around it their distance, and the line of equal
 * distance is followed through the cells (marching squares: W. Lorensen, H. Cline, "Marching
 * cubes", SIGGRAPH 1987) and simplified (D. Douglas, T. Peucker, The Canadian Cartographer 10,
 * 1973) where that makes no two lines meet. */
#ifndef YZ_GEO_ROAD_REACH_H
#define YZ_GEO_ROAD_REACH_H

#include "geo/road/metric.h"
#include "geo/space/shape.h"

struct reach; /* one thread's workspace; to begin anew costs what the last search touched */
enum err reach_new(struct reach **reach);
void reach_free(struct reach *reach);

enum { REACH_MAX_LIMITS = 8 };

struct reach_query {
    const struct metric *metric;
    const struct network_bar *bar; /* NULL: nothing barred */
    const struct network_end *from;
    size_t from_count;                    /* at most NETWORK_MAX_ENDS */
    uint32_t limits_ms[REACH_MAX_LIMITS]; /* ascending; by the clock */
    size_t limit_count;                   /* at least one */
    uint64_t states_max;                  /* 0: any number */
};

/* Visits what is reached by the last limit on the cheapest ways: for every arc the time at which
 * one stands at its tail, the turn into it done; each once. The arc that one starts on only where
 * it is come back to. ERR_NOMEM; ERR_LIMIT when states_max is used up. */
enum err reach_arcs(struct reach *reach, const struct reach_query *query,
                    void (*visit)(void *user, uint32_t arc, uint32_t time_ms), void *user);

/* One multipolygon a limit, each inside the next, shells counter-clockwise, rings closed, valid,
 * cut at the antimeridian: every point of a street reached in time lies inside, and nothing farther
 * than `*margin_m` from one does. Holes narrower than a third of that are filled. The margin is
 * REACH_MARGIN_M while the area is not above a thousand square kilometres or so, and grows with it
 * from there on, so that an outline stays one of at most half a million cells. `shapes`
 * [limit_count] zero-initialised, the caller's to shape_fini also after a failure; one without
 * rings: nothing is reached (all that is started from is closed). Errors as above. */
enum { REACH_MARGIN_M = 150 };
enum err reach_shapes(struct reach *reach, const struct reach_query *query, struct shape *shapes,
                      double *margin_m);

#endif
