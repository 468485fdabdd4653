/* Ways are split where they meet, where they end, and where a node delays or bars. Edges come out
 * in the order of a Hilbert curve, and nodes in the order in which edges meet them, so that what is
 * near on the map is near in memory. */
#include "geo/road/build_work.h"

#include "geo/road/chord.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum err build_sort(struct build_pair *pairs, size_t count)
{
    struct build_pair *spare = malloc((count ? count : 1) * sizeof *spare);
    if (!spare) return ERR_NOMEM;
    struct build_pair *from = pairs, *to = spare;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t start[257] = {0};
        for (size_t i = 0; i < count; i++)
            start[(((uint64_t)from[i].id ^ 1ULL << 63) >> shift & 255) + 1]++;
        if (count && start[(((uint64_t)from[0].id ^ 1ULL << 63) >> shift & 255) + 1] == count)
            continue; /* a digit that all share */
        for (size_t d = 0; d < 256; d++)
            start[d + 1] += start[d];
        for (size_t i = 0; i < count; i++)
            to[start[((uint64_t)from[i].id ^ 1ULL << 63) >> shift & 255]++] = from[i];
        struct build_pair *swap = from;
        from = to;
        to = swap;
    }
    if (from != pairs) memcpy(pairs, from, count * sizeof *pairs);
    free(spare);
    return ERR_OK;
}

/* A stretch of a way between two junctions. */
struct stub {
    uint32_t way, first, last; /* positions in refs */
};

struct splitting {
    struct build *build;
    struct build_pair *pairs; /* ref id, position */
    uint32_t *node;           /* [position]: junction or NETWORK_NONE */
    BUILD_LIST(struct stub) stubs;
    uint32_t *renumbered; /* [junction]: node in the order edges meet it */
};

static enum err sort_refs(struct splitting *s)
{
    const struct build *b = s->build;
    s->pairs = malloc(b->refs.count * sizeof *s->pairs);
    s->node = calloc(b->refs.count, sizeof *s->node);
    if (!s->pairs || !s->node) return ERR_NOMEM;
    for (size_t i = 0; i < b->refs.count; i++)
        s->pairs[i] = (struct build_pair){b->refs.items[i], (uint32_t)i};
    /* Until junctions are numbered, a 1 marks the end of a way. */
    for (size_t w = 0; w < b->ways.count; w++) {
        const struct build_way *way = &b->ways.items[w];
        s->node[way->ref_first] = s->node[way->ref_first + way->ref_count - 1] = 1;
    }
    return build_sort(s->pairs, b->refs.count);
}

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct build_tagged *)a)->id, y = ((const struct build_tagged *)b)->id;
    return (x > y) - (x < y);
}

/* Gives junctions numbers in the order of their ids, and notes their kinds. */
static enum err number_junctions(struct splitting *s)
{
    struct build *b = s->build;
    size_t refs = b->refs.count, tagged = 0;
    int64_t *ids = malloc(refs * sizeof *ids);
    if (!ids) return ERR_NOMEM;
    uint16_t *kinds = calloc(refs, sizeof *kinds);
    uint8_t *directions = calloc(refs, sizeof *directions);
    uint32_t count = 0;
    if (kinds && directions) {
        if (b->tagged.count)
            qsort(b->tagged.items, b->tagged.count, sizeof *b->tagged.items, by_id);
        for (size_t i = 0, end; i < refs; i = end) {
            int64_t id = s->pairs[i].id;
            bool ends_way = false;
            for (end = i; end < refs && s->pairs[end].id == id; end++)
                ends_way = ends_way || s->node[s->pairs[end].value] == 1;
            while (tagged < b->tagged.count && b->tagged.items[tagged].id < id)
                tagged++;
            bool is_tagged = tagged < b->tagged.count && b->tagged.items[tagged].id == id;
            bool junction = ends_way || is_tagged || end - i > 1;
            for (size_t k = i; k < end; k++)
                s->node[s->pairs[k].value] = junction ? count : NETWORK_NONE;
            if (!junction) continue;
            if (is_tagged) {
                kinds[count] = b->tagged.items[tagged].kind;
                directions[count] = b->tagged.items[tagged].direction;
            }
            ids[count++] = id;
        }
    }
    b->net.node_count = count;
    b->junction_ids = arena_calloc(&b->memory, count, sizeof *ids);
    b->node_kind = arena_calloc(&b->memory, count, sizeof *kinds);
    b->node_direction = arena_calloc(&b->memory, count, sizeof *directions);
    bool made = kinds && directions && b->junction_ids && b->node_kind && b->node_direction;
    if (made) {
        memcpy(b->junction_ids, ids, count * sizeof *ids);
        memcpy(b->node_kind, kinds, count * sizeof *kinds);
        memcpy(b->node_direction, directions, count);
    }
    free(ids);
    free(kinds);
    free(directions);
    return made ? ERR_OK : ERR_NOMEM;
}

