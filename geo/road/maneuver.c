#include "geo/road/maneuver.h"

#include "geo/road/heading.h"

#include <math.h>

static const double slight_deg = 45;

int maneuver_bearing(double heading_deg)
{
    return (int)lround(heading_deg) % 360;
}

/* What else one could do at a junction. */
struct others {
    unsigned count;
    double straightest; /* change of direction of the straightest of them */
    bool left, right;   /* some turn away more than slightly to that side */
    uint32_t straightest_edge;
};

static struct others look_around(const struct network_view *view, uint32_t from, uint32_t chosen)
{
    const struct network *net = view->net;
    uint32_t half = net->arc_half[from], chosen_half = net->arc_half[net->turn_to[chosen]];
    double arrive = heading_arrive(net, half);
    struct others others = {.straightest = 180};
    for (uint32_t t = net->turn_first[from]; t < net->turn_first[from + 1]; t++) {
        uint32_t to = net->arc_half[net->turn_to[t]];
        if (!network_turn_open(view, t) || to == chosen_half || to == (half ^ 1)) continue;
        double change = heading_change(arrive, heading_leave(net, to));
        others.count++;
        if (change > slight_deg) others.right = true;
        if (change < -slight_deg) others.left = true;
        if (fabs(change) >= fabs(others.straightest)) continue;
        others.straightest = change;
        others.straightest_edge = to >> 1;
    }
    return others;
}

static bool same_road(const struct network *net, uint32_t a, uint32_t b)
{
    const struct network_edge *x = &net->edges[a], *y = &net->edges[b];
    /* Texts are stored once, so equal texts have equal places. */
    return x->name == y->name && (net->text[x->name] || x->ref == y->ref);
}

static bool has_name(const struct network *net, uint32_t edge)
{
    return net->text[net->edges[edge].name] || net->text[net->edges[edge].ref];
}

/* From a slip road onto what it leads to. */
static bool leaves_link(const struct network *net, uint32_t from, uint32_t to)
{
    return net->edges[from].flags & ~net->edges[to].flags & NETWORK_LINK;
}

/* Two ways on, both nearly straight. */
static void decide_fork(const struct network *net, uint32_t from, uint32_t to, double change,
                        const struct others *others, struct maneuver *m)
{
    bool goes_on = same_road(net, from, to) && !same_road(net, from, others->straightest_edge);
    bool minor = net->edges[others->straightest_edge].road_class > net->edges[to].road_class + 4;
    if ((goes_on || minor) && fabs(change) <= fabs(others->straightest)) {
        m->needed = !same_road(net, from, to) && has_name(net, to);
        m->type = ROUTE_NEW_NAME;
        return;
    }
    m->needed = true;
    m->type = ROUTE_FORK;
    m->modifier = change > others->straightest ? ROUTE_SLIGHT_RIGHT : ROUTE_SLIGHT_LEFT;
}

static void decide_choice(const struct network *net, uint32_t from, uint32_t to, double change,
                          const struct others *others, struct maneuver *m)
{
    bool same = same_road(net, from, to);
    if (fabs(change) <= slight_deg) {
        if (fabs(others->straightest) <= slight_deg) {
            decide_fork(net, from, to, change, others, m);
            return;
        }
        m->type = leaves_link(net, from, to) ? ROUTE_MERGE : ROUTE_NEW_NAME;
        m->needed = !same && has_name(net, to);
        return;
    }
    m->needed = true;
    bool ends =
        fabs(others->straightest) > slight_deg && (change > 0 ? others->left : others->right);
    m->type = ends ? ROUTE_END_OF_ROAD : same ? ROUTE_CONTINUE : ROUTE_TURN;
}

static void decide(const struct network_view *view, uint32_t from_arc, uint32_t turn,
                   struct maneuver *m)
{
    const struct network *net = view->net;
    uint32_t from = net->arc_half[from_arc], to = net->arc_half[net->turn_to[turn]];
    bool was_round = net->edges[from >> 1].flags & NETWORK_ROUNDABOUT;
    bool is_round = net->edges[to >> 1].flags & NETWORK_ROUNDABOUT;
    double change = heading_change(heading_arrive(net, from), heading_leave(net, to));
    if (was_round || is_round) {
        m->needed = was_round != is_round;
        m->type = was_round ? ROUTE_EXIT_ROUNDABOUT : ROUTE_ROUNDABOUT;
        return;
    }
    if (to == (from ^ 1)) {
        m->needed = true;
        m->type = ROUTE_CONTINUE;
        m->modifier = ROUTE_UTURN;
        return;
    }
    struct others others = look_around(view, from_arc, turn);
    if (others.count > 0) {
        decide_choice(net, from >> 1, to >> 1, change, &others, m);
        return;
    }
    m->type = leaves_link(net, from >> 1, to >> 1) ? ROUTE_MERGE : ROUTE_NEW_NAME;
    m->needed = !same_road(net, from >> 1, to >> 1) && has_name(net, to >> 1);
}

struct maneuver maneuver_at(const struct network_view *view, uint32_t from, uint32_t turn)
{
    const struct network *net = view->net;
    uint32_t to = net->turn_to[turn];
    double before = heading_arrive(net, net->arc_half[from]);
    double after = heading_leave(net, net->arc_half[to]);
    struct maneuver m = {.type = ROUTE_TURN,
                         .modifier = (enum route_modifier)heading_turn(before, after),
                         .bearing_before = maneuver_bearing(before),
                         .bearing_after = maneuver_bearing(after)};
    decide(view, from, turn, &m);
    unsigned mode_before = view->arc_flags[from] & NETWORK_MODE;
    if (!m.needed && mode_before != (view->arc_flags[to] & NETWORK_MODE)) {
        m.needed = true;
        m.type = ROUTE_NOTIFICATION;
    }
    return m;
}

int maneuver_exits(const struct network_view *view, uint32_t arc)
{
    const struct network *net = view->net;
    uint32_t half = net->arc_half[arc];
    int count = 0;
    for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
        uint32_t to = net->arc_half[net->turn_to[t]];
        if (network_turn_open(view, t) && to != (half ^ 1) &&
            !(net->edges[to >> 1].flags & NETWORK_ROUNDABOUT))
            count++;
    }
    return count;
}
