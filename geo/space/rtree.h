/* A packed R-tree over boxes: built once, never changed, flat, so that it can be mapped from a
 * file.
 *
 * Boxes are sorted along a Hilbert curve and packed into full nodes, bottom up
 * (I. Kamel, C. Faloutsos, On Packing R-trees, CIKM 1993). */
#ifndef YZ_GEO_SPACE_RTREE_H
#define YZ_GEO_SPACE_RTREE_H

#include "geo/base/err.h"
#include "geo/base/heap.h"
#include "geo/space/coord.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RTREE_NODE = 16, RTREE_LEVELS = 9 };

/* Read-only once built; shared by all threads. `boxes` holds the leaves in Hilbert order, then each
 * level above; `items[i]` is what leaf i was called when it was given. */
struct rtree {
    const struct box_e7 *boxes;
    const uint32_t *items;
    uint32_t item_count, box_count;
    uint32_t level_start[RTREE_LEVELS]; /* level 0 are the leaves */
    uint32_t levels;
    void *owned; /* what rtree_fini frees; NULL for a view */
};

/* Builds over `count` boxes; box i is item i. Copies them. ERR_NOMEM, ERR_LIMIT above 2^31. */
enum err rtree_build(const struct box_e7 *boxes, uint32_t count, struct rtree *tree);
void rtree_fini(struct rtree *tree);

/* The same in two steps for who knows the order: room for the leaves, in Hilbert order, and what
 * each is called; then, when they are written, the levels above. ERR_NOMEM, ERR_LIMIT. */
enum err rtree_begin(uint32_t count, struct rtree *tree, struct box_e7 **leaves, uint32_t **items);
void rtree_end(struct rtree *tree);

/* A view of arrays that rtree_build made (box_count and item_count of them), as found in a mapped
 * file. ERR_FORMAT if counts disagree, an item is out of range or a parent does not contain its
 * child, so that a hostile file cannot send a search astray. */
enum err rtree_view(const struct box_e7 *boxes, uint32_t box_count, const uint32_t *items,
                    uint32_t item_count, struct rtree *tree);

/* Number of boxes, all levels, that a tree over `item_count` items has. */
uint32_t rtree_box_count(uint32_t item_count);

/* Calls `visit` with every item whose box meets `box`, in Hilbert order, until it returns false. */
void rtree_search(const struct rtree *tree, struct box_e7 box,
                  bool (*visit)(void *user, uint32_t item), void *user);

/* Where a box lies to what is looked for. */
enum rtree_side { RTREE_OUT, RTREE_IN, RTREE_PARTLY };

/* Calls `visit` with every item whose box is not out, in Hilbert order; `whole` tells that its box
 * is in. What lies in a box that is in or out is not asked about any more. */
struct rtree_sieve {
    enum rtree_side (*side)(const void *user, const struct box_e7 *box);
    void (*visit)(void *user, uint32_t item, bool whole);
    void *user;
};
void rtree_sift(const struct rtree *tree, const struct rtree_sieve *sieve);

/* Best-first walk. `box_bound` is never more than the distance of anything inside the box;
 * `item_distance` is exact, or negative to leave the item out. Gives items with distances that
 * never decrease, until `visit` returns false or all have been seen within `max_distance`. `heap`
 * is the caller's workspace. ERR_NOMEM. */
struct rtree_metric {
    double (*box_bound)(const void *user, const struct box_e7 *box);
    double (*item_distance)(const void *user, uint32_t item);
    const void *user;
};
enum err rtree_nearest(const struct rtree *tree, const struct rtree_metric *metric,
                       double max_distance, struct heap *heap,
                       bool (*visit)(void *user, uint32_t item, double distance), void *user);

#endif
