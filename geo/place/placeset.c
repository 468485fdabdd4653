#include "geo/place/placeset.h"

#include "geo/base/pool.h"

#include <stdlib.h>
#include <string.h>

/* What queries do not touch until a place is shown: its texts, as offsets into the pool. */
struct texts {
    uint32_t at[PLACESET_TEXTS];
};

struct row {
    int64_t id;
    uint64_t amenities;
    struct coord_e7 at;
    struct texts texts;
    uint8_t category;
};

struct placeset_builder {
    struct row *rows;
    size_t count, size;
    struct pool pool;
};

struct by_id {
    int64_t id;
    uint32_t index;
};

struct placeset {
    size_t count;
    struct coord_e7 *coords;
    uint8_t *categories;
    uint64_t *amenities;
    int64_t *ids;
    struct texts *texts;
    struct by_id *index; /* ascending */
    struct pool pool;
    struct openings *openings;
    struct rtree tree;
    struct placeset_group groups[PLACESET_CATEGORIES];
};

enum err placeset_builder_new(size_t expected, struct placeset_builder **builder)
{
    struct placeset_builder *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->size = expected < 16 ? 16 : expected;
    made->rows =
        made->size > SIZE_MAX / sizeof *made->rows ? NULL : malloc(made->size * sizeof *made->rows);
    if (!made->rows) {
        free(made);
        return ERR_NOMEM;
    }
    *builder = made;
    return ERR_OK;
}

void placeset_builder_free(struct placeset_builder *builder)
{
    if (!builder) return;
    free(builder->rows);
    pool_fini(&builder->pool);
    free(builder);
}

static enum err make_room(struct placeset_builder *builder)
{
    if (builder->count == (size_t)1 << 31) return ERR_LIMIT;
    if (builder->count < builder->size) return ERR_OK;
    size_t size = builder->size * 2;
    struct row *rows = realloc(builder->rows, size * sizeof *rows);
    if (!rows) return ERR_NOMEM;
    builder->rows = rows;
    builder->size = size;
    return ERR_OK;
}

enum err placeset_add(struct placeset_builder *builder, const struct place *place)
{
    if (!coord_valid(place->at) || place->category >= PLACESET_CATEGORIES) return ERR_RANGE;
    enum err e = make_room(builder);
    if (e) return e;
    const char *const texts[PLACESET_TEXTS] = {place->name,  place->name_en, place->address,
                                               place->phone, place->hours,   place->hours_self,
                                               place->source};
    struct row row = {.id = place->id,
                      .amenities = place->amenities,
                      .at = coord_to_e7(place->at),
                      .category = (uint8_t)place->category};
    for (size_t t = 0; t < PLACESET_TEXTS && !e; t++)
        e = pool_put(&builder->pool, texts[t], &row.texts.at[t]);
    if (!e) builder->rows[builder->count++] = row;
    return e;
}

static int compare_ids(const void *a, const void *b)
{
    const struct by_id *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static enum err allocate(struct placeset *set, size_t count)
{
    set->coords = malloc((count + 1) * sizeof *set->coords);
    set->categories = malloc((count + 1) * sizeof *set->categories);
    set->amenities = malloc((count + 1) * sizeof *set->amenities);
    set->ids = malloc((count + 1) * sizeof *set->ids);
    set->texts = malloc((count + 1) * sizeof *set->texts);
    set->index = malloc((count + 1) * sizeof *set->index);
    bool all =
        set->coords && set->categories && set->amenities && set->ids && set->texts && set->index;
    return all ? ERR_OK : ERR_NOMEM;
}

static void put_row(struct placeset *set, const struct row *row)
{
    size_t i = set->count++;
    set->coords[i] = row->at;
    set->categories[i] = row->category;
    set->amenities[i] = row->amenities;
    set->ids[i] = row->id;
    set->texts[i] = row->texts;
    set->index[i] = (struct by_id){row->id, (uint32_t)i};
}

static struct box_e7 point_box(struct coord_e7 c)
{
    return (struct box_e7){c.lon_e7, c.lat_e7, c.lon_e7, c.lat_e7};
}

/* The union of amenities under every box above the leaves, bottom up. */
static enum err unite_amenities(const struct placeset *set, struct placeset_group *group)
{
    const struct rtree *tree = &group->tree;
    uint32_t above = tree->box_count - tree->item_count;
    group->amenities = calloc(above + 1, sizeof *group->amenities);
    if (!group->amenities) return ERR_NOMEM;
    for (uint32_t i = 0; i < tree->item_count && above; i++)
        group->amenities[i / RTREE_NODE] |= set->amenities[group->first + i];
    for (uint32_t level = 1; level + 1 < tree->levels; level++) {
        uint32_t start = tree->level_start[level], end = tree->level_start[level + 1];
        for (uint32_t b = start; b < end; b++)
            group->amenities[end + (b - start) / RTREE_NODE - tree->item_count] |=
                group->amenities[b - tree->item_count];
    }
    return ERR_OK;
}

/* Sets the rows of one category in the order of their tree. `boxes` and `members` are as long as
 * all rows. */
static enum err add_group(struct placeset *set, const struct placeset_builder *builder,
                          unsigned category, struct box_e7 *boxes, uint32_t *members)
{
    struct placeset_group *group = &set->groups[category];
    uint32_t count = 0;
    group->first = (uint32_t)set->count;
    for (size_t i = 0; i < builder->count; i++)
        if (builder->rows[i].category == category) {
            boxes[count] = point_box(builder->rows[i].at);
            members[count++] = (uint32_t)i;
        }
    enum err e = rtree_build(boxes, count, &group->tree);
    for (uint32_t i = 0; i < count && !e; i++)
        put_row(set, &builder->rows[members[group->tree.items[i]]]);
    return e ? e : unite_amenities(set, group);
}

static enum err arrange(struct placeset *set, const struct placeset_builder *builder)
{
    bool present[PLACESET_CATEGORIES] = {false};
    struct box_e7 *boxes = malloc((builder->count + 1) * sizeof *boxes);
    uint32_t *members = malloc((builder->count + 1) * sizeof *members);
    enum err e = boxes && members ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; i < builder->count; i++)
        present[builder->rows[i].category] = true;
    for (unsigned c = 0; c < PLACESET_CATEGORIES && !e; c++)
        if (present[c]) e = add_group(set, builder, c, boxes, members);
    for (size_t i = 0; i < set->count && !e; i++)
        boxes[i] = point_box(set->coords[i]);
    if (!e) e = rtree_build(boxes, (uint32_t)set->count, &set->tree);
    free(boxes);
    free(members);
    return e;
}

