#include "geo/road/order.h"

#include <metis.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(idx_t) == sizeof(int32_t), "METIS is built with 32-bit indices");

/* The graph of the edges of the network, as METIS takes it. */
struct line_graph {
    idx_t count;
    idx_t *first;  /* [count + 1] into near */
    idx_t *near;   /* both ends of every link */
    idx_t *weight; /* [count]: arcs of the edge, copies included */
};

static void line_free(struct line_graph *line)
{
    free(line->first);
    free(line->near);
    free(line->weight);
}

/* For both ends of every turn between two edges: counts, then fills. Counted two places on, so that
 * filling leaves every first where it belongs. Turns within an edge bind nothing: its arcs are
 * ranked together. */
static void line_pass(struct line_graph *line, const struct network *net, bool filling)
{
    for (uint32_t arc = 0; arc < net->arc_count; arc++) {
        for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
            uint32_t from = net->arc_half[arc] >> 1, to = net->arc_half[net->turn_to[t]] >> 1;
            if (from == to) continue;
            if (filling) {
                line->near[line->first[from + 1]++] = (idx_t)to;
                line->near[line->first[to + 1]++] = (idx_t)from;
            } else {
                line->first[from + 2]++;
                line->first[to + 2]++;
            }
        }
    }
}

static int compare_idx(const void *a, const void *b)
{
    idx_t x = *(const idx_t *)a, y = *(const idx_t *)b;
    return (x > y) - (x < y);
}

/* Sorts every list of neighbours and drops what stands there twice. */
static void line_tidy(struct line_graph *line)
{
    idx_t kept = 0;
    for (idx_t v = 0, begin = 0; v < line->count; v++) {
        idx_t end = line->first[v + 1], first = kept;
        qsort(line->near + begin, (size_t)(end - begin), sizeof *line->near, compare_idx);
        for (idx_t i = begin; i < end; i++)
            if (kept == first || line->near[kept - 1] != line->near[i])
                line->near[kept++] = line->near[i];
        line->first[v + 1] = kept;
        begin = end;
    }
}

static enum err line_make(const struct network *net, struct line_graph *line)
{
    if (2 * (uint64_t)net->turn_count > INT32_MAX) return ERR_LIMIT;
    line->count = (idx_t)net->edge_count;
    line->first = calloc((size_t)line->count + 2, sizeof *line->first);
    line->near = malloc((2 * (size_t)net->turn_count + 1) * sizeof *line->near);
    line->weight = calloc((size_t)line->count, sizeof *line->weight);
    if (!line->first || !line->near || !line->weight) return ERR_NOMEM;
    for (uint32_t arc = 0; arc < net->arc_count; arc++)
        line->weight[net->arc_half[arc] >> 1]++;
    for (idx_t v = 0; v < line->count; v++)
        if (line->weight[v] == 0) line->weight[v] = 1; /* an edge nobody travels */
    line_pass(line, net, false);
    for (idx_t v = 0; v < line->count; v++)
        line->first[v + 2] += line->first[v + 1];
    line_pass(line, net, true);
    line_tidy(line);
    return ERR_OK;
}

/* rank[edge], and its inverse. */
static enum err dissect(struct line_graph *line, idx_t *by_rank, idx_t *rank)
{
    idx_t options[METIS_NOPTIONS];
    METIS_SetDefaultOptions(options);
    options[METIS_OPTION_NUMBERING] = 0;
    options[METIS_OPTION_SEED] = 1;
    int answer =
        METIS_NodeND(&line->count, line->first, line->near, line->weight, options, by_rank, rank);
    if (answer == METIS_OK) return ERR_OK;
    /* METIS turns SIGTERM into an error of its own. */
    return answer == METIS_ERROR_MEMORY ? ERR_NOMEM : ERR_CANCELLED;
}

/* All arcs, by the rank of their edge. */
static enum err expand(const struct network *net, const idx_t *rank, uint32_t *order)
{
    uint32_t *place = calloc((size_t)net->edge_count + 1, sizeof *place);
    if (!place) return ERR_NOMEM;
    for (uint32_t arc = 0; arc < net->arc_count; arc++)
        place[rank[net->arc_half[arc] >> 1] + 1]++;
    for (uint32_t r = 0; r < net->edge_count; r++)
        place[r + 1] += place[r];
    for (uint32_t arc = 0; arc < net->arc_count; arc++)
        order[place[rank[net->arc_half[arc] >> 1]]++] = arc;
    free(place);
    return ERR_OK;
}

static enum err order_edges(const struct network *net, uint32_t *order)
{
    struct line_graph line = {0};
    enum err e = line_make(net, &line);
    idx_t *by_rank = malloc(net->edge_count * sizeof *by_rank);
    idx_t *rank = malloc(net->edge_count * sizeof *rank);
    if (!by_rank || !rank) e = ERR_NOMEM;
    if (!e) e = dissect(&line, by_rank, rank);
    line_free(&line);
    free(by_rank);
    if (!e) e = expand(net, rank, order);
    free(rank);
    return e;
}

