/* What somebody wants to reach places from: points with weights (reports, people, orders, surface),
 * put on one profile's streets once, so that any number of searches can be asked about them.
 *
 * A point starts where stop_find lets a trip from it start. */
#ifndef YZ_GEO_ROAD_DEMAND_H
#define YZ_GEO_ROAD_DEMAND_H

#include "geo/base/progress.h"
#include "geo/road/reach.h"
#include "geo/road/snap.h"
#include "geo/space/polygon.h"

struct demand_point {
    struct coord at;
    double weight; /* not negative */
};

struct demand; /* read-only once built; any thread's */

/* Copies the points. One without a road within `radius_m` is kept, and out of everything's reach.
 * ERR_NOMEM, ERR_CANCELLED. */
enum err demand_new(const struct snap_ground *ground, const struct demand_point *points,
                    size_t count, double radius_m, const struct progress *progress,
                    struct demand **demand);
void demand_free(struct demand *demand); /* NULL does nothing */

size_t demand_count(const struct demand *demand);
struct demand_point demand_at(const struct demand *demand, size_t i);

/* Where a trip from point `i` may start; none: no road is near. */
const struct network_end *demand_ends(const struct demand *demand, size_t i, size_t *count);

/* Whether the search that ran to places has point `i` within a time (at most its last limit). */
bool demand_reached(const struct demand *demand, size_t i, const struct reach *reach,
                    uint32_t limit_ms);

/* The surface of a polygon as points of a square lattice inside it, about `most` of them and not
 * more than twice that, each weighing the square kilometres it stands for: new memory for free().
 * At least one point, `*step_m` apart. The polygon must be prepared. ERR_NOMEM. */
enum err demand_lattice(const struct polygon *polygon, size_t most, struct demand_point **points,
                        size_t *count, double *step_m);

#endif
