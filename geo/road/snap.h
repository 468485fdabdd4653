/* From a point beside the road to places on it. */
#ifndef YZ_GEO_ROAD_SNAP_H
#define YZ_GEO_ROAD_SNAP_H

#include "geo/base/heap.h"
#include "geo/road/chord.h"
#include "geo/road/network.h"

/* A place on an edge, the edge's nearest to the point asked for. */
struct snap_place {
    uint32_t edge, segment; /* between its points `segment` and the next */
    double fraction;        /* along the edge in the order of its points, by chord length */
    struct coord at;
    struct chord_point chord; /* the same on the chord of its segment */
    double distance_m;        /* geodesic */
};

/* On which side of a rider a point shall lie: traffic keeps to the right. */
enum snap_side { SNAP_ANY_SIDE, SNAP_CURB, SNAP_OPPOSITE };

/* In which directions a street may be travelled at a point. */
struct snap_wish {
    double bearing_deg, range_deg; /* not farther than the range from the bearing; 180: any */
    enum snap_side side;           /* of two-way streets; where the point is beside the road */
};

/* What to snap to: the streets of a view that are not closed, nor barred by the request (`bar` may
 * be NULL). `heap` is the caller's workspace. */
struct snap_ground {
    const struct graph *graph;
    struct network_view view;
    const struct network_bar *bar;
    struct heap *heap;
};

/* Visits the edges that can be travelled in some direction, nearest first, out to `radius_m`
 * (INFINITY: all), until `visit` returns false. ERR_NOMEM. */
enum err snap_walk(const struct snap_ground *ground, struct coord at, double radius_m,
                   bool (*visit)(void *user, const struct snap_place *place), void *user);

/* What a point of a trip is for. */
enum snap_role { SNAP_START, SNAP_VIA, SNAP_END };

enum { SNAP_MAX_PLACES = 6, SNAP_MAX_SMALL = 48 };

/* Who stands on an island of more streets than this stays there: the largest component is not
 * looked for beyond them, or one point far out at sea would have a whole province walked through.
 */
enum { SNAP_MAX_PASSED = 20000 };

/* The places one point of a trip could be, nearest first: in the largest component (for a start,
 * also where one can get into it; for an end, where one gets out of it), all within a metre of the
 * nearest such; and nearer ones in small components. */
struct snap_choice {
    struct snap_place main[SNAP_MAX_PLACES], small[SNAP_MAX_SMALL];
    size_t main_count, small_count;
};

/* Of places only where a wish (NULL: none) lets some direction be travelled; with a wish none is
 * farther away than snap_wish_radius_m. ERR_NOMEM. */
extern const double snap_wish_radius_m;
enum err snap_choose(const struct snap_ground *ground, struct coord at, double radius_m,
                     enum snap_role role, const struct snap_wish *wish, struct snap_choice *choice);

/* Whether a wish (NULL: none) lets the place's edge be travelled in a direction (0: in the order of
 * its points) by one who comes from or goes to the point `at` beside it. */
bool snap_wished(const struct network_view *view, const struct snap_place *place,
                 uint32_t direction, struct coord at, const struct snap_wish *wish);

/* Whether an arc of the main component serves for a role. */
bool snap_serves(const struct network_view *view, uint32_t arc, enum snap_role role);

#endif
