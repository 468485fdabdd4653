/* The trees of a part over its places, made of their coordinates and amenities. */
#ifndef YZ_GEO_PLACE_PLACEPART_TREES_H
#define YZ_GEO_PLACE_PLACEPART_TREES_H

#include "geo/place/placepart.h"

/* The group of a category, whose places stand from `first` up to `end`. ERR_NOMEM. */
enum err placepart_trees_group(struct placepart *part, unsigned category, uint32_t first,
                               uint32_t end);

/* The tree over all places, which rtree_begin made and whose items are in their places. */
void placepart_trees_all(struct placepart *part);

#endif
