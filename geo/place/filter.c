#include "geo/place/filter.h"

static bool in_boxes(const struct place_filter *filter, struct coord at)
{
    bool inside = !filter->box_count;
    for (unsigned i = 0; i < filter->box_count && !inside; i++)
        inside = box_contains(filter->boxes[i], at);
    return inside;
}

bool filter_rest(const struct placeset *set, const struct place_filter *filter, uint32_t i)
{
    struct coord at = coord_from_e7(placeset_coord(set, i));
    if (!in_boxes(filter, at)) return false;
    if (filter->open_at && placeset_state_at(set, i, filter->open_at) != HOURS_OPEN) return false;
    for (unsigned p = 0; p < FILTER_POLYGONS; p++)
        if (filter->within[p] && !polygon_covers(filter->within[p], at)) return false;
    return !filter->accept || filter->accept(filter->user, i);
}

bool filter_keeps(const struct placeset *set, const struct place_filter *filter, uint32_t i)
{
    return !placeset_is_hidden(set, i) &&
           (!filter->categories || filter->categories >> placeset_category(set, i) & 1) &&
           filter_amenities(filter, placeset_amenities(set, i)) && filter_rest(set, filter, i);
}
