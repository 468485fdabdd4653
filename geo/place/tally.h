/* How many places a filter keeps, and where a page of them begins that is named by its number. */
#ifndef YZ_GEO_PLACE_TALLY_H
#define YZ_GEO_PLACE_TALLY_H

#include "geo/place/filter.h"

struct tally {
    uint32_t matched; /* that the filter keeps */
    uint32_t before;  /* of these, how many have an id up to `after_id` */
};

/* Looks at every place once, or at those in the filter's boxes. */
struct tally tally_count(const struct placeset *set, const struct place_filter *filter,
                         int64_t after_id);

/* The id of the place that comes at position `count` (from 1) among those that the filter keeps, in
 * order of ids: what comes after it comes after `count` places. INT64_MIN for 0, INT64_MAX when
 * there are fewer. O(n). */
int64_t tally_skip(const struct placeset *set, const struct place_filter *filter, uint64_t count);

#endif
