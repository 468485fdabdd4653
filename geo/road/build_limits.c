/* Turn restrictions become sequences of arcs that must not be driven one after the other.
 *
 * no_*:   from, via ..., to is forbidden.
 * only_*: having come from `from`, every step off the way to `to` is forbidden.
 *
 * The sequences go into a trie with suffix links (A. Aho, M. Corasick, Efficient string matching,
 * CACM 18, 1975); its inner nodes are the copies of arcs that remember where one came from. */
#include "geo/road/build_work.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CHAIN = 64 };

struct chain {
    uint32_t arcs[MAX_CHAIN];
    unsigned len;
};

struct limiting {
    struct build *build;
    struct build_pair *way_edges; /* way id -> edge, by id */
    const struct build_limit *limit;
    struct chain found; /* the last whole chain */
    unsigned found_count;
};

static size_t first_edge(const struct limiting *l, int64_t way)
{
    size_t low = 0, high = l->build->net.edge_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (l->way_edges[mid].id < way)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static uint32_t junction_of(const struct build *b, int64_t id)
{
    size_t low = 0, high = b->net.node_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (b->junction_ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < b->net.node_count && b->junction_ids[low] == id ? b->junction_nodes[low]
                                                                 : NETWORK_NONE;
}

static bool touches(const struct limiting *l, int64_t way, uint32_t node)
{
    const struct network *net = &l->build->net;
    for (size_t i = first_edge(l, way); i < net->edge_count && l->way_edges[i].id == way; i++) {
        const struct network_edge *edge = &net->edges[l->way_edges[i].value];
        if (edge->from == node || edge->to == node) return true;
    }
    return false;
}

/* The arcs of a way that leave (or arrive at) a node; at most `max`, the number found. */
static unsigned way_arcs(const struct limiting *l, int64_t way, uint32_t node, bool leaving,
                         uint32_t *arcs, unsigned max)
{
    const struct network *net = &l->build->net;
    unsigned count = 0;
    for (size_t i = first_edge(l, way); i < net->edge_count && l->way_edges[i].id == way; i++) {
        for (uint32_t direction = 0; direction < 2; direction++) {
            uint32_t half = l->way_edges[i].value << 1 | direction;
            uint32_t end = leaving ? network_tail(net, half) : network_head(net, half);
            if (end != node || net->half_arc[half] == NETWORK_NONE) continue;
            if (count < max) arcs[count] = net->half_arc[half];
            count++;
        }
    }
    return count;
}

static const int64_t *members_of(const struct limiting *l)
{
    return l->build->members.items + l->limit->member_first;
}

static int64_t via_way(const struct limiting *l, unsigned k)
{
    return members_of(l)[l->limit->from_count + k];
}

static void finish_chain(struct limiting *l, const struct chain *chain, uint32_t node, int64_t to)
{
    uint32_t arcs[4];
    unsigned count = way_arcs(l, to, node, true, arcs, 4);
    for (unsigned i = 0; i < count && i < 4 && chain->len < MAX_CHAIN; i++) {
        /* Turning round on the last arc is meant only where from and to are one way. */
        bool back = l->build->net.arc_half[arcs[i]] ==
                    (l->build->net.arc_half[chain->arcs[chain->len - 1]] ^ 1);
        if (back && !(l->limit->via_node && members_of(l)[0] == to)) continue;
        if (!back && l->limit->via_node && members_of(l)[0] == to && l->limit->from_count == 1)
            continue;
        l->found = *chain;
        l->found.arcs[l->found.len++] = arcs[i];
        l->found_count++;
    }
}

/* Follows via way `k` from `node` until it meets what comes behind it. */
static void follow_via(struct limiting *l, struct chain chain, uint32_t node, int64_t to)
{
    const struct network *net = &l->build->net;
    for (unsigned k = 0; k < l->limit->via_count; k++) {
        int64_t next = k + 1 < l->limit->via_count ? via_way(l, k + 1) : to;
        uint32_t arcs[2], half = NETWORK_NONE;
        do {
            unsigned count = way_arcs(l, via_way(l, k), node, true, arcs, 2), kept = 0;
            for (unsigned i = 0; i < count && i < 2; i++)
                if (half == NETWORK_NONE || net->arc_half[arcs[i]] != (half ^ 1))
                    arcs[kept++] = arcs[i];
            if (kept != 1 || chain.len + 1 >= MAX_CHAIN) return; /* ends, or branches: not clear */
            half = net->arc_half[arcs[0]];
            chain.arcs[chain.len++] = arcs[0];
            node = network_head(net, half);
        } while (!touches(l, next, node));
    }
    finish_chain(l, &chain, node, to);
}

/* All chains from one `from` way to one `to` way; `found_count` says how many there were. */
static void find_chains(struct limiting *l, int64_t from, int64_t to)
{
    const struct network *net = &l->build->net;
    l->found_count = 0;
    for (size_t i = first_edge(l, from); i < net->edge_count && l->way_edges[i].id == from; i++) {
        for (uint32_t direction = 0; direction < 2; direction++) {
            uint32_t half = l->way_edges[i].value << 1 | direction;
            uint32_t node = network_head(net, half);
            if (net->half_arc[half] == NETWORK_NONE) continue;
            struct chain chain = {.arcs = {net->half_arc[half]}, .len = 1};
            if (l->limit->via_node) {
                if (node == junction_of(l->build, members_of(l)[l->limit->from_count]))
                    finish_chain(l, &chain, node, to);
            } else if (touches(l, via_way(l, 0), node)) {
                follow_via(l, chain, node, to);
            }
        }
    }
}

/* Profiles that push somewhere along the chain pass it as walkers, whom no restriction binds. */
static uint16_t bound(const struct build *b, const struct chain *chain, uint16_t mask)
{
    for (unsigned p = 0; p < b->profile_count; p++) {
        for (unsigned i = 0; i < chain->len; i++) {
            size_t arc = p * (size_t)b->net.arc_count + chain->arcs[i];
            if (b->net.time_ms[arc] == NETWORK_NONE ||
                (b->net.arc_flags[arc] & NETWORK_MODE) != b->profiles[p]->mode)
                mask &= (uint16_t) ~(1u << p);
        }
    }
    return mask;
}

static uint32_t find_child(const struct build_trie *trie, uint32_t at, uint32_t arc)
{
    uint32_t child = trie->nodes.items[at].child;
    while (child != NETWORK_NONE && trie->nodes.items[child].arc != arc)
        child = trie->nodes.items[child].sibling;
    return child;
}

static enum err trie_add(struct build_trie *trie, const uint32_t *arcs, unsigned len, uint16_t mask)
{
    if (!BUILD_ROOM(trie->nodes, len)) return ERR_NOMEM;
    uint32_t at = NETWORK_NONE;
    for (unsigned i = 0; i < len; i++) {
        uint32_t next = i ? find_child(trie, at, arcs[i]) : trie->root[arcs[i]];
        if (next == NETWORK_NONE) {
            next = (uint32_t)trie->nodes.count++;
            trie->nodes.items[next] = (struct build_trie_node){
                arcs[i], at, NETWORK_NONE, NETWORK_NONE, NETWORK_NONE, 0, 0, (uint16_t)(i + 1)};
            if (i) {
                trie->nodes.items[next].sibling = trie->nodes.items[at].child;
                trie->nodes.items[at].child = next;
            } else {
                trie->root[arcs[i]] = next;
            }
        }
        at = next;
    }
    trie->nodes.items[at].forbid |= mask;
    return ERR_OK;
}

/* Forbids every step off the chain. */
static enum err add_only(struct build *b, const struct chain *chain, uint16_t mask)
{
    const struct network *net = &b->net;
    for (unsigned i = 0; i + 1 < chain->len; i++) {
        struct chain off = *chain;
        uint32_t node = network_head(net, net->arc_half[chain->arcs[i]]);
        off.len = i + 2;
        for (uint32_t h = net->node_first[node]; h < net->node_first[node + 1]; h++) {
            uint32_t arc = net->half_arc[net->node_half[h]];
            if (arc == NETWORK_NONE || arc == chain->arcs[i + 1]) continue;
            off.arcs[i + 1] = arc;
            uint16_t binds = bound(b, &off, mask);
            enum err e = binds ? trie_add(b->trie, off.arcs, off.len, binds) : ERR_OK;
            if (e) return e;
        }
    }
    return ERR_OK;
}

static enum err add_limit(struct limiting *l)
{
    struct build *b = l->build;
    bool kept = false;
    for (uint32_t f = 0; f < l->limit->from_count; f++) {
        for (uint32_t t = 0; t < l->limit->to_count; t++) {
            const int64_t *to = members_of(l) + l->limit->from_count + l->limit->via_count;
            find_chains(l, members_of(l)[f], to[t]);
            if (l->found_count != 1) continue; /* none, or not clear which */
            uint16_t mask = bound(b, &l->found, l->limit->mask);
            if (!mask) continue;
            enum err e = l->limit->only ? add_only(b, &l->found, mask)
                                        : trie_add(b->trie, l->found.arcs, l->found.len, mask);
            if (e) return e;
            kept = true;
        }
    }
    if (kept)
        b->stats.restrictions_kept++;
    else
        b->stats.restrictions_dropped++;
    return ERR_OK;
}

/* The node reached by the arcs of `at`'s path from its `skip`-th on; NETWORK_NONE if none. */
static uint32_t walk_suffix(const struct build_trie *trie, uint32_t at, unsigned skip)
{
    uint32_t arcs[MAX_CHAIN];
    unsigned depth = trie->nodes.items[at].depth;
    for (unsigned i = depth; i-- > 0; at = trie->nodes.items[at].parent)
        arcs[i] = trie->nodes.items[at].arc;
    uint32_t node = trie->root[arcs[skip]];
    for (unsigned i = skip + 1; node != NETWORK_NONE && i < depth; i++)
        node = find_child(trie, node, arcs[i]);
    return node;
}

/* Suffix links, and a number for every state. */
static void link_trie(struct build *b)
{
    struct build_trie *trie = b->trie;
    uint32_t arc = b->net.base_arc_count;
    for (uint32_t i = 0; i < trie->nodes.count; i++) {
        struct build_trie_node *node = &trie->nodes.items[i];
        for (unsigned skip = 1; skip < node->depth && node->suffix == NETWORK_NONE; skip++)
            node->suffix = walk_suffix(trie, i, skip);
        node->state = node->depth == 1              ? node->arc
                      : node->child != NETWORK_NONE ? arc++
                                                    : NETWORK_NONE;
    }
    b->net.arc_count = arc;
}

uint32_t build_trie_step(const struct build_trie *trie, uint32_t at, uint32_t by, uint16_t *forbid)
{
    uint32_t reached = NETWORK_NONE;
    *forbid = 0;
    for (; at != NETWORK_NONE; at = trie->nodes.items[at].suffix) {
        uint32_t child = find_child(trie, at, by);
        if (child == NETWORK_NONE) continue;
        *forbid |= trie->nodes.items[child].forbid;
        if (reached == NETWORK_NONE) reached = trie->nodes.items[child].state;
    }
    return reached == NETWORK_NONE ? by : reached;
}

void build_trie_free(struct build_trie *trie)
{
    if (!trie) return;
    free(trie->nodes.items);
    free(trie->root);
    free(trie);
}

static enum err index_ways(struct limiting *l)
{
    const struct network *net = &l->build->net;
    l->way_edges = malloc(net->edge_count * sizeof *l->way_edges);
    if (!l->way_edges) return ERR_NOMEM;
    for (uint32_t i = 0; i < net->edge_count; i++)
        l->way_edges[i] = (struct build_pair){net->edges[i].way_id, i};
    return build_sort(l->way_edges, net->edge_count);
}

enum err build_limits(struct build *build)
{
    struct limiting l = {.build = build};
    build->trie = calloc(1, sizeof *build->trie);
    if (!build->trie) return ERR_NOMEM;
    size_t bytes = build->net.base_arc_count * sizeof *build->trie->root;
    build->trie->root = malloc(bytes ? bytes : 1);
    if (!build->trie->root) return ERR_NOMEM;
    memset(build->trie->root, 0xff, bytes);
    enum err e = build->limits.count ? index_ways(&l) : ERR_OK;
    for (size_t i = 0; !e && i < build->limits.count; i++) {
        l.limit = &build->limits.items[i];
        e = add_limit(&l);
    }
    if (!e) link_trie(build);
    free(l.way_edges);
    return e;
}
