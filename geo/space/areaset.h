/* Administrative areas as one immutable set: which one contains a point? */
#ifndef YZ_GEO_SPACE_AREASET_H
#define YZ_GEO_SPACE_AREASET_H

#include "geo/base/err.h"
#include "geo/space/coord.h"
#include "geo/space/polygon.h"

#include <stddef.h>
#include <stdint.h>

/* One area. Text is copied into the set; empty, never NULL, when read back. */
struct area {
    int64_t id;
    int level;        /* OSM admin_level: 6 county/district, 8 sub-district, ... */
    const char *code; /* the official division code, "" if unknown */
    const char *name, *name_en;
    int64_t parent_id; /* 0: none */
};

struct areaset; /* read-only once built */

/* Takes the `count` polygons (prepared here, freed with the set); copies the rest. On failure the
 * polygons are freed too. */
enum err areaset_new(const struct area *areas, struct polygon **polygons, size_t count,
                     struct areaset **set);
void areaset_free(struct areaset *set);

size_t areaset_count(const struct areaset *set);
const struct area *areaset_at(const struct areaset *set, size_t i);
const struct polygon *areaset_polygon(const struct areaset *set, size_t i);

/* Index of the area that comes at position `rank`, below the count, in order of ids. */
size_t areaset_in_order(const struct areaset *set, size_t rank);

/* Index of the area with this id, or -1. */
long areaset_by_id(const struct areaset *set, int64_t id);

/* The finest area (highest level, then smallest, then lowest id) that covers the point; a point on
 * a shared edge has one answer, always the same. Where none covers it, the finest one within
 * `tolerance_m`; and where one does, a finer one below it within `tolerance_m` goes before it: so
 * nothing falls between two. ERR_NOTFOUND. */
enum err areaset_locate(const struct areaset *set, struct coord c, double tolerance_m,
                        const struct area **area);

/* Calls `visit` with the index of every area whose box meets `box`, until it returns false. */
void areaset_search(const struct areaset *set, struct box box, bool (*visit)(void *user, size_t i),
                    void *user);

#endif
