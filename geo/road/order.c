#include "geo/road/order.h"

#include "geo/road/dissect.h"

#include <stdlib.h>
#include <string.h>

/* All arcs, by the rank of their edge. */
static enum err expand(const struct network *net, const uint32_t *rank, uint32_t *order)
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
    uint32_t *rank = malloc((size_t)net->edge_count * sizeof *rank);
    if (!rank) return ERR_NOMEM;
    enum err e = dissect_edges(net, progress, rank);
    if (!e) e = expand(net, rank, order);
    free(rank);
    if (!e) e = make_contiguous(net, order);
    return e;
}
