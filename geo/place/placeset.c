#include "geo/place/placeset.h"

#include "geo/place/placebatch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct placeset_builder {
    struct placebatch batch;
};

struct placeset {
    struct placepart *parts[PLACESET_PARTS];
    uint64_t *hidden; /* NULL: none */
    size_t shown;
};

enum err placeset_builder_new(size_t expected, struct placeset_builder **builder)
{
    struct placeset_builder *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    enum err e = placebatch_expect(&made->batch, expected);
    if (e) {
        free(made);
        return e;
    }
    *builder = made;
    return ERR_OK;
}

void placeset_builder_free(struct placeset_builder *builder)
{
    if (!builder) return;
    placebatch_fini(&builder->batch);
    free(builder);
}

enum err placeset_add(struct placeset_builder *builder, const struct place *place)
{
    return placebatch_add(&builder->batch, place);
}

/* --- sets --- */

enum err placeset_of_base(struct placepart *base, struct placeset **set)
{
    struct placeset *made = calloc(1, sizeof *made);
    if (!made) {
        placepart_release(base);
        return ERR_NOMEM;
    }
    made->parts[PLACESET_BASE] = base;
    made->shown = base->count;
    enum err e = placepart_new(NULL, 0, base->count, &made->parts[PLACESET_DELTA]);
    if (e)
        placeset_free(made);
    else
        *set = made;
    return e;
}

static enum err build(const struct placebatch *const *batches, size_t count, struct placeset **set)
{
    struct placepart *base;
    enum err e = placepart_new(batches, count, 0, &base);
    return e ? e : placeset_of_base(base, set);
}

enum err placeset_build(const struct placeset_builder *builder, struct placeset **set)
{
    const struct placebatch *batch = &builder->batch;
    return build(&batch, 1, set);
}

enum err placeset_build_all(struct placeset_builder *const *builders, size_t count,
                            struct placeset **set)
{
    const struct placebatch *batches[PLACESET_BUILDERS];
    assert(count <= PLACESET_BUILDERS);
    for (size_t i = 0; i < count; i++)
        batches[i] = &builders[i]->batch;
    return build(batches, count, set);
}

static enum err hide(struct placeset *set, const int64_t *ids, size_t count)
{
    const struct placepart *base = set->parts[PLACESET_BASE];
    if (!count) return ERR_OK;
    set->hidden = calloc((size_t)base->count / 64 + 1, sizeof *set->hidden);
    if (!set->hidden) return ERR_NOMEM;
    for (size_t k = 0; k < count; k++) {
        int64_t i = placepart_by_id(base, ids[k]);
        if (i < 0) continue;
        uint64_t *word = &set->hidden[i / 64], bit = UINT64_C(1) << (i % 64);
        set->shown -= !(*word & bit);
        *word |= bit;
    }
    return ERR_OK;
}

enum err placeset_patch(const struct placeset *before, const struct placeset_builder *builder,
                        const int64_t *ids, size_t id_count, struct placeset **set)
{
    struct placepart *base = before->parts[PLACESET_BASE];
    struct placeset *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->parts[PLACESET_BASE] = placepart_hold(base);
    made->shown = base->count;
    const struct placebatch *batch = &builder->batch;
    enum err e = placepart_new(&batch, 1, base->count, &made->parts[PLACESET_DELTA]);
    if (!e) e = hide(made, ids, id_count);
    if (e) {
        placeset_free(made);
        return e;
    }
    made->shown += made->parts[PLACESET_DELTA]->count;
    *set = made;
    return ERR_OK;
}

void placeset_free(struct placeset *set)
{
    if (!set) return;
    for (unsigned p = 0; p < PLACESET_PARTS; p++)
        placepart_release(set->parts[p]);
    free(set->hidden);
    free(set);
}

size_t placeset_count(const struct placeset *set)
{
    return set->shown;
}

uint32_t placeset_end(const struct placeset *set)
{
    const struct placepart *last = set->parts[PLACESET_DELTA];
    return last->first + last->count;
}

const struct placepart *placeset_part(const struct placeset *set, unsigned part)
{
    return set->parts[part];
}

bool placeset_same_base(const struct placeset *a, const struct placeset *b)
{
    return a && b && a->parts[PLACESET_BASE] == b->parts[PLACESET_BASE];
}

const uint64_t *placeset_hidden(const struct placeset *set)
{
    return set->hidden;
}

bool placeset_is_hidden(const struct placeset *set, uint32_t i)
{
    return set->hidden && i < set->parts[PLACESET_BASE]->count && set->hidden[i / 64] >> i % 64 & 1;
}

/* --- single places --- */

/* The part that place `i` is in. */
static const struct placepart *part_of(const struct placeset *set, uint32_t i)
{
    return set->parts[i >= set->parts[PLACESET_DELTA]->first];
}

