/* How far one gets within given times, or from where one comes: the streets that a search from some
 * points, or to them, reaches in time, and their outline as polygons (isochrones).
 *
 * From points (REACH_FROM), a place on a street is reached in time when the cheapest way to it
 * takes no longer by the clock; a quicker way that costs more (through a private yard) is not one.
 * To points (REACH_TO), the same holds of the cheapest way from there to any of them: the one of
 * the points that it costs least to go to. What is cheapest is found by Dijkstra's algorithm over
 * arc states (barred_within), exactly.
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

enum reach_side { REACH_FROM, REACH_TO };

struct reach_query {
    const struct metric *metric;
    const struct network_bar *bar; /* NULL: nothing barred */
    const struct network_end *ends;
    size_t end_count;                     /* any number; what is `paid` counts of REACH_FROM */
    uint32_t limits_ms[REACH_MAX_LIMITS]; /* ascending; by the clock */
    size_t limit_count;                   /* at least one */
    uint64_t states_max;                  /* 0: any number */
    enum reach_side side;
    const struct box *window; /* NULL: outlines of everything; else only what lies in it */
    bool all_streets; /* with a window: one more outline, around all that may be used in it */
};

/* Searches as far as the last limit; the query and what it points to are borrowed until the next
 * run, and what follows asks about it. ERR_NOMEM; ERR_LIMIT when states_max is used up. */
enum err reach_run(struct reach *reach, const struct reach_query *query);

/* Visits what is reached on the cheapest ways: for every arc the time between the points and its
 * tail (REACH_FROM: the turn into it done); each once. The arc that one starts on only where it is
 * come back to. */
void reach_arcs(const struct reach *reach,
                void (*visit)(void *user, uint32_t arc, uint32_t time_ms), void *user);

/* Visits the streets reached in time, in stretches: between the fractions `from` and `to` (in any
 * order, along the edge's points) it is within limit `limit` and not within the one before.
 * Stretches of an edge follow each other and do not overlap. */
void reach_streets(struct reach *reach,
                   void (*visit)(void *user, uint32_t edge, size_t limit, double from, double to),
                   void *user);

/* The edges that have something in reach, among some that have not; each once. Good until the next
 * run. */
const uint32_t *reach_edges(const struct reach *reach, size_t *count);

/* The weight of the cheapest way between the query's points and another one, given by its ends
 * (REACH_TO: those it may start from; the lists may be in any order). It is exact when it is in
 * time; if it is not, some other weight that is late, or WEIGHT_NONE. */
uint64_t reach_weight(const struct reach *reach, const struct network_end *ends, size_t count);

/* One multipolygon a limit, each inside the next, shells counter-clockwise, rings closed, valid,
 * cut at the antimeridian: every point of a street reached in time lies inside, and nothing farther
 * than `*margin_m` from one does. Holes narrower than a third of that are filled. The margin is
 * REACH_MARGIN_M while the area is not above a thousand square kilometres or so, and grows with it
 * from there on, so that an outline stays one of at most half a million cells. With a window, the
 * area is the window, and outlines are cut somewhere outside of it. `shapes` [limit_count, and one
 * more with all_streets] zero-initialised, the caller's to shape_fini also after a failure; one
 * without rings: nothing is reached (all that is started from is closed). ERR_NOMEM. */
enum { REACH_MARGIN_M = 150 };
enum err reach_shapes(struct reach *reach, struct shape *shapes, double *margin_m);

#endif
