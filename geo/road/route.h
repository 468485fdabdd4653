/* The cheapest way between points, exactly, turns included: on the hierarchy under the closures in
 * force, or by A* where the request bars roads of its own. */
#ifndef YZ_GEO_ROAD_ROUTE_H
#define YZ_GEO_ROAD_ROUTE_H

#include "geo/base/arena.h"
#include "geo/road/mode.h"
#include "geo/road/roads.h"

/* A search under a bar settles some million states a second; the second number is fair to whoever
 * waits behind it, and no city's route between two points comes near it. */
enum { ROUTE_MAX_POINTS = 100, ROUTE_FAIR_STATES = 20000000, ROUTE_MAX_ALTERNATIVES = 3 };

/* One thread's workspace for roads of any size; grows to the largest it met, reset in O(1). */
struct route_work;
struct snap_wish;
enum err route_work_new(struct route_work **work);
void route_work_free(struct route_work *work);

/* How much a route shall tell: the less, the quicker. */
enum route_detail {
    ROUTE_STEPS,  /* all */
    ROUTE_POINTS, /* legs with their geometry, without steps and summary */
    ROUTE_SUMS    /* lengths and times; legs without points */
};

struct route_query {
    unsigned profile;
    const struct coord *points; /* WGS 84; at least two, at most ROUTE_MAX_POINTS */
    size_t point_count;
    const double *radius_m; /* per point, or NULL: how far a road may be; INFINITY: any */
    const struct snap_wish *const *wishes; /* per point (NULL: none), or NULL; see snap.h */
    const struct network_bar *bar;         /* NULL: nothing barred */
    bool continue_straight; /* no U-turn at a via point unless there is no other way */
    unsigned alternatives;  /* at most so many other ways, of two points only */
    enum route_detail detail;
    uint64_t states_max; /* that all searches under a bar may settle together; 0: any number */
};

/* A point as it was found on the network. */
struct route_waypoint {
    struct coord at;
    double distance_m; /* from the point asked for */
    const char *name;  /* of the street */
    uint32_t edge;
    double fraction; /* along the edge, 0 to 1 */
};

enum route_maneuver_type {
    ROUTE_DEPART,
    ROUTE_TURN,
    ROUTE_NEW_NAME,
    ROUTE_CONTINUE,
    ROUTE_MERGE,
    ROUTE_FORK,
    ROUTE_END_OF_ROAD,
    ROUTE_ROUNDABOUT,
    ROUTE_EXIT_ROUNDABOUT,
    ROUTE_NOTIFICATION,
    ROUTE_ARRIVE
};
enum route_modifier {
    ROUTE_UTURN,
    ROUTE_SHARP_RIGHT,
    ROUTE_RIGHT,
    ROUTE_SLIGHT_RIGHT,
    ROUTE_STRAIGHT,
    ROUTE_SLIGHT_LEFT,
    ROUTE_LEFT,
    ROUTE_SHARP_LEFT
};

/* A junction on the way: what OSRM calls an intersection. */
struct route_intersection {
    struct coord at;
    uint16_t bearing_count;
    const uint16_t *bearings; /* of the arms, clockwise from north, ascending */
    const bool *entry;        /* whether the profile may leave by that arm coming from `in` */
    int in, out;              /* arm indices; -1 at the route's ends */
    uint32_t point;           /* index in the leg's points */
};

struct route_step {
    double distance_m, duration_s, cost_s; /* cost: duration and reluctance */
    const char *name, *ref;
    enum route_mode mode;
    enum route_maneuver_type type;
    enum route_modifier modifier;
    int bearing_before, bearing_after; /* degrees; 0 before the start and behind the end */
    int exit;                          /* of a roundabout; 0: none */
    uint32_t first_point, last_point;  /* in the leg's points, both included */
    const struct route_intersection *intersections;
    size_t intersection_count;
};

/* One arc of a leg, or the part of it that is travelled. */
struct route_stretch {
    double distance_m;
    uint64_t ms, turn_ms; /* on the arc; lost on the turn to the next one */
    uint64_t cost_ms;     /* of both, as the search counted them */
    uint32_t point;       /* where in the leg's points it begins */
};

struct route_leg {
    double distance_m, duration_s;
    const struct coord *points;
    size_t point_count;
    const struct route_step *steps; /* the last is the arrival */
    size_t step_count;
    const char *summary;                   /* the two longest streets */
    const uint32_t *arcs;                  /* the path itself, for whoever wants to prove it */
    const struct route_stretch *stretches; /* of each arc */
    size_t arc_count;
    uint64_t cost_ms; /* the exact sum the search minimised */
};

struct route {
    double distance_m, duration_s;
    const struct route_waypoint *waypoints;
    size_t waypoint_count;
    const struct route_leg *legs;
    size_t leg_count;
    const struct route *alternatives; /* the cheapest first; they have none of their own */
    size_t alternative_count;
};

/* Finds the route; everything in `*route` is in `arena` or borrowed from the roads.
 * ERR_NOSEGMENT: no usable road near point `*culprit`; ERR_UNREACHABLE: no way through;
 * ERR_LIMIT: `states_max` is used up; ERR_INVALID: the query breaks its contract (too few or many
 * points, a bad coordinate or profile); ERR_NOMEM. */
enum err route_find(const struct roads *roads, struct route_work *work,
                    const struct route_query *query, struct arena *arena, struct route *route,
                    size_t *culprit);

/* The nearest usable places on the network to one point, distinct edges, nearest first, at most
 * `limit`; the same snapping route_find uses. ERR_NOSEGMENT when there is none within `radius_m`.
 */
enum err route_snap(const struct roads *roads, struct route_work *work, unsigned profile,
                    struct coord at, double radius_m, uint32_t limit, struct arena *arena,
                    const struct route_waypoint **waypoints, size_t *count);

#endif
