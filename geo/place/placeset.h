/* All places as one immutable set of flat arrays with a packed R-tree over them. */
#ifndef YZ_GEO_PLACE_PLACESET_H
#define YZ_GEO_PLACE_PLACESET_H

#include "geo/base/err.h"
#include "geo/space/coord.h"
#include "geo/space/rtree.h"

#include <stddef.h>
#include <stdint.h>

enum { PLACESET_CATEGORIES = 64, PLACESET_AMENITIES = 64 };

/* One place as it goes in and comes out. Text out is never NULL. */
struct place {
    int64_t id;
    struct coord at;
    unsigned category;  /* index in the operator's list, below PLACESET_CATEGORIES */
    uint64_t amenities; /* bit i: the operator's amenity i */
    const char *name, *name_en, *address, *phone;
    const char *hours;      /* staffed, OSM opening_hours syntax */
    const char *hours_self; /* self-service by scan, likewise */
    const char *source;     /* "osm:node/123", "demo:7", ... */
};

struct placeset; /* read-only once built */

/* Collects places one by one, so that a loader need not hold them twice. */
struct placeset_builder;
enum err placeset_builder_new(size_t expected, struct placeset_builder **builder);
void placeset_builder_free(struct placeset_builder *builder);
/* ERR_RANGE for a coordinate or category out of range. */
enum err placeset_add(struct placeset_builder *builder, const struct place *place);
/* Takes the builder's arrays; the builder must still be freed. */
enum err placeset_build(struct placeset_builder *builder, struct placeset **set);

void placeset_free(struct placeset *set);
size_t placeset_count(const struct placeset *set);

/* Place `i`, in place order, which is stable within one set; text is borrowed from the set. */
struct place placeset_at(const struct placeset *set, uint32_t i);

/* Index of the place with this id, or -1. O(log n). */
int64_t placeset_by_id(const struct placeset *set, int64_t id);

/* What nearest.c and the tiles search. */
const struct rtree *placeset_tree(const struct placeset *set);
const struct coord_e7 *placeset_coords(const struct placeset *set);
const uint8_t *placeset_categories(const struct placeset *set);
const uint64_t *placeset_amenities(const struct placeset *set);

#endif