struct place placeset_at(const struct placeset *set, uint32_t i)
{
    const struct placepart *part = part_of(set, i);
    return placepart_at(part, i - part->first);
}

struct coord_e7 placeset_coord(const struct placeset *set, uint32_t i)
{
    const struct placepart *part = part_of(set, i);
    return part->coords[i - part->first];
}

unsigned placeset_category(const struct placeset *set, uint32_t i)
{
    const struct placepart *part = part_of(set, i);
    return part->categories[i - part->first];
}

uint64_t placeset_amenities(const struct placeset *set, uint32_t i)
{
    const struct placepart *part = part_of(set, i);
    return part->amenities[i - part->first];
}

int64_t placeset_id(const struct placeset *set, uint32_t i)
{
    const struct placepart *part = part_of(set, i);
    return part->ids[i - part->first];
}

int64_t placeset_by_id(const struct placeset *set, int64_t id)
{
    for (unsigned p = PLACESET_PARTS; p-- > 0;) {
        int64_t local = placepart_by_id(set->parts[p], id);
        if (local < 0) continue;
        uint32_t i = set->parts[p]->first + (uint32_t)local;
        return placeset_is_hidden(set, i) ? -1 : (int64_t)i;
    }
    return -1;
}

bool placeset_has_category(const struct placeset *set, unsigned category)
{
    return set->parts[PLACESET_BASE]->groups[category].tree.item_count ||
           set->parts[PLACESET_DELTA]->groups[category].tree.item_count;
}

enum hours_state placeset_state_at(const struct placeset *set, uint32_t i,
                                   const struct placeset_moment *moment)
{
    const struct placepart *part = part_of(set, i);
    const struct placepart_closing *closing = placepart_closing(part, i - part->first);
    if (closing && moment->utc_ms >= closing->from_ms && moment->utc_ms < closing->to_ms)
        return HOURS_CLOSED;
    return openings_at(part->openings, i - part->first, &moment->hours);
}

void placeset_fetch(const struct placeset *set, uint32_t i)
{
    const struct placepart *part = part_of(set, i);
    placepart_fetch(part, i - part->first);
}

void placeset_fetch_texts(const struct placeset *set, uint32_t i)
{
    const struct placepart *part = part_of(set, i);
    placepart_fetch_texts(part, i - part->first);
}

bool placeset_hours(const struct placeset *set, uint32_t i, enum openings_kind kind,
                    const struct hours **hours)
{
    const struct placepart *part = part_of(set, i);
    return openings_hours(part->openings, i - part->first, kind, hours);
}

/* --- many places --- */

struct searching {
    const struct placeset *set;
    const struct placepart *part;
    bool (*visit)(void *user, uint32_t place);
    void *user;
    bool go_on;
};

static bool visit_item(void *user, uint32_t item)
{
    struct searching *s = user;
    uint32_t place = s->part->first + item;
    if (!placeset_is_hidden(s->set, place)) s->go_on = s->visit(s->user, place);
    return s->go_on;
}

void placeset_search(const struct placeset *set, struct box_e7 box,
                     bool (*visit)(void *user, uint32_t place), void *user)
{
    struct searching s = {.set = set, .visit = visit, .user = user, .go_on = true};
    for (unsigned p = 0; p < PLACESET_PARTS && s.go_on; p++) {
        s.part = set->parts[p];
        rtree_search(&s.part->tree, box, visit_item, &s);
    }
}

/* Position in the part's index of the first id above `after_id`. */
static uint32_t position_after(const struct placepart *part, int64_t after_id)
{
    uint32_t low = 0, high = part->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (part->index[middle].id > after_id)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void placeset_walk(const struct placeset *set, int64_t after_id,
                   bool (*visit)(void *user, uint32_t place), void *user)
{
    const struct placepart *base = set->parts[PLACESET_BASE], *delta = set->parts[PLACESET_DELTA];
    uint32_t b = position_after(base, after_id), d = position_after(delta, after_id);
    while (b < base->count || d < delta->count) {
        bool from_base =
            d == delta->count || (b < base->count && base->index[b].id < delta->index[d].id);
        uint32_t i = from_base ? base->index[b++].index : delta->first + delta->index[d++].index;
        if (!placeset_is_hidden(set, i) && !visit(user, i)) return;
    }
}

struct box placeset_box(const struct placeset *set)
{
    struct box box = box_empty();
    for (unsigned p = 0; p < PLACESET_PARTS; p++) {
        const struct rtree *tree = &set->parts[p]->tree;
        if (!tree->box_count) continue;
        struct box_e7 root = tree->boxes[tree->box_count - 1];
        box = box_extend(box, coord_from_e7((struct coord_e7){root.min_lon, root.min_lat}));
        box = box_extend(box, coord_from_e7((struct coord_e7){root.max_lon, root.max_lat}));
    }
    return box;
}
