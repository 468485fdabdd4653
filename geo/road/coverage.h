/* Which parts of some areas lie within reach of places, and which do not: their surface, their
 * streets, and what wants to reach the places from within them.
 *
 * On streets and for points it is exact, as reach.h tells; surface beside the streets belongs to
 * those within its margin, as the outlines of reach_shapes draw it. What is no street's at all (a
 * lake) is therefore out of reach, and told apart. */
#ifndef YZ_GEO_ROAD_COVERAGE_H
#define YZ_GEO_ROAD_COVERAGE_H

#include "geo/base/progress.h"
#include "geo/road/demand.h"
#include "geo/road/graph.h"
#include "geo/road/reach.h"
#include "geo/space/polygon.h"

struct coverage_query {
    const struct graph *graph;
    struct reach_query reach;           /* to the places; the side and the window are set here */
    const struct polygon *const *areas; /* [area_count], prepared, at least one; the window is the
                                           first one's box, and the others lie within it */
    size_t area_count;
    const struct demand *demand;     /* within the first area; NULL: none */
    const struct progress *progress; /* may be NULL; ERR_CANCELLED when it says so */
};

/* Of everything in an area, and how much of it is out of reach within each limit. */
struct coverage_sum {
    double whole, out[REACH_MAX_LIMITS];
};

struct coverage_area {
    struct coverage_sum surface_m2, street_m, weight;
    double streetless_m2; /* of the surface: farther than the margin from all streets */
    size_t points;        /* of the demand */
    size_t points_out[REACH_MAX_LIMITS];
};

struct coverage {
    struct coverage_area *areas;               /* [area_count] */
    struct polygon *streets;                   /* around all streets; NULL: there are none */
    struct polygon *covered[REACH_MAX_LIMITS]; /* around all that is in reach; NULL: nothing is */
    double margin_m;
};

/* Zero-initialised; to be given to coverage_fini also after a failure. Streets are those that the
 * profile may use some way under the query's closures and bars; a stretch counts by its length on
 * the map, once however many directions it has, and is in reach when it is from either. A demand's
 * point belongs to every area that covers it. ERR_NOMEM, ERR_LIMIT (states), ERR_CANCELLED. */
enum err coverage_find(struct reach *reach, const struct coverage_query *query,
                       struct coverage *coverage);
void coverage_fini(struct coverage *coverage);

#endif
