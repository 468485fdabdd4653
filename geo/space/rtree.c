#include "geo/space/rtree.h"

#include "geo/base/large.h"
#include "geo/space/hilbert.h"

#include <stdlib.h>
#include <string.h>

uint32_t rtree_box_count(uint32_t item_count)
{
    uint32_t sum = item_count;
    for (uint32_t n = item_count; n > 1; sum += n)
        n = n / RTREE_NODE + (n % RTREE_NODE != 0);
    return sum;
}

static void set_levels(struct rtree *tree)
{
    uint32_t start = 0;
    tree->levels = 0;
    for (uint32_t n = tree->item_count; n > 0;) {
        tree->level_start[tree->levels++] = start;
        start += n;
        n = n > 1 ? n / RTREE_NODE + (n % RTREE_NODE != 0) : 0;
    }
}

static uint32_t level_end(const struct rtree *tree, uint32_t level)
{
    return level + 1 < tree->levels ? tree->level_start[level + 1] : tree->box_count;
}

/* The children of box `node` of `level` > 0: from *first up to the one returned. */
static uint32_t children(const struct rtree *tree, uint32_t level, uint32_t node, uint32_t *first)
{
    uint32_t below = tree->level_start[level - 1], end = level_end(tree, level - 1);
    *first = below + (node - tree->level_start[level]) * RTREE_NODE;
    return end - *first > RTREE_NODE ? *first + RTREE_NODE : end;
}

static struct box_e7 join(struct box_e7 a, const struct box_e7 *b)
{
    if (b->min_lon < a.min_lon) a.min_lon = b->min_lon;
    if (b->min_lat < a.min_lat) a.min_lat = b->min_lat;
    if (b->max_lon > a.max_lon) a.max_lon = b->max_lon;
    if (b->max_lat > a.max_lat) a.max_lat = b->max_lat;
    return a;
}

static void pack_parents(const struct rtree *tree, struct box_e7 *boxes)
{
    for (uint32_t level = 1; level < tree->levels; level++)
        for (uint32_t node = tree->level_start[level]; node < level_end(tree, level); node++) {
            uint32_t first, end = children(tree, level, node, &first);
            struct box_e7 all = boxes[first];
            while (++first < end)
                all = join(all, &boxes[first]);
            boxes[node] = all;
        }
}

enum err rtree_begin(uint32_t count, struct rtree *tree, struct box_e7 **leaves, uint32_t **items)
{
    struct rtree made = {.item_count = count};
    if (count > (uint32_t)1 << 31) return ERR_LIMIT;
    made.box_count = rtree_box_count(count);
    size_t box_bytes = (size_t)made.box_count * sizeof(struct box_e7);
    size_t bytes = box_bytes + (size_t)count * sizeof(uint32_t);
    unsigned char *owned = large_alloc(bytes);
    if (!owned) return ERR_NOMEM;
    memset(owned, 0, bytes);
    set_levels(&made);
    made.owned = owned;
    made.boxes = *leaves = (struct box_e7 *)(void *)owned;
    made.items = *items = (uint32_t *)(void *)(owned + box_bytes);
    *tree = made;
    return ERR_OK;
}

void rtree_end(struct rtree *tree)
{
    pack_parents(tree, tree->owned);
}

static struct coord_e7 middle(const struct box_e7 *box)
{
    return (struct coord_e7){(int32_t)(((int64_t)box->min_lon + box->max_lon) / 2),
                             (int32_t)(((int64_t)box->min_lat + box->max_lat) / 2)};
}

enum err rtree_build(const struct box_e7 *boxes, uint32_t count, struct rtree *tree)
{
    struct hilbert curve;
    struct rtree made;
    struct box_e7 *leaves;
    uint32_t *items;
    enum err e = rtree_begin(count, &made, &leaves, &items);
    if (e) return e;
    struct hilbert_entry *list = malloc(((size_t)count * 2 + 1) * sizeof *list);
    if (!list) {
        rtree_fini(&made);
        return ERR_NOMEM;
    }
    hilbert_init(&curve);
    for (uint32_t i = 0; i < count; i++)
        list[i] = (struct hilbert_entry){hilbert_key(&curve, middle(&boxes[i])), i, 0};
    hilbert_sort(list, list + count, count);
    for (uint32_t i = 0; i < count; i++) {
        items[i] = list[i].item;
        leaves[i] = boxes[list[i].item];
    }
    free(list);
    rtree_end(&made);
    *tree = made;
    return ERR_OK;
}

void rtree_fini(struct rtree *tree)
{
    free(tree->owned);
    *tree = (struct rtree){0};
}

static bool holds(const struct box_e7 *outer, const struct box_e7 *inner)
{
    return outer->min_lon <= inner->min_lon && outer->min_lat <= inner->min_lat &&
           outer->max_lon >= inner->max_lon && outer->max_lat >= inner->max_lat;
}

