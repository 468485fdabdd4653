/* Clusters of all the places of a set, cell by cell: those of its base, without what is hidden of
 * it, and those of its second part. A set that shares its base with another shares the clusters of
 * that too, so that an edit costs what it touches. */
#ifndef YZ_GEO_TILE_CLUSTERSET_H
#define YZ_GEO_TILE_CLUSTERSET_H

#include "geo/place/placeset.h"
#include "geo/tile/clusters.h"

struct clusterset; /* read-only once built; lives on when its places are gone */

/* `before` may be NULL, or that of an earlier set. O(n) for a base that is new, else in what
 * changed. ERR_NOMEM. */
enum err clusterset_new(const struct placeset *places, const struct clusterset *before,
                        struct clusterset **set);
/* NULL does nothing. */
void clusterset_free(struct clusterset *set);

/* What lies in one cell. */
struct clusterset_cell {
    struct clusters_sum sums[CLUSTERS_CATEGORIES], sum; /* of those wanted: each, and all */
    unsigned category;    /* the most frequent, of those the first in the operator's order */
    uint32_t place;       /* if it is alone */
    uint64_t first, last; /* the smallest and the greatest code of the places */
};

/* The cell with these upper 2 * depth bits of all its codes; `categories`: bits of those wanted.
 * False, and nothing in `cell` but sums of 0, where none of them is. */
bool clusterset_find(const struct clusterset *set, uint64_t code, unsigned depth,
                     uint64_t categories, struct clusterset_cell *cell);

#endif
