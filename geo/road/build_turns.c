/* Arcs with their times, and the turns between them. */
#include "geo/road/build_work.h"

#include "geo/road/chord.h"
#include "geo/road/heading.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double edge_length_m(const struct network *net, uint32_t edge)
{
    const struct coord_e7 *points = net->points + net->edges[edge].point_first;
    double length_m = 0;
    for (uint32_t i = 1; i < net->edges[edge].point_count; i++)
        length_m += chord_length_m(chord_at(coord_from_e7(points[i - 1])),
                                   chord_at(coord_from_e7(points[i])));
    return length_m;
}

static float half_kmh(const struct build *b, uint32_t half, size_t profile)
{
    const struct build_travel *travel =
        &b->travels.items[b->edge_way[half >> 1] * b->profile_count + profile];
    return half & 1 ? travel->backward_kmh : travel->forward_kmh;
}

/* Rounded up, so that no arc is faster than its speed. */
static uint32_t half_ms(double length_m, float kmh)
{
    double ms = ceil(length_m * 3600 / (double)kmh);
    return ms < NETWORK_MAX_TURN_MS ? (uint32_t)ms : NETWORK_MAX_TURN_MS;
}

static enum err number_arcs(struct build *b)
{
    struct network *net = &b->net;
    uint32_t count = 0, *half_arc = arena_calloc(&b->memory, 2 * (size_t)net->edge_count, 4);
    uint32_t *arc_half = arena_calloc(&b->memory, 2 * (size_t)net->edge_count, 4);
    if (!half_arc || !arc_half) return ERR_NOMEM;
    for (uint32_t half = 0; half < 2 * net->edge_count; half++) {
        bool used = false;
        for (size_t p = 0; p < b->profile_count; p++)
            used = used || half_kmh(b, half, p) > 0;
        half_arc[half] = used ? count : NETWORK_NONE;
        if (used) arc_half[count++] = half;
    }
    net->half_arc = half_arc;
    net->arc_half = arc_half;
    net->arc_count = net->base_arc_count = count;
    return ERR_OK;
}

/* Times and flags of all arcs (copies too, once they are numbered), and the bound of speeds. */
static enum err time_arcs(struct build *b)
{
    struct network *net = &b->net;
    size_t arcs = net->arc_count;
    uint32_t *time = arena_calloc(&b->memory, b->profile_count * arcs, sizeof *time);
    uint8_t *flags = arena_calloc(&b->memory, b->profile_count * arcs, sizeof *flags);
    struct network_profile *profiles = arena_calloc(&b->memory, b->profile_count, sizeof *profiles);
    if (!time || !flags || !profiles) return ERR_NOMEM;
    for (size_t p = 0; p < b->profile_count; p++)
        profiles[p].min_ms_per_m = INFINITY;
    for (uint32_t a = 0; a < arcs; a++) {
        uint32_t half = net->arc_half[a];
        double length_m = edge_length_m(net, half >> 1);
        for (size_t p = 0; p < b->profile_count; p++) {
            float kmh = half_kmh(b, half, p);
            size_t i = p * arcs + a;
            const struct build_travel *travel =
                &b->travels.items[b->edge_way[half >> 1] * b->profile_count + p];
            time[i] = kmh > 0 ? half_ms(length_m, kmh) : NETWORK_NONE;
            flags[i] = half & 1 ? travel->backward_flags : travel->forward_flags;
            if (kmh > 0 && length_m > 0 && time[i] / length_m < profiles[p].min_ms_per_m)
                profiles[p].min_ms_per_m = time[i] / length_m;
        }
    }
    for (size_t p = 0; p < b->profile_count; p++)
        if (isinf(profiles[p].min_ms_per_m)) profiles[p].min_ms_per_m = 0;
    net->time_ms = time;
    net->arc_flags = flags;
    net->profiles = profiles;
    net->profile_count = (uint32_t)b->profile_count;
    return ERR_OK;
}

enum err build_arcs(struct build *build)
{
    enum err e = number_arcs(build);
    return e ? e : time_arcs(build);
}

