#include "geo/road/snap.h"

#include "geo/road/heading.h"
#include "geo/space/geodesic.h"

#include <math.h>

/* Points this near to each other count as equally near: an edge must not lose to its neighbour by
 * the width of a kerb when both meet where the point is. */
static const double tie_m = 1.0;

const double snap_wish_radius_m = 1000;

struct walking {
    const struct snap_ground *ground;
    struct coord at;
    struct geodesic_plane plane;
    double radius_m;
    bool (*visit)(void *user, const struct snap_place *place);
    void *user;
};

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static double box_bound(const void *user, const struct box_e7 *box)
{
    const struct walking *w = user;
    struct coord near = {clamp(w->at.lon, box->min_lon * 1e-7, box->max_lon * 1e-7),
                         clamp(w->at.lat, box->min_lat * 1e-7, box->max_lat * 1e-7)};
    double east = (near.lon - w->at.lon) * w->plane.m_per_lon_deg;
    double north = (near.lat - w->at.lat) * w->plane.m_per_lat_deg;
    return sqrt(east * east + north * north);
}

/* The nearest point of the segment from a to b in the plane: how far along, and the distance. */
static double segment_distance(const struct walking *w, struct coord_e7 a, struct coord_e7 b,
                               double *t)
{
    double ax = (a.lon_e7 * 1e-7 - w->at.lon) * w->plane.m_per_lon_deg;
    double ay = (a.lat_e7 * 1e-7 - w->at.lat) * w->plane.m_per_lat_deg;
    double dx = ((double)b.lon_e7 - a.lon_e7) * 1e-7 * w->plane.m_per_lon_deg;
    double dy = ((double)b.lat_e7 - a.lat_e7) * 1e-7 * w->plane.m_per_lat_deg;
    double square = dx * dx + dy * dy;
    *t = square > 0 ? clamp(-(ax * dx + ay * dy) / square, 0, 1) : 0;
    double x = ax + *t * dx, y = ay + *t * dy;
    return sqrt(x * x + y * y);
}

static double nearest_segment(const struct walking *w, uint32_t edge, uint32_t *segment, double *t)
{
    struct graph_edge e = graph_edge_at(w->ground->graph, edge);
    double least = INFINITY;
    for (uint32_t i = 0; i + 1 < e.point_count; i++) {
        double along, distance = segment_distance(w, e.points[i], e.points[i + 1], &along);
        if (distance >= least) continue;
        least = distance;
        *segment = i;
        *t = along;
    }
    return least;
}

static double item_distance(const void *user, uint32_t edge)
{
    const struct walking *w = user;
    uint32_t segment;
    double t;
    for (uint32_t direction = 0; direction < 2; direction++) {
        uint32_t arc = w->ground->view.net->half_arc[edge << 1 | direction];
        if (arc != NETWORK_NONE && network_arc_open(&w->ground->view, w->ground->bar, arc))
            return nearest_segment(w, edge, &segment, &t);
    }
    return -1;
}

static struct snap_place place_on(const struct walking *w, uint32_t edge)
{
    struct graph_edge e = graph_edge_at(w->ground->graph, edge);
    uint32_t segment = 0;
    double t = 0, before_m = 0, all_m = 0;
    (void)nearest_segment(w, edge, &segment, &t);
    struct snap_place place = {.edge = edge, .segment = segment};
    for (uint32_t i = 0; i + 1 < e.point_count; i++) {
        struct coord a = coord_from_e7(e.points[i]), b = coord_from_e7(e.points[i + 1]);
        struct chord_point from = chord_at(a), to = chord_at(b);
        double length_m = chord_length_m(from, to);
        if (i == segment) {
            before_m = all_m + t * length_m;
            place.at = (struct coord){a.lon + t * (b.lon - a.lon), a.lat + t * (b.lat - a.lat)};
            place.chord = chord_between(from, to, t);
        }
        all_m += length_m;
    }
    place.fraction = all_m > 0 ? clamp(before_m / all_m, 0, 1) : 0;
    place.distance_m = geodesic_distance_m(w->at, place.at);
    return place;
}

