#include "geo/road/dissect.h"

#include "geo/road/flow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Eight directions over half a turn, and a quarter of the nodes at either end: measured in
 * docs/decisions/0017-the-order-is-by-inertial-flow.md. */
enum { DIRECTIONS = 8, ENDS = 4 };
enum { LARGE = 2000, PROMISING = 2 };
enum { TOLD = 5000 }; /* nodes of a piece whose turn is worth telling */

/* A part of the network, numbered on its own, with what leads back to the whole. */
struct piece {
    struct flow_graph graph;
    uint32_t *node; /* [node]: of the network */
    uint32_t *edge; /* [link]: of the network */
};

struct placed {
    double key;
    uint32_t node;
};

struct dissection {
    const struct network *net;
    const struct progress *progress;
    uint32_t *rank;
    uint32_t ranked; /* how many have their rank */
    /* For the cut of one piece at a time. */
    struct flow flow;
    struct placed *keys;
    uint32_t *placed;
    float *across;
};

static enum err dissect(struct dissection *d, const struct piece *piece, uint32_t first);

static void piece_free(struct piece *piece)
{
    free(piece->graph.first);
    free(piece->graph.to);
    free(piece->graph.mate);
    free(piece->graph.capacity);
    free(piece->node);
    free(piece->edge);
}

static bool piece_alloc(struct piece *piece, size_t nodes, size_t links)
{
    struct flow_graph *graph = &piece->graph;
    graph->count = (uint32_t)nodes;
    graph->first = malloc((nodes + 1) * sizeof *graph->first);
    graph->to = malloc((links + 1) * sizeof *graph->to);
    graph->mate = malloc((links + 1) * sizeof *graph->mate);
    graph->capacity = malloc(links + 1);
    piece->node = malloc((nodes + 1) * sizeof *piece->node);
    piece->edge = calloc(links + 1, sizeof *piece->edge);
    return graph->first && graph->to && graph->mate && graph->capacity && piece->node &&
           piece->edge;
}

/* --- where to cut --- */

/* Puts the `count` lowest keys first. Quickselect (C. A. R. Hoare, Algorithm 65: Find, CACM 4,
 * 1961); equal keys go by node, so that there is one answer. */
static bool before(struct placed a, struct placed b)
{
    return a.key < b.key || (!(b.key < a.key) && a.node < b.node);
}

static void swap(struct placed *a, struct placed *b)
{
    struct placed kept = *a;
    *a = *b;
    *b = kept;
}

static void select_lowest(struct placed *items, uint32_t size, uint32_t count)
{
    uint32_t begin = 0, end = size;
    while (end - begin > 1 && count > begin && count < end) {
        struct placed pivot = items[begin + (end - begin) / 2];
        uint32_t low = begin, high = end - 1;
        for (;;) {
            while (before(items[low], pivot))
                low++;
            while (before(pivot, items[high]))
                high--;
            if (low >= high) break;
            swap(&items[low++], &items[high--]);
        }
        /* All before `low` are no higher than the pivot, the rest no lower. */
        if (low == begin) low++;
        if (count < low)
            end = low;
        else
            begin = low;
    }
}

/* Orders the nodes so that the first and the last quarter lie furthest to either side of the
 * direction with index `i`, in the plane that touches the earth at the piece's first node. */
static void place_nodes(struct dissection *d, const struct piece *piece, int i, uint32_t ends)
{
    const struct network_node *nodes = d->net->nodes, *at = &nodes[piece->node[0]];
    uint32_t count = piece->graph.count;
    double lon = atan2(at->y_cm, at->x_cm);
    double lat = atan2(at->z_cm, hypot((double)at->x_cm, (double)at->y_cm));
    double angle = 3.14159265358979323846 * i / DIRECTIONS, east = cos(angle), north = sin(angle);
    double x = -east * sin(lon) - north * sin(lat) * cos(lon);
    double y = east * cos(lon) - north * sin(lat) * sin(lon), z = north * cos(lat);
    for (uint32_t n = 0; n < count; n++) {
        const struct network_node *node = &nodes[piece->node[n]];
        d->keys[n] = (struct placed){x * node->x_cm + y * node->y_cm + z * node->z_cm, n};
        d->across[n] = (float)d->keys[n].key;
    }
    select_lowest(d->keys, count, ends);
    select_lowest(d->keys + ends, count - ends, count - 2 * ends);
    for (uint32_t n = 0; n < count; n++)
        d->placed[n] = d->keys[n].node;
}

/* Which directions to try: all of them in a small piece; in a large one, where a cut takes long,
 * the most promising. Their number. */