/* Behind the arcs of build_arcs come the copies that the trie asks for. */
static enum err add_copies(struct build *b, uint32_t **arc_node)
{
    struct network *net = &b->net;
    uint32_t *arc_half = arena_calloc(&b->memory, net->arc_count, sizeof *arc_half);
    *arc_node = malloc(net->arc_count * sizeof **arc_node);
    if (!arc_half || !*arc_node) return ERR_NOMEM;
    memcpy(arc_half, net->arc_half, net->base_arc_count * sizeof *arc_half);
    memcpy(*arc_node, b->trie->root, net->base_arc_count * sizeof **arc_node);
    for (uint32_t i = 0; i < b->trie->nodes.count; i++) {
        const struct build_trie_node *node = &b->trie->nodes.items[i];
        if (node->depth < 2 || node->state == NETWORK_NONE) continue;
        arc_half[node->state] = net->arc_half[node->arc];
        (*arc_node)[node->state] = i;
    }
    net->arc_half = arc_half;
    return time_arcs(b);
}

/* One way on from an arc. */
struct onward {
    uint32_t to;
    uint16_t forbid; /* by restriction or barrier */
    uint16_t class;
    bool back;
};
static uint16_t absent_mask(const struct build *b, uint32_t arc)
{
    uint16_t mask = 0;
    for (size_t p = 0; p < b->profile_count; p++)
        if (b->net.time_ms[p * b->net.arc_count + arc] == NETWORK_NONE) mask |= (uint16_t)(1u << p);
    return mask;
}

static uint16_t kind_at(const struct build *b, uint32_t half, uint32_t node)
{
    uint8_t direction = b->node_direction[node];
    return direction && direction != (half & 1 ? 2 : 1) ? 0 : b->node_kind[node];
}

static uint16_t blocked_mask(const struct build *b, uint16_t kind)
{
    uint16_t mask = 0;
    for (size_t p = 0; p < b->profile_count; p++)
        if (b->kinds.items[kind * b->profile_count + p].blocked) mask |= (uint16_t)(1u << p);
    return mask;
}

static enum profile_turn turn_of(const struct network *net, uint32_t from, uint32_t to,
                                 uint32_t arms)
{
    if (to == (from ^ 1)) return PROFILE_TURN_UTURN;
    if (arms <= 2) return PROFILE_TURN_STRAIGHT; /* a bend, not a turn */
    return heading_turn(heading_arrive(net, from), heading_leave(net, to));
}

/* All ways on from arc state `arc`; their number. */
static uint32_t list_onward(const struct build *b, uint32_t arc, uint32_t trie_node,
                            struct onward *list)
{
    const struct network *net = &b->net;
    uint32_t half = net->arc_half[arc], node = network_head(net, half), count = 0;
    uint32_t arms = net->node_first[node + 1] - net->node_first[node];
    uint16_t kind = kind_at(b, half, node), blocked = blocked_mask(b, kind);
    uint16_t from_absent = absent_mask(b, arc);
    for (uint32_t i = net->node_first[node]; i < net->node_first[node + 1]; i++) {
        uint32_t to_half = net->node_half[i], to = net->half_arc[to_half];
        if (to == NETWORK_NONE) continue;
        struct onward on = {.back = to_half == (half ^ 1)};
        on.to = build_trie_step(b->trie, trie_node, to, &on.forbid);
        on.forbid |= from_absent | absent_mask(b, to);
        if (!on.back) on.forbid |= blocked;
        on.class = (uint16_t)(kind * PROFILE_TURNS + turn_of(net, half, to_half, arms));
        list[count++] = on;
    }
    return count;
}

/* Turning round is for those who may do so anywhere, and for those who cannot go on. */
static void limit_uturns(const struct build *b, struct onward *list, uint32_t count)
{
    uint16_t can_go_on = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!list[i].back) can_go_on |= (uint16_t)~list[i].forbid;
    for (size_t p = 0; p < b->profile_count; p++)
        if (b->profiles[p]->uturn_anywhere) can_go_on &= (uint16_t) ~(1u << p);
    for (uint32_t i = 0; i < count; i++)
        if (list[i].back) list[i].forbid |= can_go_on;
}

