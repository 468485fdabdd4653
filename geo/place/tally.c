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

static bool count_one(void *user, uint32_t place)
{
    struct counting *c = user;
    if (!filter_keeps(c->set, c->filter, place)) return true;
    c->tally.matched++;
    c->tally.before += placeset_id(c->set, place) <= c->after_id;
    return true;
}

/* What lies in two boxes is counted in the first. */
static bool count_in_box(void *user, uint32_t place)
{
    const struct counting *c = user;
    struct coord at = coord_from_e7(placeset_coord(c->set, place));
    for (unsigned b = 0; b < c->box; b++)
        if (box_contains(c->filter->boxes[b], at)) return true;
    return count_one(user, place);
}

struct tally tally_count(const struct placeset *set, const struct place_filter *filter,
                         int64_t after_id)
{
    struct counting c = {.set = set, .filter = filter, .after_id = after_id};
    uint32_t end = filter->box_count ? 0 : placeset_end(set);
    for (uint32_t i = 0; i < end; i++)
        (void)count_one(&c, i);
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