static enum err compile_hours(struct placeset *set)
{
    struct openings_texts *texts = malloc((set->count + 1) * sizeof *texts);
    if (!texts) return ERR_NOMEM;
    for (uint32_t i = 0; i < set->count; i++) {
        struct place place = placeset_at(set, i);
        texts[i] = (struct openings_texts){place.hours, place.hours_self};
    }
    enum err e = openings_new(texts, set->count, &set->openings);
    free(texts);
    return e;
}

enum err placeset_build(struct placeset_builder *builder, struct placeset **set)
{
    struct placeset *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    enum err e = allocate(made, builder->count);
    if (!e) e = arrange(made, builder);
    if (e) {
        placeset_free(made);
        return e;
    }
    qsort(made->index, made->count, sizeof *made->index, compare_ids);
    made->pool = builder->pool;
    builder->pool = (struct pool){0};
    builder->count = 0;
    pool_seal(&made->pool);
    e = compile_hours(made);
    if (e) {
        placeset_free(made);
        return e;
    }
    *set = made;
    return ERR_OK;
}

void placeset_free(struct placeset *set)
{
    if (!set) return;
    for (unsigned c = 0; c < PLACESET_CATEGORIES; c++) {
        rtree_fini(&set->groups[c].tree);
        free(set->groups[c].amenities);
    }
    rtree_fini(&set->tree);
    openings_free(set->openings);
    free(set->coords);
    free(set->categories);
    free(set->amenities);
    free(set->ids);
    free(set->texts);
    free(set->index);
    pool_fini(&set->pool);
    free(set);
}

size_t placeset_count(const struct placeset *set)
{
    return set->count;
}

struct place placeset_at(const struct placeset *set, uint32_t i)
{
    const uint32_t *texts = set->texts[i].at;
    const struct pool *pool = &set->pool;
    return (struct place){
        .id = set->ids[i],
        .at = coord_from_e7(set->coords[i]),
        .category = set->categories[i],
        .amenities = set->amenities[i],
        .name = pool_get(pool, texts[0]),
        .name_en = pool_get(pool, texts[1]),
        .address = pool_get(pool, texts[2]),
        .phone = pool_get(pool, texts[3]),
        .hours = pool_get(pool, texts[4]),
        .hours_self = pool_get(pool, texts[5]),
        .source = pool_get(pool, texts[6]),
    };
}

int64_t placeset_by_id(const struct placeset *set, int64_t id)
{
    const struct by_id key = {id, 0};
    const struct by_id *found =
        bsearch(&key, set->index, set->count, sizeof *set->index, compare_ids);
    return found ? (int64_t)found->index : -1;
}

const struct rtree *placeset_tree(const struct placeset *set)
{
    return &set->tree;
}

const struct coord_e7 *placeset_coords(const struct placeset *set)
{
    return set->coords;
}

const uint8_t *placeset_categories(const struct placeset *set)
{
    return set->categories;
}

const uint64_t *placeset_amenities(const struct placeset *set)
{
    return set->amenities;
}

const int64_t *placeset_ids(const struct placeset *set)
{
    return set->ids;
}

const struct openings *placeset_openings(const struct placeset *set)
{
    return set->openings;
}

const struct placeset_group *placeset_group(const struct placeset *set, unsigned category)
{
    return &set->groups[category];
}
