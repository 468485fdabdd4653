#include "geo/road/maneuver.h"

#include "geo/road/heading.h"

#include <math.h>

static const double straight_deg = 20, slight_deg = 45;

int maneuver_bearing(double heading_deg)
{
    return (int)(heading_deg + 0.5) % 360;
}

uint32_t maneuver_most_arms(const struct network *net, uint32_t from)
{
    uint32_t node = network_head(net, net->arc_half[from]);
    return net->node_first[node + 1] - net->node_first[node];
}

static bool travelled(const struct network_view *view, uint32_t half)
{
    for (uint32_t direction = 0; direction < 2; direction++) {
        uint32_t arc = view->net->half_arc[half ^ direction];
        if (arc != NETWORK_NONE && view->time_ms[arc] != NETWORK_NONE) return true;
    }
    return false;
}

uint16_t maneuver_look(const struct network_view *view, uint32_t from, struct maneuver_arm *arms)
{
    const struct network *net = view->net;
    uint32_t node = network_head(net, net->arc_half[from]);
    uint32_t first = net->node_first[node], end = net->node_first[node + 1];
    uint16_t count = 0;
    for (uint32_t k = first; k < end && count < UINT16_MAX; k++) {
        uint32_t half = net->node_half[k];
        if (!travelled(view, half)) continue;
        double heading = heading_leave(net, half);
        struct maneuver_arm arm = {half, heading, (uint16_t)maneuver_bearing(heading), false};
        uint16_t i = count++;
        for (; i > 0 && arms[i - 1].bearing > arm.bearing; i--)
            arms[i] = arms[i - 1];
        arms[i] = arm;
    }
    for (uint32_t t = net->turn_first[from]; t < net->turn_first[from + 1]; t++)
        for (uint16_t i = 0; network_turn_open(view, t) && i < count; i++)
            if (arms[i].half == net->arc_half[net->turn_to[t]]) arms[i].entry = true;
    return count;
}

/* A junction at the end of arc `from`, where the path goes on by arc `to`. */
struct passing {
    const struct network_view *view;
    uint32_t from, to; /* half edges */
    const struct maneuver_arm *arms;
    uint16_t count;
    double before, after, change; /* headings */
};

/* What else one could do there. */
struct others {
    unsigned count;
    double straightest; /* change of direction of the straightest of them */
    bool left, right;   /* some turn away more than slightly to that side */
    uint32_t straightest_edge;
};

static bool same_road(const struct network *net, uint32_t a, uint32_t b)
{
    const struct network_edge *x = &net->edges[a], *y = &net->edges[b];
    /* Texts are stored once, so equal texts have equal places. */
    return x->name == y->name && (net->text[x->name] || x->ref == y->ref);
}

/* Where a street splits into two carriageways: whoever follows one, in its direction or (walking,
 * pushing) against it, has not chosen between two roads. */
static bool other_carriageway(const struct passing *p, uint32_t half, double change)
{
    const struct network *net = p->view->net;
    unsigned both = net->edges[p->to >> 1].flags & net->edges[half >> 1].flags;
    return both & NETWORK_ONEWAY && (p->to ^ half) & 1 && same_road(net, p->to >> 1, half >> 1) &&
           fabs(change) <= slight_deg && fabs(p->change) <= slight_deg;
}

static struct others look_around(const struct passing *p)
{
    struct others others = {.straightest = 180};
    for (uint16_t i = 0; i < p->count; i++) {
        const struct maneuver_arm *arm = &p->arms[i];
        if (!arm->entry || arm->half == p->to || arm->half == (p->from ^ 1)) continue;
        double change = heading_change(p->before, arm->heading);
        if (other_carriageway(p, arm->half, change)) continue;
        others.count++;
        if (change > slight_deg) others.right = true;
        if (change < -slight_deg) others.left = true;
        if (fabs(change) >= fabs(others.straightest)) continue;
        others.straightest = change;
        others.straightest_edge = arm->half >> 1;
    }
    return others;
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

/* Two ways on, both nearly straight. One that keeps the name, or is far more important, or is
 * straight where the other bears away, is gone on by without a word. */
static void decide_fork(const struct network *net, uint32_t from, uint32_t to, double change,
                        const struct others *others, struct maneuver *m)
{
    bool goes_on = same_road(net, from, to) && !same_road(net, from, others->straightest_edge);
    bool minor = net->edges[others->straightest_edge].road_class > net->edges[to].road_class + 4;
    bool straight = fabs(change) <= straight_deg && fabs(others->straightest) > straight_deg &&
                    same_road(net, from, to);
    if ((goes_on || minor || straight) && fabs(change) <= fabs(others->straightest)) {
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

static void decide(const struct passing *p, struct maneuver *m)
{
    const struct network *net = p->view->net;
    uint32_t from = p->from >> 1, to = p->to >> 1;
    bool was_round = net->edges[from].flags & NETWORK_ROUNDABOUT;
    bool is_round = net->edges[to].flags & NETWORK_ROUNDABOUT;
    if (was_round || is_round) {
        m->needed = was_round != is_round;
        m->type = was_round ? ROUTE_EXIT_ROUNDABOUT : ROUTE_ROUNDABOUT;
        return;
    }
    if (p->to == (p->from ^ 1)) {
        m->needed = true;
        m->type = ROUTE_CONTINUE;
        m->modifier = ROUTE_UTURN;
        return;
    }
    struct others others = look_around(p);
    if (others.count > 0) {
        decide_choice(net, from, to, p->change, &others, m);
        return;
    }
    m->type = leaves_link(net, from, to) ? ROUTE_MERGE : ROUTE_NEW_NAME;
    m->needed = !same_road(net, from, to) && has_name(net, to);
}

static double heading_of(const struct maneuver_arm *arms, uint16_t count, uint32_t half)
{
    uint16_t i = 0;
    while (i + 1 < count && arms[i].half != half)
        i++;
    return arms[i].heading;
}

struct maneuver maneuver_at(const struct network_view *view, uint32_t from, uint32_t to,
                            const struct maneuver_arm *arms, uint16_t count)
{
    const struct network *net = view->net;
    struct passing p = {view, net->arc_half[from], net->arc_half[to], arms, count, 0, 0, 0};
    double back = heading_of(arms, count, p.from ^ 1);
    p.before = back < 180 ? back + 180 : back - 180;
    p.after = heading_of(arms, count, p.to);
    p.change = heading_change(p.before, p.after);
    struct maneuver m = {.type = ROUTE_TURN,
                         .modifier = (enum route_modifier)heading_turn(p.before, p.after),
                         .bearing_before = maneuver_bearing(p.before),
                         .bearing_after = maneuver_bearing(p.after)};
    decide(&p, &m);
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