/* The elimination tree that an order makes, and what finding it needs. */
struct tree {
    uint32_t *vertex; /* [arc] */
    uint32_t *first;  /* [vertex + 1] into low: the lower neighbours of a vertex */
    uint32_t *low;
    uint32_t *parent, *up; /* [vertex]; `up`: an ancestor, by which to skip */
};

static void tree_free(struct tree *tree)
{
    free(tree->vertex);
    free(tree->first);
    free(tree->low);
    free(tree->parent);
    free(tree->up);
}

static enum err tree_alloc(struct tree *tree, const struct network *net)
{
    size_t size = (size_t)net->arc_count + 2;
    tree->vertex = malloc(size * sizeof *tree->vertex);
    tree->first = calloc(size, sizeof *tree->first);
    tree->low = malloc(((size_t)net->turn_count + 1) * sizeof *tree->low);
    tree->parent = malloc(size * sizeof *tree->parent);
    tree->up = malloc(size * sizeof *tree->up);
    bool all = tree->vertex && tree->first && tree->low && tree->parent && tree->up;
    return all ? ERR_OK : ERR_NOMEM;
}

static void tree_list_low(struct tree *tree, const struct network *net, const uint32_t *order)
{
    for (uint32_t v = 0; v < net->arc_count; v++)
        tree->vertex[order[v]] = v;
    for (int filling = 0; filling < 2; filling++) {
        for (uint32_t arc = 0; arc < net->arc_count; arc++) {
            for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
                uint32_t a = tree->vertex[arc], b = tree->vertex[net->turn_to[t]];
                uint32_t low = a < b ? a : b, high = a < b ? b : a;
                if (filling)
                    tree->low[tree->first[high + 1]++] = low;
                else
                    tree->first[high + 2]++;
            }
        }
        if (!filling)
            for (uint32_t v = 0; v < net->arc_count; v++)
                tree->first[v + 2] += tree->first[v + 1];
    }
}

/* J. W. H. Liu, The role of elimination trees in sparse factorization, SIAM J. Matrix Anal. Appl.
 * 11, 1990: a vertex adopts the root of every lower neighbour. */
static void tree_grow(struct tree *tree, uint32_t count)
{
    for (uint32_t v = 0; v < count; v++) {
        tree->parent[v] = tree->up[v] = NETWORK_NONE;
        for (uint32_t i = tree->first[v]; i < tree->first[v + 1]; i++) {
            uint32_t at = tree->low[i];
            while (at != v && tree->up[at] != v) {
                uint32_t next = tree->up[at];
                tree->up[at] = v;
                if (next == NETWORK_NONE) tree->parent[at] = v;
                at = next == NETWORK_NONE ? v : next;
            }
        }
    }
}

/* Renumbers so that every subtree is contiguous, which changes no link and keeps what a search
 * climbs through close together. `first` and `vertex` are used up. */
static enum err tree_post_order(struct tree *tree, uint32_t count, uint32_t *order)
{
    uint32_t *size = tree->first, *place = tree->vertex;
    uint32_t *before = malloc((size_t)count * sizeof *before);
    if (!before) return ERR_NOMEM;
    memcpy(before, order, count * sizeof *before);
    for (uint32_t v = 0; v < count; v++)
        size[v] = 1;
    for (uint32_t v = 0; v < count; v++)
        if (tree->parent[v] != NETWORK_NONE) size[tree->parent[v]] += size[v];
    /* `up`: where the next child's subtree ends. A subtree of a root ends where the last began. */
    uint32_t roots_end = count;
    for (uint32_t v = count; v-- > 0;) {
        uint32_t *end = tree->parent[v] == NETWORK_NONE ? &roots_end : &tree->up[tree->parent[v]];
        place[v] = *end - 1;
        *end -= size[v];
        tree->up[v] = place[v];
        order[place[v]] = before[v];
    }
    free(before);
    return ERR_OK;
}

static enum err make_contiguous(const struct network *net, uint32_t *order)
{
    struct tree tree = {0};
    enum err e = tree_alloc(&tree, net);
    if (!e) {
        tree_list_low(&tree, net, order);
        tree_grow(&tree, net->arc_count);
        e = tree_post_order(&tree, net->arc_count, order);
    }
    tree_free(&tree);
    return e;
}

enum err order_make(const struct network *net, const struct progress *progress, uint32_t *order)
{
    if (!progress_say(progress, "order", 0, 1)) return ERR_CANCELLED;
    enum err e = order_edges(net, order);
    if (!e) e = make_contiguous(net, order);
    if (!e && !progress_say(progress, "order", 1, 1)) return ERR_CANCELLED;
    return e;
}
