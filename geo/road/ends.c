#include "geo/road/ends.h"

bool ends_leave(const struct network_view *view, const struct network_bar *bar,
                const struct network_end *source, size_t end,
                bool (*seed)(void *user, uint32_t arc, uint64_t weight, size_t end), void *user)
{
    const struct network *net = view->net;
    if (!network_arc_open(view, bar, source->arc)) return true;
    uint64_t behind = network_part_weight(view, source->arc, source->fraction);
    uint32_t last = net->turn_first[source->arc + 1];
    for (uint32_t turn = net->turn_first[source->arc]; turn < last; turn++) {
        uint32_t to = net->turn_to[turn];
        if (!network_turn_open(view, turn) || !network_arc_open(view, bar, to)) continue;
        uint64_t link = network_turn_weight(view, source->arc, turn);
        if (link == WEIGHT_NONE) continue;
        uint64_t weight = weight_add(link - behind, source->paid);
        if (weight != WEIGHT_NONE && !seed(user, to, weight, end)) return false;
    }
    return true;
}

bool ends_arrive(const struct metric *metric, const struct network_bar *bar,
                 const struct network_end *target, size_t end,
                 bool (*seed)(void *user, uint32_t arc, uint64_t weight, size_t end), void *user)
{
    const struct network_view *view = &metric->view;
    if (!network_arc_open(view, bar, target->arc)) return true;
    uint64_t part = network_part_weight(view, target->arc, target->fraction);
    if (part == WEIGHT_NONE) return true;
    uint32_t arc = view->net->half_arc[view->net->arc_half[target->arc]];
    for (; arc != NETWORK_NONE; arc = metric->cch->next_copy[arc])
        if (!seed(user, arc, part, end)) return false;
    return true;
}

uint64_t ends_straight(const struct network_view *view, const struct network_bar *bar,
                       const struct network_end *source, const struct network_end *target)
{
    const uint32_t *arc_half = view->net->arc_half;
    if (arc_half[source->arc] != arc_half[target->arc] || target->fraction < source->fraction ||
        !network_arc_open(view, bar, source->arc))
        return WEIGHT_NONE;
    uint64_t part = network_part_weight(view, target->arc, target->fraction);
    if (part == WEIGHT_NONE) return WEIGHT_NONE;
    return weight_add(part - network_part_weight(view, source->arc, source->fraction),
                      source->paid);
}

bool ends_share(const struct network *net, const struct network_end *ends, size_t count,
                uint32_t arc)
{
    for (size_t i = 0; i < count; i++)
        if (net->arc_half[ends[i].arc] == net->arc_half[arc]) return true;
    return false;
}
