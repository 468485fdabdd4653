/* All places as one immutable set of flat arrays with a packed R-tree over them. */
#ifndef YZ_GEO_PLACE_PLACESET_H
#define YZ_GEO_PLACE_PLACESET_H

#include "geo/base/err.h"
#include "geo/place/openings.h"
#include "geo/space/coord.h"
#include "geo/space/rtree.h"

#include <stddef.h>
#include <stdint.h>

enum { PLACESET_CATEGORIES = 64, PLACESET_AMENITIES = 64, PLACESET_TEXTS = 7 };

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
/* Copies a place; its coordinate is kept to 1e-7 degrees. ERR_RANGE for a coordinate or category
 * out of range, ERR_NOMEM, ERR_LIMIT beyond 2^31 places or 4 GiB of text. */
enum err placeset_add(struct placeset_builder *builder, const struct place *place);
/* Takes the builder's texts; the builder must still be freed. Places are set in order of category,
 * and within one along a Hilbert curve, so that neighbours lie side by side. */
enum err placeset_build(struct placeset_builder *builder, struct placeset **set);

void placeset_free(struct placeset *set);
size_t placeset_count(const struct placeset *set);

/* Place `i`, in place order, which is stable within one set; text is borrowed from the set. */
struct place placeset_at(const struct placeset *set, uint32_t i);

/* Index of the place with this id, or -1. O(log n). */
int64_t placeset_by_id(const struct placeset *set, int64_t id);

/* Flat arrays in place order, and the tree over all of them: what searches and tiles read. */
const struct rtree *placeset_tree(const struct placeset *set);
const struct coord_e7 *placeset_coords(const struct placeset *set);
const uint8_t *placeset_categories(const struct placeset *set);
const uint64_t *placeset_amenities(const struct placeset *set);
const int64_t *placeset_ids(const struct placeset *set);

/* When each place is open. */
const struct openings *placeset_openings(const struct placeset *set);

/* The places of one category: a tree of their own, whose leaf i is place `first` + i, so that a
 * search for toilets walks over toilets alone. `amenities[b]` is the union of what the places under
 * box item_count + b have. */
struct placeset_group {
    struct rtree tree;
    uint32_t first;
    uint64_t *amenities;
};

/* Has no items where the category has no places. */
const struct placeset_group *placeset_group(const struct placeset *set, unsigned category);

#endif
