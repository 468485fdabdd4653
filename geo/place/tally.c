#include "geo/place/tally.h"

struct counting {
    const struct placeset *set;
    const struct place_filter *filter;
    int64_t after_id;
    struct tally tally;
    uint64_t left; /* to be skipped */
    int64_t last_id;
    unsigned box; /* which is being searched */
};

/* What lies in two boxes is counted in the first. */
static bool count_in_box(void *user, uint32_t place)
{
    struct counting *c = user;
    struct coord at = coord_from_e7(placeset_coord(c->set, place));
    for (unsigned b = 0; b < c->box; b++)
        if (box_contains(c->filter->boxes[b], at)) return true;
    if (!filter_keeps(c->set, c->filter, place)) return true;
    c->tally.matched++;
    c->tally.before += placeset_id(c->set, place) <= c->after_id;
    return true;
}

/* The places of one category: their arrays are looked at, not the places. */
static void count_group(struct counting *c, const struct placepart *part, unsigned category,
                        bool bare)
{
    const struct placepart_group *group = &part->groups[category];
    const uint64_t *hidden = part->first == 0 ? placeset_hidden(c->set) : NULL;
    uint32_t end = group->first + group->tree.item_count;
    for (uint32_t i = group->first; i < end; i++) {
        if (hidden && hidden[i / 64] >> i % 64 & 1) continue;
        if (!filter_amenities(c->filter, part->amenities[i])) continue;
        if (!bare && !filter_rest(c->set, c->filter, part->first + i)) continue;
        c->tally.matched++;
        c->tally.before += part->ids[i] <= c->after_id;
    }
}

struct tally tally_count(const struct placeset *set, const struct place_filter *filter,
                         int64_t after_id)
{
    struct counting c = {.set = set, .filter = filter, .after_id = after_id};
    bool bare = filter_is_bare(filter);
    uint64_t wanted = filter->categories ? filter->categories : UINT64_MAX;
    for (; wanted && !filter->box_count; wanted &= wanted - 1)
        for (unsigned p = 0; p < PLACESET_PARTS; p++)
            count_group(&c, placeset_part(set, p), (unsigned)__builtin_ctzll(wanted), bare);
    for (; c.box < filter->box_count; c.box++)
        placeset_search(set, box_to_e7(filter->boxes[c.box]), count_in_box, &c);
    return c.tally;
}

static bool skip_one(void *user, uint32_t place)
{
    struct counting *c = user;
    if (!filter_keeps(c->set, c->filter, place) || --c->left) return true;
    c->last_id = placeset_id(c->set, place);
    return false;
}

int64_t tally_skip(const struct placeset *set, const struct place_filter *filter, uint64_t count)
{
    struct counting c = {.set = set, .filter = filter, .left = count, .last_id = INT64_MAX};
    if (!count) return INT64_MIN;
    if (count <= placeset_count(set)) placeset_walk(set, INT64_MIN, skip_one, &c);
    return c.last_id;
}
