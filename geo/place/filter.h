/* Which places of a set are wanted: one predicate for every kind of search. */
#ifndef YZ_GEO_PLACE_FILTER_H
#define YZ_GEO_PLACE_FILTER_H

#include "geo/place/placeset.h"
#include "geo/space/polygon.h"

#include <stdbool.h>

enum { FILTER_POLYGONS = 2 };

/* Zeroed wants every place. All of it is borrowed. */
struct place_filter {
    uint64_t categories;                   /* bit set; 0: all */
    uint64_t all_of, any_of;               /* amenities; 0: no matter */
    const struct placeset_moment *open_at; /* open at that moment for sure; NULL: no matter */
    const struct box *boxes;               /* in one of these */
    unsigned box_count;                    /* 0: no matter */
    const struct polygon *within[FILTER_POLYGONS]; /* prepared; inside of each; NULL: no matter */
    bool (*accept)(void *user, uint32_t place);    /* asked last; NULL: no matter */
    void *user;
};

/* Whether these amenities will do. Of a union it tells whether any place under it may. */
static inline bool filter_amenities(const struct place_filter *filter, uint64_t have)
{
    return (have & filter->all_of) == filter->all_of && (!filter->any_of || have & filter->any_of);
}

/* Whether category and amenities are all that it asks for. */
static inline bool filter_is_bare(const struct place_filter *filter)
{
    bool rest = filter->open_at || filter->accept || filter->box_count;
    for (unsigned p = 0; p < FILTER_POLYGONS; p++)
        rest = rest || filter->within[p];
    return !rest;
}

/* Whether place `i`, which is not hidden, passes all but category and amenities: what costs more
 * than a look at two words. */
bool filter_rest(const struct placeset *set, const struct place_filter *filter, uint32_t i);

/* Whether place `i` passes everything, and is not hidden. */
bool filter_keeps(const struct placeset *set, const struct place_filter *filter, uint32_t i);

#endif
