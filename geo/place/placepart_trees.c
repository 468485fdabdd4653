#include "geo/place/placepart_trees.h"

#include <stdlib.h>

static struct box_e7 point_box(struct coord_e7 c)
{
    return (struct box_e7){c.lon_e7, c.lat_e7, c.lon_e7, c.lat_e7};
}

/* The union of amenities under every box above the leaves, bottom up. */
static enum err unite_amenities(const struct placepart *part, struct placepart_group *group)
{
    const struct rtree *tree = &group->tree;
    uint32_t above = tree->box_count - tree->item_count;
    group->amenities = calloc(above + 1, sizeof *group->amenities);
    if (!group->amenities) return ERR_NOMEM;
    for (uint32_t i = 0; i < tree->item_count && above; i++)
        group->amenities[i / RTREE_NODE] |= part->amenities[group->first + i];
    for (uint32_t level = 1; level + 1 < tree->levels; level++) {
        uint32_t start = tree->level_start[level], end = tree->level_start[level + 1];
        for (uint32_t b = start; b < end; b++)
            group->amenities[end + (b - start) / RTREE_NODE - tree->item_count] |=
                group->amenities[b - tree->item_count];
    }
    return ERR_OK;
}

enum err placepart_trees_group(struct placepart *part, unsigned category, uint32_t first,
                               uint32_t end)
{
    struct placepart_group *group = &part->groups[category];
    struct box_e7 *leaves;
    uint32_t *items;
    if (first == end) return ERR_OK;
    enum err e = rtree_begin(end - first, &group->tree, &leaves, &items);
    if (e) return e;
    group->first = first;
    for (uint32_t i = 0; i < end - first; i++) {
        leaves[i] = point_box(part->coords[first + i]);
        items[i] = i;
    }
    rtree_end(&group->tree);
    return unite_amenities(part, group);
}

void placepart_trees_all(struct placepart *part)
{
    struct box_e7 *leaves = part->tree.owned;
    for (uint32_t k = 0; k < part->count; k++)
        leaves[k] = point_box(part->coords[part->tree.items[k]]);
    rtree_end(&part->tree);
}