static enum err add_turns(struct build *b, const struct onward *list, uint32_t count)
{
    uint16_t all = (uint16_t)((1u << b->profile_count) - 1);
    if (!BUILD_ROOM(b->turn_to, count) || !BUILD_ROOM(b->turn_class, count) ||
        !BUILD_ROOM(b->turn_forbid, count))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        if ((list[i].forbid & all) == all) continue;
        b->turn_to.items[b->turn_to.count++] = list[i].to;
        b->turn_class.items[b->turn_class.count++] = list[i].class;
        b->turn_forbid.items[b->turn_forbid.count++] = list[i].forbid & all;
    }
    return b->turn_to.count < NETWORK_NONE ? ERR_OK : ERR_LIMIT;
}

static uint32_t seconds_ms(double seconds)
{
    return seconds > 0 ? (uint32_t)lround(fmin(seconds * 1000, build_max_delay_ms)) : 0;
}

static enum err price_classes(struct build *b)
{
    struct network *net = &b->net;
    struct network_profile *profiles = (struct network_profile *)net->profiles;
    uint32_t kinds = (uint32_t)(b->kinds.count / b->profile_count);
    net->class_count = kinds * PROFILE_TURNS;
    size_t cells = b->profile_count * net->class_count;
    uint32_t *time = arena_calloc(&b->memory, cells, sizeof *time);
    uint32_t *cost = arena_calloc(&b->memory, cells, sizeof *cost);
    if (!time || !cost) return ERR_NOMEM;
    for (size_t p = 0; p < b->profile_count; p++) {
        const struct profile *profile = b->profiles[p];
        for (uint32_t c = 0; c < net->class_count; c++) {
            const struct build_kind *kind =
                &b->kinds.items[c / PROFILE_TURNS * b->profile_count + p];
            uint32_t turn_ms = seconds_ms(profile->turn_s[c % PROFILE_TURNS]);
            time[p * net->class_count + c] = turn_ms + kind->time_ms;
            cost[p * net->class_count + c] = turn_ms + kind->cost_ms;
        }
        for (size_t m = 0; m < ROUTE_MODES; m++)
            profiles[p].enter_ms[m] = seconds_ms(profile->enter_s[m]);
        profiles[p].level_ms[PROFILE_DESTINATION] = seconds_ms(profile->destination_s);
        profiles[p].level_ms[PROFILE_PRIVATE] = seconds_ms(profile->private_s);
        memcpy(profiles[p].name, profile->name, sizeof profiles[p].name);
    }
    net->class_time_ms = time;
    net->class_cost_ms = cost;
    return ERR_OK;
}

enum err build_turns(struct build *build, const struct progress *progress)
{
    struct network *net = &build->net;
    uint32_t *arc_node = NULL, *first = NULL, most = 1;
    for (uint32_t n = 0; n < net->node_count; n++)
        if (net->node_first[n + 1] - net->node_first[n] > most)
            most = net->node_first[n + 1] - net->node_first[n];
    struct onward *list = malloc(most * sizeof *list);
    if (!list) return ERR_NOMEM;
    enum err e = add_copies(build, &arc_node);
    if (!e) first = arena_calloc(&build->memory, (size_t)net->arc_count + 1, sizeof *first);
    if (!e && !first) e = ERR_NOMEM;
    for (uint32_t arc = 0; !e && arc < net->arc_count; arc++) {
        uint32_t count = list_onward(build, arc, arc_node[arc], list);
        limit_uturns(build, list, count);
        e = add_turns(build, list, count);
        first[arc + 1] = (uint32_t)build->turn_to.count;
        if (arc % 65536 == 0 && !progress_say(progress, "turns", arc, net->arc_count))
            e = ERR_CANCELLED;
    }
    net->turn_first = first;
    net->turn_to = build->turn_to.items;
    net->turn_class = build->turn_class.items;
    net->turn_forbid = build->turn_forbid.items;
    net->turn_count = (uint32_t)build->turn_to.count;
    if (!e) e = price_classes(build);
    free(arc_node);
    free(list);
    build->stats.arcs = net->arc_count;
    build->stats.turns = net->turn_count;
    return e;
}
