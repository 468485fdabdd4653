#include "geo/space/rtree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static bool go_on(void *user, uint32_t item)
{
    uint32_t *item_count = user;
    if (item >= *item_count) abort();
    return true;
}

static bool go_on_near(void *user, uint32_t item, double distance)
{
    return go_on(user, item) && distance >= 0;
}

static double bound(const void *user, const struct box_e7 *box)
{
    (void)user;
    return fabs((double)box->min_lon);
}

static double distance(const void *user, uint32_t item)
{
    (void)user;
    return item;
}

/* The first four bytes count the items; boxes and items follow as in a file. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    uint32_t item_count;
    struct rtree tree;
    if (len < sizeof item_count) return 0;
    memcpy(&item_count, bytes, sizeof item_count);
    len -= sizeof item_count;
    size_t item_bytes = (size_t)item_count * sizeof(uint32_t);
    if (item_bytes > len) return 0;
    size_t box_count = (len - item_bytes) / sizeof(struct box_e7);
    struct box_e7 *boxes = malloc(box_count * sizeof *boxes + 1);
    uint32_t *items = malloc(item_bytes + 1);
    if (boxes && items && box_count < UINT32_MAX) {
        memcpy(boxes, bytes + sizeof item_count, box_count * sizeof *boxes);
        memcpy(items, bytes + sizeof item_count + box_count * sizeof *boxes, item_bytes);
        if (!rtree_view(boxes, (uint32_t)box_count, items, item_count, &tree)) {
            struct heap heap = {0};
            struct rtree_metric metric = {bound, distance, NULL};
            rtree_search(&tree, (struct box_e7){-1000, -1000, 1000, 1000}, go_on, &item_count);
            (void)rtree_nearest(&tree, &metric, 1e9, &heap, go_on_near, &item_count);
            heap_fini(&heap);
        }
    }
    free(boxes);
    free(items);
    return 0;
}