static int choose_directions(struct dissection *d, const struct piece *piece, uint32_t ends,
                             int chosen[DIRECTIONS])
{
    uint32_t estimates[DIRECTIONS] = {0};
    struct flow_ends at = {d->placed, ends, d->across};
    bool large = piece->graph.count > LARGE;
    for (int i = 0; i < DIRECTIONS; i++) {
        int rank = i;
        if (large) {
            place_nodes(d, piece, i, ends);
            estimates[i] = flow_estimate(&d->flow, &piece->graph, &at);
        }
        for (; rank > 0 && estimates[i] < estimates[chosen[rank - 1]]; rank--)
            chosen[rank] = chosen[rank - 1];
        chosen[rank] = i;
    }
    return large ? PROMISING : DIRECTIONS;
}

/* The least cut of these directions; the more balanced one of two alike. */
static void find_cut(struct dissection *d, const struct piece *piece, uint8_t *best, uint8_t *side)
{
    uint32_t count = piece->graph.count, ends = count / ENDS ? count / ENDS : 1;
    uint32_t least = NETWORK_NONE - 1, balance = 0;
    struct flow_ends at = {d->placed, ends, d->across};
    int chosen[DIRECTIONS], tried = choose_directions(d, piece, ends, chosen);
    for (int i = 0; i < tried; i++) {
        uint32_t smaller = 0;
        place_nodes(d, piece, chosen[i], ends);
        uint32_t cut = flow_cut(&d->flow, &piece->graph, &at, least + 1, side, &smaller);
        if (cut > least || (cut == least && smaller <= balance)) continue;
        memcpy(best, side, count);
        least = cut;
        balance = smaller;
    }
}

/* --- taking apart --- */

struct parting {
    const struct piece *whole;
    const uint8_t *side;
    uint32_t *where; /* [node of the whole]: in the part at hand, or NETWORK_NONE */
    uint32_t *moved; /* [link of the whole]: in the part at hand */
    uint32_t *list;  /* nodes of the part at hand */
    uint32_t count;
};

/* Lists what is connected with `start` on its side of the cut. The number of links. */
static uint32_t gather(struct parting *p, uint32_t start)
{
    const struct flow_graph *graph = &p->whole->graph;
    uint32_t links = 0;
    p->count = 0;
    p->where[start] = p->count;
    p->list[p->count++] = start;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t node = p->list[i];
        for (uint32_t k = graph->first[node]; k < graph->first[node + 1]; k++) {
            uint32_t to = graph->to[k];
            if (p->side[to] != p->side[start]) continue;
            p->moved[k] = links++;
            if (p->where[to] != NETWORK_NONE) continue;
            p->where[to] = p->count;
            p->list[p->count++] = to;
        }
    }
    return links;
}

static void copy_part(const struct parting *p, struct piece *part)
{
    const struct flow_graph *graph = &p->whole->graph;
    uint32_t links = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t node = p->list[i];
        part->graph.first[i] = links;
        part->node[i] = p->whole->node[node];
        for (uint32_t k = graph->first[node]; k < graph->first[node + 1]; k++) {
            if (p->side[graph->to[k]] != p->side[node]) continue;
            part->graph.to[links] = p->where[graph->to[k]];
            part->graph.mate[links] = p->moved[graph->mate[k]];
            part->graph.capacity[links] = graph->capacity[k];
            part->edge[links++] = p->whole->edge[k];
        }
    }
    part->graph.first[p->count] = links;
}

static void rank_cut(struct dissection *d, const struct piece *piece, const uint8_t *side,
                     uint32_t first)
{
    const struct flow_graph *graph = &piece->graph;
    uint32_t next = first;
    for (uint32_t n = 0; n < graph->count; n++)
        for (uint32_t k = graph->first[n]; side[n] && k < graph->first[n + 1]; k++)
            if (!side[graph->to[k]]) d->rank[piece->edge[k]] = next++;
    d->ranked += next - first;
}

/* Dissects what the cut leaves connected, one after the other. */
static enum err dissect_parts(struct dissection *d, struct parting *p, uint32_t *first)
{
    enum err e = ERR_OK;
    for (uint32_t start = 0; !e && start < p->whole->graph.count; start++) {
        if (p->where[start] != NETWORK_NONE) continue;
        uint32_t links = gather(p, start);
        struct piece part = {.node = NULL};
        if (links == 0) continue; /* no edge to rank */
        if (piece_alloc(&part, p->count, links)) {
            copy_part(p, &part);
            e = dissect(d, &part, *first);
        } else {
            e = ERR_NOMEM;
        }
        piece_free(&part);
        *first += links / 2;
    }
    return e;
}

