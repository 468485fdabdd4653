/* Strongly connected components of arc states, per profile (R. Tarjan, Depth-first search and
 * linear graph algorithms, SIAM J. Comput. 1, 1972; without recursion), and for every arc whether
 * it leads to the largest of them and whether it is reached from there. Snapping asks for exactly
 * that. */
#include "geo/road/build_work.h"

#include <stdlib.h>
#include <string.h>

struct parts {
    struct network_view view;
    uint32_t *index, *low; /* [arc]; index 0: not seen yet */
    uint32_t *stack, *calls, *next_turn;
    uint32_t *part;  /* [arc]: in the order in which parts are completed, or NETWORK_NONE */
    uint32_t *order; /* arcs by part: successors' parts come first */
    uint32_t *size;  /* [part] */
    uint32_t part_count, ordered, counter, stacked;
};

static void parts_free(struct parts *p)
{
    free(p->index);
    free(p->low);
    free(p->stack);
    free(p->calls);
    free(p->next_turn);
    free(p->order);
    free(p->size);
}

static void complete_part(struct parts *p, uint32_t arc)
{
    uint32_t member, before = p->ordered;
    do {
        member = p->stack[--p->stacked];
        p->part[member] = p->part_count;
        p->order[p->ordered++] = member;
    } while (member != arc);
    p->size[p->part_count++] = p->ordered - before;
}

static void enter_arc(struct parts *p, uint32_t arc)
{
    p->index[arc] = p->low[arc] = ++p->counter;
    p->next_turn[arc] = p->view.net->turn_first[arc];
    p->stack[p->stacked++] = arc;
}

/* Explores from one arc, keeping the path in `calls`. */
static void explore(struct parts *p, uint32_t start)
{
    const struct network *net = p->view.net;
    uint32_t depth = 1;
    p->calls[0] = start;
    enter_arc(p, start);
    while (depth > 0) {
        uint32_t arc = p->calls[depth - 1];
        if (p->next_turn[arc] < net->turn_first[arc + 1]) {
            uint32_t turn = p->next_turn[arc]++, to = net->turn_to[turn];
            if (!network_turn_open(&p->view, turn)) continue;
            if (p->index[to] == 0) {
                p->calls[depth++] = to;
                enter_arc(p, to);
            } else if (p->part[to] == NETWORK_NONE && p->index[to] < p->low[arc]) {
                p->low[arc] = p->index[to];
            }
            continue;
        }
        if (p->low[arc] == p->index[arc]) complete_part(p, arc);
        if (--depth > 0 && p->low[arc] < p->low[p->calls[depth - 1]])
            p->low[p->calls[depth - 1]] = p->low[arc];
    }
}

/* Parts are completed after all that can be reached from them: walking the order forwards knows
 * where each part leads, walking it backwards knows from where it is reached. */
static enum err mark_reach(const struct parts *p, uint32_t largest, uint8_t *flags)
{
    const struct network *net = p->view.net;
    uint8_t *leads = calloc(p->part_count, sizeof *leads);
    if (!leads) return ERR_NOMEM;
    leads[largest] = NETWORK_LEADS_OUT | NETWORK_REACHED;
    for (uint32_t i = 0; i < p->ordered; i++) {
        uint32_t arc = p->order[i];
        for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++)
            if (network_turn_open(&p->view, t) &&
                leads[p->part[net->turn_to[t]]] & NETWORK_LEADS_OUT)
                leads[p->part[arc]] |= NETWORK_LEADS_OUT;
    }
    for (uint32_t i = p->ordered; i-- > 0;) {
        uint32_t arc = p->order[i];
        if (!(leads[p->part[arc]] & NETWORK_REACHED)) continue;
        for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++)
            if (network_turn_open(&p->view, t)) leads[p->part[net->turn_to[t]]] |= NETWORK_REACHED;
    }
    for (uint32_t i = 0; i < p->ordered; i++)
        flags[p->order[i]] |= leads[p->part[p->order[i]]];
    free(leads);
    return ERR_OK;
}

/* rank[part]: 0 for the largest. */
static enum err rank_parts(const struct parts *p, uint32_t *rank)
{
    struct build_pair *pairs = malloc((p->part_count ? p->part_count : 1) * sizeof *pairs);
    if (!pairs) return ERR_NOMEM;
    for (uint32_t i = 0; i < p->part_count; i++)
        pairs[i] = (struct build_pair){-(int64_t)p->size[i], i};
    enum err e = build_sort(pairs, p->part_count);
    for (uint32_t i = 0; !e && i < p->part_count; i++)
        rank[pairs[i].value] = i;
    free(pairs);
    return e;
}

static enum err find_parts(struct parts *p, uint8_t *flags, uint32_t *largest)
{
    uint32_t arcs = p->view.net->arc_count;
    for (uint32_t arc = 0; arc < arcs; arc++)
        if (p->view.time_ms[arc] != NETWORK_NONE && p->index[arc] == 0) explore(p, arc);
    uint32_t *rank = p->low; /* no longer needed, and large enough */
    *largest = 0;
    if (p->part_count == 0) return ERR_OK;
    enum err e = rank_parts(p, rank);
    if (e) return e;
    for (uint32_t part = 0; part < p->part_count; part++)
        if (rank[part] == 0) {
            *largest = p->size[part];
            e = mark_reach(p, part, flags);
        }
    for (uint32_t i = 0; i < p->ordered; i++)
        p->part[p->order[i]] = rank[p->part[p->order[i]]];
    return e;
}

static enum err parts_of(struct build *b, unsigned profile, uint32_t *component, uint8_t *flags,
                         struct network_profile *stored)
{
    size_t arcs = b->net.arc_count;
    struct parts p = {.view = network_view_of(&b->net, profile),
                      .index = calloc(arcs, sizeof *p.index),
                      .low = malloc(arcs * sizeof *p.low),
                      .stack = malloc(arcs * sizeof *p.stack),
                      .calls = malloc(arcs * sizeof *p.calls),
                      .next_turn = malloc(arcs * sizeof *p.next_turn),
                      .part = component,
                      .order = malloc(arcs * sizeof *p.order),
                      .size = malloc(arcs * sizeof *p.size)};
    uint32_t largest = 0;
    memset(component, 0xff, arcs * sizeof *component);
    enum err e = p.index && p.low && p.stack && p.calls && p.next_turn && p.order && p.size
                     ? find_parts(&p, flags, &largest)
                     : ERR_NOMEM;
    if (!e) stored->component_count = p.part_count;
    /* The figures told are those of the profile with the largest component. */
    if (!e && largest > b->stats.largest_component_arcs) {
        b->stats.largest_component_arcs = largest;
        b->stats.components = p.part_count;
    }
    parts_free(&p);
    return e;
}

enum err build_parts(struct build *build, const struct progress *progress)
{
    struct network *net = &build->net;
    size_t arcs = net->arc_count;
    uint32_t *component = arena_calloc(&build->memory, build->profile_count * arcs, 4);
    if (!component) return ERR_NOMEM;
    net->component = component;
    /* Both arrays are this build's own memory; only the view of them is const. */
    uint8_t *flags = (uint8_t *)net->arc_flags;
    struct network_profile *profiles = (struct network_profile *)net->profiles;
    enum err e = ERR_OK;
    for (unsigned p = 0; !e && p < build->profile_count; p++) {
        e = parts_of(build, p, component + p * arcs, flags + p * arcs, &profiles[p]);
        if (!e && !progress_say(progress, "components", p + 1, build->profile_count))
            e = ERR_CANCELLED;
    }
    return e;
}
