/* The arrays of a road file, as the searches of this folder see them.
 *
 * Half edge h = edge * 2 + direction (0: in the order of the points). An arc is a half edge that
 * some profile travels; arcs come twice or more where the path so far matters (a turn restriction
 * over a via way): such copies stand behind the first, have the same half edge and the same times,
 * and are entered only by turns. Every profile numbers the same arcs. */
#ifndef YZ_GEO_ROAD_NETWORK_H
#define YZ_GEO_ROAD_NETWORK_H

#include "geo/road/graph.h"
#include "geo/road/mode.h"
#include "geo/road/profile.h"
#include "geo/road/weight.h"

#define NETWORK_NONE UINT32_MAX /* no arc; a time that is not allowed */

/* Penalties above this are refused in a file, so that sums stay far from any overflow. */
enum { NETWORK_MAX_TURN_MS = 100 * 3600 * 1000 };

/* The class of stairs, as graph_class_name numbers them. */
enum { NETWORK_STEPS = 21 };

enum { NETWORK_ONEWAY = 1, NETWORK_ROUNDABOUT = 2, NETWORK_LINK = 4 };

struct network_edge {
    int64_t way_id;
    uint32_t from, to; /* nodes */
    uint32_t point_first, point_count;
    uint32_t name, ref; /* in `text` */
    uint32_t length_mm; /* sum of chords */
    uint8_t road_class, flags;
    uint16_t zero; /* keeps the size a multiple of eight */
};

/* Of one arc for one profile. */
enum {
    NETWORK_MODE = 3,        /* enum route_mode */
    NETWORK_LEVEL_SHIFT = 2, /* two bits: 0 open, 1 destination, 2 private */
    NETWORK_LEVEL = 3,
    NETWORK_LEADS_OUT = 16, /* the largest component can be reached from it */
    NETWORK_REACHED = 32    /* it can be reached from the largest component */
};

/* One profile's constants, as stored. */
struct network_profile {
    char name[PROFILE_NAME_SIZE];
    double min_ms_per_m; /* no arc is faster: what bounds by distance */
    uint32_t enter_ms[ROUTE_MODES];
    uint32_t level_ms[3]; /* reluctance on entering a level */
    uint32_t component_count;
};

/* Where a node stands, in centimetres of chord_at: rounded, so off by less than a centimetre. */
struct network_node {
    int32_t x_cm, y_cm, z_cm;
};

/* All borrowed from the mapping. "per profile" arrays have arc_count (class_count) items for each
 * profile, one profile after the other. */
struct network {
    uint32_t node_count, edge_count, arc_count, base_arc_count, turn_count;
    uint32_t class_count, profile_count, half_count;
    const struct network_node *nodes;
    const uint32_t *node_first; /* [node_count + 1] into node_half */
    const uint32_t *node_half;  /* half edges that leave the node, travelled or not */
    const struct network_edge *edges;
    const struct coord_e7 *points;
    const char *text;
    const uint32_t *half_arc;    /* [2 * edge_count]: base arc or NETWORK_NONE */
    const uint32_t *arc_half;    /* [arc_count] */
    const uint32_t *turn_first;  /* [arc_count + 1] */
    const uint32_t *turn_to;     /* [turn_count] */
    const uint16_t *turn_class;  /* [turn_count]; lowest three bits: enum profile_turn */
    const uint16_t *turn_forbid; /* [turn_count]: bit p: not for profile p */
    const struct network_profile *profiles;
    const uint32_t *time_ms;       /* per profile, [arc_count]; NETWORK_NONE: not allowed */
    const uint8_t *arc_flags;      /* per profile, [arc_count] */
    const uint32_t *component;     /* per profile, [arc_count]; 0 is the largest; NETWORK_NONE */
    const uint32_t *class_time_ms; /* per profile, [class_count]: time lost */
    const uint32_t *class_cost_ms; /* per profile, [class_count]: time and reluctance */
    const uint32_t *order;         /* [arc_count]: arcs as a hierarchy contracts them */
};

/* What one request will not use, on top of what is closed. */
struct network_bar {
    const uint32_t *edge_stamp; /* [edge_count]: an edge is barred when this is `stamp`; or NULL */
    uint32_t stamp;
    bool no_steps;   /* no edge of class "steps" */
    bool no_pushing; /* no arc that is pushed along */
};

/* A place on a base arc that the profile travels: `fraction` of it lies behind, in its own
 * direction. `paid`: a weight (weight.h) spent already, of a source. */
struct network_end {
    uint32_t arc;
    double fraction;
    uint64_t paid;
};
enum { NETWORK_MAX_ENDS = 16 };

/* Two points as they may be on the network; each at most NETWORK_MAX_ENDS. */
struct network_ends {
    const struct network_end *sources, *targets;
    size_t source_count, target_count;
};

/* The cheapest way from a source to a target: its arcs, copies included, from the source's to the
 * target's, both included. */
