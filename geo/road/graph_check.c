/* The part of graph_open that reads every number of the file once. */
#include "geo/road/graph_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum err damaged(struct why *why, const char *what, uint64_t index)
{
    return err_say(why, ERR_FORMAT, "the road file is damaged: %s %llu; build it again", what,
                   (unsigned long long)index);
}

static enum err check_nodes(const struct network *net, struct why *why)
{
    if (net->node_first[0] != 0 || net->node_first[net->node_count] != net->half_count)
        return damaged(why, "list of nodes", 0);
    for (uint32_t n = 0; n < net->node_count; n++)
        if (net->node_first[n] > net->node_first[n + 1]) return damaged(why, "node", n);
    /* All firsts are in range now, for they ascend to the count. */
    for (uint32_t n = 0; n < net->node_count; n++) {
        for (uint32_t i = net->node_first[n]; i < net->node_first[n + 1]; i++) {
            uint32_t half = net->node_half[i];
            if (half >> 1 >= net->edge_count || network_tail(net, half) != n)
                return damaged(why, "node", n);
        }
    }
    return ERR_OK;
}

static enum err check_edges(const struct network *net, uint64_t text_len, uint64_t point_count,
                            struct why *why)
{
    for (uint32_t i = 0; i < net->edge_count; i++) {
        const struct network_edge *edge = &net->edges[i];
        if (edge->from >= net->node_count || edge->to >= net->node_count || edge->point_count < 2 ||
            edge->point_first > point_count ||
            edge->point_count > point_count - edge->point_first || edge->name >= text_len ||
            edge->ref >= text_len || !graph_class_name(edge->road_class))
            return damaged(why, "edge", i);
    }
    for (uint64_t i = 0; i < point_count; i++) {
        struct coord_e7 at = net->points[i];
        if (at.lon_e7 < -1800000000 || at.lon_e7 > 1800000000 || at.lat_e7 < -900000000 ||
            at.lat_e7 > 900000000)
            return damaged(why, "point", i);
    }
    return ERR_OK;
}

static enum err check_arcs(const struct network *net, struct why *why)
{
    for (uint32_t a = 0; a < net->arc_count; a++) {
        uint32_t half = net->arc_half[a];
        if (half >> 1 >= net->edge_count || net->half_arc[half] == NETWORK_NONE ||
            (a < net->base_arc_count && net->half_arc[half] != a))
            return damaged(why, "arc", a);
    }
    for (uint32_t half = 0; half < 2 * net->edge_count; half++) {
        uint32_t arc = net->half_arc[half];
        if (arc != NETWORK_NONE && (arc >= net->base_arc_count || net->arc_half[arc] != half))
            return damaged(why, "half edge", half);
    }
    return ERR_OK;
}

static enum err check_turns(const struct network *net, struct why *why)
{
    if (net->turn_first[0] != 0 || net->turn_first[net->arc_count] != net->turn_count)
        return damaged(why, "list of turns", 0);
    for (uint32_t a = 0; a < net->arc_count; a++)
        if (net->turn_first[a] > net->turn_first[a + 1]) return damaged(why, "arc", a);
    for (uint32_t a = 0; a < net->arc_count; a++) {
        uint32_t head = network_head(net, net->arc_half[a]);
        for (uint32_t t = net->turn_first[a]; t < net->turn_first[a + 1]; t++) {
            uint32_t to = net->turn_to[t];
            if (to >= net->arc_count || network_tail(net, net->arc_half[to]) != head ||
                net->turn_class[t] >= net->class_count)
                return damaged(why, "turn", t);
        }
    }
    return ERR_OK;
}

static enum err check_profile(const struct network *net, unsigned profile, struct why *why)
{
    struct network_view view = network_view_of(net, profile);
    bool sound = memchr(view.profile->name, '\0', PROFILE_NAME_SIZE) && view.profile->name[0] &&
                 isfinite(view.profile->min_ms_per_m) && view.profile->min_ms_per_m >= 0;
    for (size_t i = 0; i < ROUTE_MODES; i++)
        sound = sound && view.profile->enter_ms[i] <= NETWORK_MAX_TURN_MS;
    for (size_t i = 0; i < 3; i++)
        sound = sound && view.profile->level_ms[i] <= NETWORK_MAX_TURN_MS;
    if (!sound) return damaged(why, "profile", profile);
    for (uint32_t c = 0; c < net->class_count; c++)
        if (view.class_cost_ms[c] > NETWORK_MAX_TURN_MS ||
            view.class_time_ms[c] > view.class_cost_ms[c])
            return damaged(why, "turn class", c);
    for (uint32_t a = 0; a < net->arc_count; a++) {
        uint8_t level = view.arc_flags[a] >> NETWORK_LEVEL_SHIFT & NETWORK_LEVEL;
        /* Copies share the times of their arc, or a search from one would differ from the other. */
        if (level > 2 || view.time_ms[a] != view.time_ms[net->half_arc[net->arc_half[a]]] ||
            (view.time_ms[a] != NETWORK_NONE && view.component[a] >= view.profile->component_count))
            return damaged(why, "arc", a);
    }
    return ERR_OK;
}

/* Every arc has its place in the order, and only one. */
static enum err check_order(const struct network *net, struct why *why)
{
    uint8_t *seen = calloc(net->arc_count, sizeof *seen);
    if (!seen) return ERR_NOMEM;
    enum err e = ERR_OK;
    for (uint32_t i = 0; !e && i < net->arc_count; i++) {
        if (net->order[i] >= net->arc_count || seen[net->order[i]])
            e = damaged(why, "order", i);
        else
            seen[net->order[i]] = 1;
    }
    free(seen);
    return e;
}

enum err graph_check_network(const struct network *net, uint64_t text_len, uint64_t point_count,
                             struct why *why)
{
    if (!text_len || net->text[text_len - 1] != '\0') return damaged(why, "text", text_len);
    enum err e = check_edges(net, text_len, point_count, why);
    if (!e) e = check_nodes(net, why);
    if (!e) e = check_arcs(net, why);
    if (!e) e = check_turns(net, why);
    if (!e) e = check_order(net, why);
    for (unsigned p = 0; !e && p < net->profile_count; p++)
        e = check_profile(net, p, why);
    return e;
}
