/* Where the points of a trip may be on the network: snapping, and what it makes of the choice
 * between the largest component and small ones, so that an island does not swallow a point unless
 * all others are there too. */
#ifndef YZ_GEO_ROAD_STOP_H
#define YZ_GEO_ROAD_STOP_H

#include "geo/base/arena.h"
#include "geo/road/roads.h"
#include "geo/road/route.h"
#include "geo/road/snap.h"

/* On what to stop: one profile's roads under the closures in force, less what the request bars
 * (`bar` may be NULL). `heap` is the caller's workspace. */
struct snap_ground stop_ground(const struct roads *roads, unsigned profile,
                               const struct network_bar *bar, struct heap *heap);

/* One point. */
struct stop_query {
    struct coord at;
    double radius_m; /* how far a road may be; INFINITY: any */
    enum snap_role role;
    const struct snap_wish *wish; /* NULL: none */
};

/* A point as it may be: either direction of every place it snaps to. */
struct stop {
    struct network_end ends[NETWORK_MAX_ENDS];
    struct snap_place places[NETWORK_MAX_ENDS]; /* of each end */
    size_t count;
};

/* A point by itself, for whatever is asked about many of them or about one alone: in the largest
 * component, or in the nearest small one where that is not within the radius. ERR_NOSEGMENT: no
 * road that the profile may use is; ERR_NOMEM. */
enum err stop_find(const struct snap_ground *ground, const struct stop_query *query,
                   struct stop *stop);

/* What a person is told of a place. */
struct route_waypoint stop_waypoint(const struct network *net, const struct snap_place *place);

/* All points of a trip together: in the largest component, or in a small one that is nearer to all
 * of them. */
struct stop_trip {
    struct snap_ground ground;
    const struct stop_query *queries;
    struct snap_choice *choices; /* [count] */
    struct stop *stops;          /* [count] */
    size_t count;
    int64_t component; /* that the stops are in; negative: each in its own */
};

/* Fills `*trip`, in memory from `arena`; `queries` is borrowed. ERR_NOSEGMENT: none is near point
 * `*culprit`; ERR_NOMEM. */
enum err stop_find_trip(const struct snap_ground *ground, const struct stop_query *queries,
                        size_t count, struct arena *arena, struct stop_trip *trip, size_t *culprit);

/* Puts the stops of a trip that has no way through on the largest component instead. False when
 * they are there already, or one cannot be. */
bool stop_again(struct stop_trip *trip);

#endif