struct network_path {
    uint64_t weight; /* WEIGHT_NONE: there is no way, and nothing else is set */
    const uint32_t *arcs;
    size_t arc_count;
    size_t source, target; /* indices of the ends it joins */
};

/* What graph_open mapped and checked. */
const struct network *graph_network(const struct graph *graph);

/* One profile's slices. */
struct network_view {
    const struct network *net;
    const struct network_profile *profile;
    const uint32_t *time_ms, *component, *class_time_ms, *class_cost_ms;
    const uint8_t *arc_flags;
    uint16_t bit;
};

static inline struct network_view network_view_of(const struct network *net, unsigned profile)
{
    size_t arcs = (size_t)profile * net->arc_count, classes = (size_t)profile * net->class_count;
    return (struct network_view){net,
                                 &net->profiles[profile],
                                 net->time_ms + arcs,
                                 net->component + arcs,
                                 net->class_time_ms + classes,
                                 net->class_cost_ms + classes,
                                 net->arc_flags + arcs,
                                 (uint16_t)(1u << profile)};
}

static inline uint32_t network_tail(const struct network *net, uint32_t half)
{
    return half & 1 ? net->edges[half >> 1].to : net->edges[half >> 1].from;
}

static inline uint32_t network_head(const struct network *net, uint32_t half)
{
    return network_tail(net, half ^ 1);
}

/* Whether the profile may make turn `turn` at all; both arcs must be its own. */
static inline bool network_turn_open(const struct network_view *view, uint32_t turn)
{
    return !(view->net->turn_forbid[turn] & view->bit) &&
           view->time_ms[view->net->turn_to[turn]] != NETWORK_NONE;
}

static inline bool network_barred(const struct network_view *view, const struct network_bar *bar,
                                  uint32_t arc)
{
    uint32_t edge = view->net->arc_half[arc] >> 1;
    if (bar->edge_stamp && bar->edge_stamp[edge] == bar->stamp) return true;
    if (bar->no_pushing && (view->arc_flags[arc] & NETWORK_MODE) == ROUTE_PUSHING) return true;
    return bar->no_steps && view->net->edges[edge].road_class == NETWORK_STEPS;
}

/* Whether an arc can be travelled by a request; `bar` may be NULL. */
static inline bool network_arc_open(const struct network_view *view, const struct network_bar *bar,
                                    uint32_t arc)
{
    return view->time_ms[arc] != NETWORK_NONE && !(bar && network_barred(view, bar, arc));
}

/* Milliseconds that changing from one arc to the next takes, by their flags alone. */
static inline uint32_t network_mode_ms(const struct network_view *view, uint8_t from, uint8_t to)
{
    unsigned mode = to & NETWORK_MODE;
    return mode != (from & NETWORK_MODE) ? view->profile->enter_ms[mode] : 0;
}

/* What the search pays for a turn from `arc`: time lost, and reluctance to enter a private or
 * destination-only stretch. */
static inline uint64_t network_turn_cost(const struct network_view *view, uint32_t arc,
                                         uint32_t turn)
{
    uint8_t from = view->arc_flags[arc], to = view->arc_flags[view->net->turn_to[turn]];
    unsigned level_from = from >> NETWORK_LEVEL_SHIFT & NETWORK_LEVEL;
    unsigned level_to = to >> NETWORK_LEVEL_SHIFT & NETWORK_LEVEL;
    uint64_t cost = view->class_cost_ms[view->net->turn_class[turn]];
    cost += network_mode_ms(view, from, to);
    return level_to > level_from ? cost + view->profile->level_ms[level_to] : cost;
}

/* The part of it that passes by the clock. */
static inline uint64_t network_turn_time(const struct network_view *view, uint32_t arc,
                                         uint32_t turn)
{
    uint8_t from = view->arc_flags[arc], to = view->arc_flags[view->net->turn_to[turn]];
    return (uint64_t)view->class_time_ms[view->net->turn_class[turn]] +
           network_mode_ms(view, from, to);
}

/* Of travelling all of an arc, which is not closed, and then making a turn. */
static inline uint64_t network_turn_weight(const struct network_view *view, uint32_t arc,
                                           uint32_t turn)
{
    return weight_clamp(view->time_ms[arc] + network_turn_cost(view, arc, turn),
                        view->time_ms[arc] + network_turn_time(view, arc, turn));
}

/* Milliseconds from the tail of an arc to `fraction` (0 to 1, in its own direction). Whole
 * milliseconds, never decreasing with the fraction, the whole arc at 1. */
static inline uint32_t network_part_ms(uint32_t time_ms, double fraction)
{
    return (uint32_t)((double)time_ms * fraction);
}

/* The same as a weight, of an arc that is not closed. */
static inline uint64_t network_part_weight(const struct network_view *view, uint32_t arc,
                                           double fraction)
{
    uint32_t part_ms = network_part_ms(view->time_ms[arc], fraction);
    return weight_clamp(part_ms, part_ms);
}

#endif