enum err rtree_view(const struct box_e7 *boxes, uint32_t box_count, const uint32_t *items,
                    uint32_t item_count, struct rtree *tree)
{
    struct rtree made = {
        .boxes = boxes, .items = items, .item_count = item_count, .box_count = box_count};
    if (item_count > (uint32_t)1 << 31 || box_count != rtree_box_count(item_count))
        return ERR_FORMAT;
    set_levels(&made);
    for (uint32_t i = 0; i < item_count; i++)
        if (items[i] >= item_count || boxes[i].min_lon > boxes[i].max_lon ||
            boxes[i].min_lat > boxes[i].max_lat)
            return ERR_FORMAT;
    for (uint32_t level = 1; level < made.levels; level++)
        for (uint32_t node = made.level_start[level]; node < level_end(&made, level); node++) {
            uint32_t child, end = children(&made, level, node, &child);
            for (; child < end; child++)
                if (!holds(&boxes[node], &boxes[child])) return ERR_FORMAT;
        }
    *tree = made;
    return ERR_OK;
}

static bool meets(const struct box_e7 *a, const struct box_e7 *b)
{
    return a->min_lon <= b->max_lon && b->min_lon <= a->max_lon && a->min_lat <= b->max_lat &&
           b->min_lat <= a->max_lat;
}

struct step {
    uint32_t node, level;
};

void rtree_search(const struct rtree *tree, struct box_e7 box,
                  bool (*visit)(void *user, uint32_t item), void *user)
{
    struct step stack[RTREE_LEVELS * RTREE_NODE];
    uint32_t depth = 0;
    if (tree->levels && meets(&tree->boxes[tree->box_count - 1], &box))
        stack[depth++] = (struct step){tree->box_count - 1, tree->levels - 1};
    while (depth > 0) {
        struct step step = stack[--depth];
        if (step.level == 0) {
            if (!visit(user, tree->items[step.node])) return;
            continue;
        }
        /* Pushed from the last to the first, so that they come back in Hilbert order. */
        uint32_t first, child = children(tree, step.level, step.node, &first);
        while (child-- > first)
            if (meets(&tree->boxes[child], &box))
                stack[depth++] = (struct step){child, step.level - 1};
    }
}

struct sift_step {
    uint32_t node, level;
    bool whole;
};

void rtree_sift(const struct rtree *tree, const struct rtree_sieve *sieve)
{
    struct sift_step stack[RTREE_LEVELS * RTREE_NODE];
    uint32_t depth = 0;
    if (tree->levels) stack[depth++] = (struct sift_step){tree->box_count - 1, tree->levels - 1, 0};
    while (depth > 0) {
        struct sift_step step = stack[--depth];
        enum rtree_side side =
            step.whole ? RTREE_IN : sieve->side(sieve->user, &tree->boxes[step.node]);
        if (side == RTREE_OUT) continue;
        if (step.level == 0) {
            sieve->visit(sieve->user, tree->items[step.node], side == RTREE_IN);
            continue;
        }
        uint32_t first, child = children(tree, step.level, step.node, &first);
        while (child-- > first)
            stack[depth++] = (struct sift_step){child, step.level - 1, side == RTREE_IN};
    }
}

/* What a heap item's tag means above the levels: `value` is an item whose distance is exact. */
enum { TAG_EXACT = RTREE_LEVELS };

static bool push_children(const struct rtree *tree, const struct rtree_metric *metric,
                          double max_distance, struct heap *heap, struct heap_item from)
{
    uint32_t child, end = children(tree, from.tag, from.value, &child);
    for (; child < end; child++) {
        double bound = metric->box_bound(metric->user, &tree->boxes[child]);
        if (bound <= max_distance && !heap_push(heap, bound, child, from.tag - 1)) return false;
    }
    return true;
}

enum err rtree_nearest(const struct rtree *tree, const struct rtree_metric *metric,
                       double max_distance, struct heap *heap,
                       bool (*visit)(void *user, uint32_t item, double distance), void *user)
{
    heap_clear(heap);
    if (tree->levels && !heap_push(heap, 0, tree->box_count - 1, tree->levels - 1))
        return ERR_NOMEM;
    while (heap_top(heap)) {
        struct heap_item top = heap_pop(heap);
        if (top.tag == TAG_EXACT) {
            if (!visit(user, top.value, top.key)) break;
        } else if (top.tag > 0) {
            if (!push_children(tree, metric, max_distance, heap, top)) return ERR_NOMEM;
        } else {
            uint32_t item = tree->items[top.value];
            double distance = metric->item_distance(metric->user, item);
            if (distance >= 0 && distance <= max_distance &&
                !heap_push(heap, distance, item, TAG_EXACT))
                return ERR_NOMEM;
        }
    }
    return ERR_OK;
}