static bool visit_edge(void *user, uint32_t edge, double distance_m)
{
    const struct walking *w = user;
    (void)distance_m; /* of the plane; the place has the geodesic one */
    struct snap_place place = place_on(w, edge);
    return place.distance_m > w->radius_m || w->visit(w->user, &place);
}

enum err snap_walk(const struct snap_ground *ground, struct coord at, double radius_m,
                   bool (*visit)(void *user, const struct snap_place *place), void *user)
{
    struct walking w = {ground, at, geodesic_plane_at(at.lat), radius_m, visit, user};
    struct rtree_metric metric = {box_bound, item_distance, &w};
    /* The plane errs by less than a hundredth wherever a radius makes sense. */
    return rtree_nearest(graph_edge_tree(ground->graph), &metric, radius_m * 1.01 + 1, ground->heap,
                         visit_edge, &w);
}

bool snap_serves(const struct network_view *view, uint32_t arc, enum snap_role role)
{
    static const uint8_t wanted[] = {
        [SNAP_START] = NETWORK_LEADS_OUT,
        [SNAP_VIA] = NETWORK_LEADS_OUT | NETWORK_REACHED,
        [SNAP_END] = NETWORK_REACHED,
    };
    return arc != NETWORK_NONE && view->time_ms[arc] != NETWORK_NONE &&
           (view->arc_flags[arc] & wanted[role]) == wanted[role];
}

/* Nearer than this the point is on the road, on neither side of it. */
static const double beside_m = 0.5;

bool snap_wished(const struct network_view *view, const struct snap_place *place,
                 uint32_t direction, struct coord at, const struct snap_wish *wish)
{
    if (!wish || (wish->range_deg >= 180 && wish->side == SNAP_ANY_SIDE)) return true;
    const struct network *net = view->net;
    const struct coord_e7 *points = net->points + net->edges[place->edge].point_first;
    struct coord from = coord_from_e7(points[place->segment + direction]);
    struct coord to = coord_from_e7(points[place->segment + 1 - direction]);
    double heading = geodesic_bearing_deg(from, to);
    if (fabs(heading_change(wish->bearing_deg, heading)) > wish->range_deg) return false;
    uint32_t other = net->half_arc[place->edge << 1 | (direction ^ 1)];
    bool both = other != NETWORK_NONE && view->time_ms[other] != NETWORK_NONE;
    if (wish->side == SNAP_ANY_SIDE || !both || place->distance_m < beside_m) return true;
    bool right = heading_change(heading, geodesic_bearing_deg(place->at, at)) > 0;
    return right == (wish->side == SNAP_CURB);
}

struct choosing {
    const struct snap_ground *ground;
    struct coord at;
    enum snap_role role;
    const struct snap_wish *wish;
    struct snap_choice *choice;
    uint32_t passed; /* places that do not serve */
};

static bool choose(void *user, const struct snap_place *place)
{
    struct choosing *c = user;
    struct snap_choice *choice = c->choice;
    const struct network_view *view = &c->ground->view;
    bool open[2], serves[2];
    for (uint32_t k = 0; k < 2; k++) {
        uint32_t arc = view->net->half_arc[place->edge << 1 | k];
        open[k] = arc != NETWORK_NONE && network_arc_open(view, c->ground->bar, arc) &&
                  snap_wished(view, place, k, c->at, c->wish);
        serves[k] = open[k] && snap_serves(view, arc, c->role);
    }
    if (choice->main_count && place->distance_m > choice->main[0].distance_m + tie_m) return false;
    if (serves[0] || serves[1]) {
        choice->main[choice->main_count++] = *place;
        return choice->main_count < SNAP_MAX_PLACES;
    }
    if ((open[0] || open[1]) && choice->small_count < SNAP_MAX_SMALL)
        choice->small[choice->small_count++] = *place;
    return choice->main_count || ++c->passed < SNAP_MAX_PASSED;
}

enum err snap_choose(const struct snap_ground *ground, struct coord at, double radius_m,
                     enum snap_role role, const struct snap_wish *wish, struct snap_choice *choice)
{
    struct choosing c = {ground, at, role, wish, choice, 0};
    if (wish && radius_m > snap_wish_radius_m) radius_m = snap_wish_radius_m;
    choice->main_count = choice->small_count = 0;
    return snap_walk(ground, at, radius_m, choose, &c);
}