/* Ranks the edges of a piece from `first` on, given which side of the cut every node is on. */
static enum err rank_piece(struct dissection *d, const struct piece *piece, const uint8_t *side,
                           uint32_t first)
{
    const struct flow_graph *graph = &piece->graph;
    struct parting p = {.whole = piece,
                        .side = side,
                        .where = malloc(graph->count * sizeof *p.where),
                        .moved = malloc((graph->first[graph->count] + (size_t)1) * sizeof *p.moved),
                        .list = malloc(graph->count * sizeof *p.list)};
    enum err e = p.where && p.moved && p.list ? ERR_OK : ERR_NOMEM;
    if (!e) {
        memset(p.where, 0xff, graph->count * sizeof *p.where);
        e = dissect_parts(d, &p, &first);
    }
    free(p.where);
    free(p.moved);
    free(p.list);
    if (!e) rank_cut(d, piece, side, first);
    return e;
}

/* A connected piece of two nodes or more. */
static enum err dissect(struct dissection *d, const struct piece *piece, uint32_t first)
{
    uint32_t count = piece->graph.count;
    if (count > TOLD && !progress_say(d->progress, "order", d->ranked, d->net->edge_count))
        return ERR_CANCELLED;
    uint8_t *sides = malloc(2 * (size_t)count);
    if (!sides) return ERR_NOMEM;
    find_cut(d, piece, sides, sides + count);
    enum err e = rank_piece(d, piece, sides, first);
    free(sides);
    return e;
}

/* --- the whole network --- */

static void add_link(struct piece *whole, uint32_t link, uint32_t mate, uint32_t to, uint32_t edge)
{
    whole->graph.to[link] = to;
    whole->graph.mate[link] = mate;
    whole->edge[link] = edge;
}

/* All nodes and edges; edges from a node to itself bind nothing and are ranked at once. */
static enum err whole_network(struct dissection *d, struct piece *whole, uint32_t *loops)
{
    const struct network *net = d->net;
    size_t links = 2 * (size_t)net->edge_count;
    if (!piece_alloc(whole, (size_t)net->node_count + 1, links)) return ERR_NOMEM;
    uint32_t *first = whole->graph.first;
    whole->graph.count = net->node_count;
    memset(first, 0, ((size_t)net->node_count + 2) * sizeof *first);
    for (uint32_t i = 0; i < net->edge_count; i++) {
        const struct network_edge *edge = &net->edges[i];
        if (edge->from == edge->to) continue;
        first[edge->from + 2]++;
        first[edge->to + 2]++;
    }
    for (uint32_t n = 0; n < net->node_count; n++) {
        first[n + 2] += first[n + 1];
        whole->node[n] = n;
    }
    for (uint32_t i = 0; i < net->edge_count; i++) {
        const struct network_edge *edge = &net->edges[i];
        if (edge->from == edge->to) {
            d->rank[i] = (*loops)++;
            continue;
        }
        uint32_t out = first[edge->from + 1]++, back = first[edge->to + 1]++;
        add_link(whole, out, back, edge->to, i);
        add_link(whole, back, out, edge->from, i);
    }
    return ERR_OK;
}

static enum err weigh(const struct network *net, struct piece *whole)
{
    uint8_t *arcs = calloc(net->edge_count, sizeof *arcs);
    if (!arcs) return ERR_NOMEM;
    for (uint32_t a = 0; a < net->arc_count; a++)
        if (arcs[net->arc_half[a] >> 1] < FLOW_MAX_CAPACITY) arcs[net->arc_half[a] >> 1]++;
    for (uint32_t k = 0; k < whole->graph.first[net->node_count]; k++)
        whole->graph.capacity[k] = arcs[whole->edge[k]] ? arcs[whole->edge[k]] : 1;
    free(arcs);
    return ERR_OK;
}

enum err dissect_edges(const struct network *net, const struct progress *progress, uint32_t *rank)
{
    struct dissection d = {.net = net, .progress = progress};
    struct piece whole = {.node = NULL};
    uint32_t loops = 0;
    if (!progress_say(progress, "order", 0, net->edge_count)) return ERR_CANCELLED;
    size_t nodes = (size_t)net->node_count + 1;
    d.rank = rank;
    uint8_t *side = calloc(nodes, sizeof *side);
    d.keys = malloc(nodes * sizeof *d.keys);
    d.placed = malloc(nodes * sizeof *d.placed);
    d.across = malloc(nodes * sizeof *d.across);
    bool room = flow_init(&d.flow, nodes, 2 * (size_t)net->edge_count);
    enum err e = room && side && d.keys && d.placed && d.across ? ERR_OK : ERR_NOMEM;
    if (!e) e = whole_network(&d, &whole, &loops);
    if (!e) e = weigh(net, &whole);
    /* All on one side: nothing is cut, and what is not connected is told apart. */
    if (!e) e = rank_piece(&d, &whole, side, loops);
    piece_free(&whole);
    flow_fini(&d.flow);
    free(d.keys);
    free(d.placed);
    free(d.across);
    free(side);
    if (!e && !progress_say(progress, "order", net->edge_count, net->edge_count)) e = ERR_CANCELLED;
    return e;
}
