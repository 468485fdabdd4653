#include "geo/place/placepart.h"

#include <stdlib.h>
#include <string.h>

static int compare_ids(const void *a, const void *b)
{
    const struct placepart_by_id *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static int compare_closings(const void *a, const void *b)
{
    const struct placepart_closing *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

static enum err allocate(struct placepart *part, const struct placepart_row *rows, size_t count)
{
    size_t closings = 0;
    for (size_t i = 0; i < count; i++)
        closings += rows[i].closing.to_ms != 0;
    part->coords = malloc((count + 1) * sizeof *part->coords);
    part->categories = malloc((count + 1) * sizeof *part->categories);
    part->amenities = malloc((count + 1) * sizeof *part->amenities);
    part->ids = malloc((count + 1) * sizeof *part->ids);
    part->more = malloc((count + 1) * sizeof *part->more);
    part->index = malloc((count + 1) * sizeof *part->index);
    part->closings = malloc((closings + 1) * sizeof *part->closings);
    bool all = part->coords && part->categories && part->amenities && part->ids && part->more &&
               part->index && part->closings;
    return all ? ERR_OK : ERR_NOMEM;
}

static void put_row(struct placepart *part, const struct placepart_row *row)
{
    uint32_t i = part->count++;
    part->coords[i] = row->at;
    part->categories[i] = row->category;
    part->amenities[i] = row->amenities;
    part->ids[i] = row->id;
    part->more[i] = row->more;
    part->index[i] = (struct placepart_by_id){row->id, i};
    if (row->closing.to_ms) {
        struct placepart_closing *closing = &part->closings[part->closing_count++];
        *closing = row->closing;
        closing->place = i;
    }
}

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

/* The rows of each category, one after the other: category c's are members[starts[c]] to
 * members[starts[c + 1]]. */
struct order {
    uint32_t *members;
    uint32_t starts[PLACESET_CATEGORIES + 1];
};

static enum err sort_by_category(const struct placepart_row *rows, size_t count,
                                 struct order *order)
{
    uint32_t next[PLACESET_CATEGORIES];
    memset(order->starts, 0, sizeof order->starts);
    order->members = malloc((count + 1) * sizeof *order->members);
    if (!order->members) return ERR_NOMEM;
    for (size_t i = 0; i < count; i++)
        order->starts[rows[i].category + 1]++;
    for (unsigned c = 0; c < PLACESET_CATEGORIES; c++) {
        order->starts[c + 1] += order->starts[c];
        next[c] = order->starts[c];
    }
    for (size_t i = 0; i < count; i++)
        order->members[next[rows[i].category]++] = (uint32_t)i;
    return ERR_OK;
}

/* Sets the rows of one category in the order of their tree. */
static enum err add_group(struct placepart *part, const struct placepart_row *rows,
                          unsigned category, const struct order *order, struct box_e7 *boxes)
{
    struct placepart_group *group = &part->groups[category];
    const uint32_t *members = order->members + order->starts[category];
    uint32_t count = order->starts[category + 1] - order->starts[category];
    group->first = part->count;
    for (uint32_t i = 0; i < count; i++)
        boxes[i] = point_box(rows[members[i]].at);
    enum err e = rtree_build(boxes, count, &group->tree);
    for (uint32_t i = 0; i < count && !e; i++)
        put_row(part, &rows[members[group->tree.items[i]]]);
    return e ? e : unite_amenities(part, group);
}

static enum err arrange(struct placepart *part, const struct placepart_row *rows, size_t count)
{
    struct order order = {0};
    struct box_e7 *boxes = malloc((count + 1) * sizeof *boxes);
    enum err e = boxes ? sort_by_category(rows, count, &order) : ERR_NOMEM;
    for (unsigned c = 0; c < PLACESET_CATEGORIES && !e; c++)
        if (order.starts[c + 1] > order.starts[c]) e = add_group(part, rows, c, &order, boxes);
    for (uint32_t i = 0; i < part->count && !e; i++)
        boxes[i] = point_box(part->coords[i]);
    if (!e) e = rtree_build(boxes, part->count, &part->tree);
    free(boxes);
    free(order.members);
    return e;
}

static enum err compile_hours(struct placepart *part)
{
    struct openings_texts *texts = malloc(((size_t)part->count + 1) * sizeof *texts);
    if (!texts) return ERR_NOMEM;
    for (uint32_t i = 0; i < part->count; i++) {
        const uint32_t *at = part->more[i].texts;
        texts[i] = (struct openings_texts){pool_get(&part->pool, at[PLACEPART_hours]),
                                           pool_get(&part->pool, at[PLACEPART_hours_self])};
    }
    enum err e = openings_new(texts, part->count, &part->openings);
    free(texts);
    return e;
}

enum err placepart_new(const struct placepart_row *rows, size_t count, uint32_t first,
                       struct pool *pool, struct placepart **part)
{
    struct placepart *made = calloc(1, sizeof *made);
    enum err e = made ? ERR_OK : ERR_NOMEM;
    if (!e && count > INT32_MAX - (size_t)first) e = ERR_LIMIT;
    if (!e) e = allocate(made, rows, count);
    if (!e) e = arrange(made, rows, count);
    if (made) {
        atomic_init(&made->references, 1);
        made->first = first;
        made->pool = *pool;
        pool_seal(&made->pool);
    } else {
        pool_fini(pool);
    }
    *pool = (struct pool){0};
    if (!e) qsort(made->index, made->count, sizeof *made->index, compare_ids);
    if (!e) qsort(made->closings, made->closing_count, sizeof *made->closings, compare_closings);
    if (!e) e = compile_hours(made);
    if (e) {
        placepart_release(made);
        return e;
    }
    *part = made;
    return ERR_OK;
}

struct placepart *placepart_hold(struct placepart *part)
{
    atomic_fetch_add(&part->references, 1);
    return part;
}

void placepart_release(struct placepart *part)
{
    if (!part || atomic_fetch_sub(&part->references, 1) != 1) return;
    for (unsigned c = 0; c < PLACESET_CATEGORIES; c++) {
        rtree_fini(&part->groups[c].tree);
        free(part->groups[c].amenities);
    }
    rtree_fini(&part->tree);
    openings_free(part->openings);
    free(part->coords);
    free(part->categories);
    free(part->amenities);
    free(part->ids);
    free(part->more);
    free(part->index);
    free(part->closings);
    pool_fini(&part->pool);
    free(part);
}

int64_t placepart_by_id(const struct placepart *part, int64_t id)
{
    const struct placepart_by_id key = {id, 0};
    const struct placepart_by_id *found =
        bsearch(&key, part->index, part->count, sizeof *part->index, compare_ids);
    return found ? (int64_t)found->index : -1;
}

const struct placepart_closing *placepart_closing(const struct placepart *part, uint32_t local)
{
    const struct placepart_closing key = {.place = local};
    if (!part->closing_count) return NULL;
    return bsearch(&key, part->closings, part->closing_count, sizeof *part->closings,
                   compare_closings);
}

struct place placepart_at(const struct placepart *part, uint32_t local)
{
    const struct placepart_more *more = &part->more[local];
    const struct placepart_closing *closing = placepart_closing(part, local);
#define TEXT(field) .field = pool_get(&part->pool, more->texts[PLACEPART_##field]),
    struct place place = {
        PLACEPART_TEXTS(TEXT).id = part->ids[local],
        .at = coord_from_e7(part->coords[local]),
        .category = part->categories[local],
        .amenities = part->amenities[local],
        .version = more->version,
        .capacity = more->capacity,
        .confirmed_ms = (int64_t)more->confirmed_s * 1000,
        .closed_reason = "",
    };
#undef TEXT
    if (closing) {
        place.closed_from_ms = closing->from_ms;
        place.closed_to_ms = closing->to_ms;
        place.closed_reason = pool_get(&part->pool, closing->reason);
    }
    return place;
}
