/* How far one gets within given times: the arcs reached, and their outline as polygons
 * (isochrones). */
#ifndef YZ_GEO_ROAD_REACH_H
#define YZ_GEO_ROAD_REACH_H

#include "geo/road/metric.h"
#include "geo/space/shape.h"

struct reach; /* one thread's workspace */
enum err reach_new(struct reach **reach);
void reach_free(struct reach *reach);

enum { REACH_MAX_LIMITS = 8 };

struct reach_query {
    const struct metric *metric;
    const struct network_bar *bar;
    const struct network_end *from;
    size_t from_count;
    uint32_t limits_ms[REACH_MAX_LIMITS]; /* ascending; by the clock */
    size_t limit_count;
    uint64_t states_max; /* 0: any number */
};

/* Visits what is reached on the cheapest ways: for every arc the time at which one stands at its
 * tail. ERR_NOMEM; ERR_LIMIT when states_max is used up. */
enum err reach_arcs(struct reach *reach, const struct reach_query *query,
                    void (*visit)(void *user, uint32_t arc, uint32_t time_ms), void *user);

/* One multipolygon a limit, each inside the next, shells counter-clockwise, rings closed: every
 * point of a street reached in time lies inside, and nothing farther than reach_margin_m from one
 * does. `shapes` [limit_count] zero-initialised, the caller's to shape_fini. */
extern const double reach_margin_m;
enum err reach_shapes(struct reach *reach, const struct reach_query *query, struct shape *shapes);

#endif