static enum err cut_ways(struct splitting *s)
{
    const struct build *b = s->build;
    for (size_t w = 0; w < b->ways.count; w++) {
        const struct build_way *way = &b->ways.items[w];
        uint32_t first = way->ref_first, end = way->ref_first + way->ref_count;
        for (uint32_t i = first + 1; i < end; i++) {
            if (s->node[i] == NETWORK_NONE) continue;
            if (!BUILD_ROOM(s->stubs, 1)) return ERR_NOMEM;
            s->stubs.items[s->stubs.count++] = (struct stub){(uint32_t)w, first, i};
            first = i;
        }
    }
    return s->stubs.count > INT32_MAX ? ERR_LIMIT : ERR_OK;
}

static struct box_e7 stub_box(const struct build *b, const struct stub *stub)
{
    struct coord_e7 at = b->points.items[stub->first];
    struct box_e7 box = {at.lon_e7, at.lat_e7, at.lon_e7, at.lat_e7};
    for (uint32_t i = stub->first + 1; i <= stub->last; i++) {
        at = b->points.items[i];
        if (at.lon_e7 < box.min_lon) box.min_lon = at.lon_e7;
        if (at.lon_e7 > box.max_lon) box.max_lon = at.lon_e7;
        if (at.lat_e7 < box.min_lat) box.min_lat = at.lat_e7;
        if (at.lat_e7 > box.max_lat) box.max_lat = at.lat_e7;
    }
    return box;
}

/* The tree's order becomes the order of the edges, so that item i of the tree is edge i. */
static enum err order_stubs(struct splitting *s)
{
    struct build *b = s->build;
    uint32_t count = (uint32_t)s->stubs.count;
    struct box_e7 *boxes = malloc(count * sizeof *boxes);
    struct stub *sorted = malloc(count * sizeof *sorted);
    uint32_t *items = arena_calloc(&b->memory, count, sizeof *items);
    enum err e = boxes && sorted && items ? ERR_OK : ERR_NOMEM;
    for (uint32_t i = 0; !e && i < count; i++)
        boxes[i] = stub_box(b, &s->stubs.items[i]);
    if (!e) e = rtree_build(boxes, count, &b->tree);
    for (uint32_t i = 0; !e && i < count; i++) {
        sorted[i] = s->stubs.items[b->tree.items[i]];
        items[i] = i;
    }
    if (!e) memcpy(s->stubs.items, sorted, count * sizeof *sorted);
    if (!e) b->tree.items = items;
    free(boxes);
    free(sorted);
    return e;
}

static uint32_t node_of(struct splitting *s, uint32_t position, struct network_node *nodes,
                        uint32_t *met)
{
    uint32_t junction = s->node[position];
    if (s->renumbered[junction] == NETWORK_NONE) {
        struct chord_point at = chord_at(coord_from_e7(s->build->points.items[position]));
        nodes[*met] = (struct network_node){
            (int32_t)lround(at.x * 100), (int32_t)lround(at.y * 100), (int32_t)lround(at.z * 100)};
        s->renumbered[junction] = (*met)++;
    }
    return s->renumbered[junction];
}

/* Copies a stub's points; its length in metres. */
static double copy_points(const struct build *b, const struct stub *stub, struct coord_e7 *to)
{
    double length_m = 0;
    for (uint32_t i = stub->first; i <= stub->last; i++) {
        to[i - stub->first] = b->points.items[i];
        if (i > stub->first)
            length_m += chord_length_m(chord_at(coord_from_e7(b->points.items[i - 1])),
                                       chord_at(coord_from_e7(b->points.items[i])));
    }
    return length_m;
}

