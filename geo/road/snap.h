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

/* Visits the edges that the view can travel in some direction, nearest first, out to `radius_m`
 * (INFINITY: all), until `visit` returns false. `heap` is the caller's workspace. ERR_NOMEM. */
enum err snap_walk(const struct graph *graph, const struct network_view *view, struct coord at,
                   double radius_m, struct heap *heap,
                   bool (*visit)(void *user, const struct snap_place *place), void *user);

/* What a point of a trip is for. */
enum snap_role { SNAP_START, SNAP_VIA, SNAP_END };

enum { SNAP_MAX_PLACES = 6, SNAP_MAX_SMALL = 48 };

/* The places one point of a trip could be, nearest first: in the largest component (for a start,
 * also where one can get into it; for an end, where one gets out of it), all within a metre of the
 * nearest such; and nearer ones in small components. */
struct snap_choice {
    struct snap_place main[SNAP_MAX_PLACES], small[SNAP_MAX_SMALL];
    size_t main_count, small_count;
};
enum err snap_choose(const struct graph *graph, const struct network_view *view, struct coord at,
                     double radius_m, enum snap_role role, struct heap *heap,
                     struct snap_choice *choice);

/* The same, of places only where a wish (NULL: none) lets some direction be travelled, and with a
 * wish not farther away than snap_wish_radius_m. */
extern const double snap_wish_radius_m;
enum err snap_choose_wished(const struct graph *graph, const struct network_view *view,
                            struct coord at, double radius_m, enum snap_role role,
                            const struct snap_wish *wish, struct heap *heap,
                            struct snap_choice *choice);

/* Whether a wish (NULL: none) lets the place's edge be travelled in a direction (0: in the order of
 * its points) by one who comes from or goes to the point `at` beside it. */
bool snap_wished(const struct network_view *view, const struct snap_place *place,
                 uint32_t direction, struct coord at, const struct snap_wish *wish);

/* Whether an arc of the main component serves for a role. */
bool snap_serves(const struct network_view *view, uint32_t arc, enum snap_role role);

#endif