static enum err make_edges(struct splitting *s)
{
    struct build *b = s->build;
    struct network *net = &b->net;
    uint32_t count = (uint32_t)s->stubs.count, point = 0, met = 0;
    struct network_edge *edges = arena_calloc(&b->memory, count, sizeof *edges);
    struct coord_e7 *points = arena_calloc(&b->memory, b->points.count + count, sizeof *points);
    struct network_node *nodes = arena_calloc(&b->memory, net->node_count, sizeof *nodes);
    b->edge_way = arena_calloc(&b->memory, count, sizeof *b->edge_way);
    s->renumbered = b->junction_nodes =
        arena_calloc(&b->memory, net->node_count, sizeof *b->junction_nodes);
    if (!edges || !points || !nodes || !b->edge_way || !s->renumbered) return ERR_NOMEM;
    memset(s->renumbered, 0xff, net->node_count * sizeof *s->renumbered);
    for (uint32_t i = 0; i < count; i++) {
        const struct stub *stub = &s->stubs.items[i];
        const struct build_way *way = &b->ways.items[stub->way];
        double length_m = copy_points(b, stub, points + point);
        uint32_t from = node_of(s, stub->first, nodes, &met);
        edges[i] = (struct network_edge){
            .way_id = way->id,
            .from = from,
            .to = node_of(s, stub->last, nodes, &met),
            .point_first = point,
            .point_count = stub->last - stub->first + 1,
            .name = way->name,
            .ref = way->ref,
            .length_mm = length_m < 4e6 ? (uint32_t)lround(length_m * 1000) : UINT32_MAX,
            .road_class = way->road_class,
            .flags = way->flags};
        point += edges[i].point_count;
        b->edge_way[i] = stub->way;
    }
    assert(met == net->node_count);
    net->edges = edges;
    net->edge_count = count;
    net->points = points;
    net->nodes = nodes;
    return ERR_OK;
}

/* Half edges by the node they leave; kinds by the new numbers of nodes. */
static enum err index_nodes(struct build *b)
{
    struct network *net = &b->net;
    uint32_t *first = arena_calloc(&b->memory, (size_t)net->node_count + 2, sizeof *first);
    uint32_t *half = arena_calloc(&b->memory, 2 * (size_t)net->edge_count, sizeof *half);
    uint16_t *kinds = arena_calloc(&b->memory, net->node_count, sizeof *kinds);
    uint8_t *directions = arena_calloc(&b->memory, net->node_count, sizeof *directions);
    if (!first || !half || !kinds || !directions) return ERR_NOMEM;
    /* Counted two places up, so that filling moves each start to its place. */
    for (uint32_t h = 0; h < 2 * net->edge_count; h++)
        first[network_tail(net, h) + 2]++;
    for (uint32_t n = 1; n <= net->node_count + 1; n++)
        first[n] += first[n - 1];
    for (uint32_t h = 0; h < 2 * net->edge_count; h++)
        half[first[network_tail(net, h) + 1]++] = h;
    for (uint32_t j = 0; j < net->node_count; j++) {
        kinds[b->junction_nodes[j]] = b->node_kind[j];
        directions[b->junction_nodes[j]] = b->node_direction[j];
    }
    b->node_kind = kinds;
    b->node_direction = directions;
    net->node_first = first;
    net->node_half = half;
    net->half_count = 2 * net->edge_count;
    return ERR_OK;
}

enum err build_edges(struct build *build, const struct progress *progress)
{
    struct splitting s = {.build = build};
    enum err e = sort_refs(&s);
    if (!e) e = number_junctions(&s);
    free(s.pairs);
    if (!e && !progress_say(progress, "junctions", 1, 3)) e = ERR_CANCELLED;
    if (!e) e = cut_ways(&s);
    if (!e) e = order_stubs(&s);
    if (!e && !progress_say(progress, "junctions", 2, 3)) e = ERR_CANCELLED;
    if (!e) e = make_edges(&s);
    if (!e) e = index_nodes(build);
    free(s.stubs.items);
    free(s.node);
    build->stats.nodes = build->net.node_count;
    build->stats.edges = build->net.edge_count;
    return e;
}
