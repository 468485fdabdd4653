/* How many places of which categories lie in any run of the Z-order (morton.h), and where their
 * middle is, without looking at all of them: positions in Z-order, with running sums at every
 * BLOCKth. Any square of the world is one run, so that a tile of any zoom costs as much as its
 * cells are many. */
#ifndef YZ_GEO_TILE_CLUSTERS_H
#define YZ_GEO_TILE_CLUSTERS_H

#include "geo/base/err.h"
#include "geo/space/coord.h"

#include <stddef.h>
#include <stdint.h>

enum { CLUSTERS_CATEGORIES = 64 };

struct clusters; /* read-only once built */

/* Over `count` points, point i of category categories[i], below CLUSTERS_CATEGORIES. Copies what it
 * needs: 13 bytes a point and the sums. O(n). ERR_NOMEM, ERR_LIMIT above 2^31 points. */
enum err clusters_new(const struct coord_e7 *at, const uint8_t *categories, size_t count,
                      struct clusters **clusters);
/* NULL does nothing. */
void clusters_free(struct clusters *clusters);
size_t clusters_count(const struct clusters *clusters);

/* The first position at or behind `from` and below `to` whose code is not below `code`; `to` if
 * there is none. Positions are 0 to count. */
size_t clusters_find(const struct clusters *clusters, uint64_t code, size_t from, size_t to);

/* What stands at a position: its code, and which of the points it is. */
uint64_t clusters_code(const struct clusters *clusters, size_t position);
uint32_t clusters_point(const struct clusters *clusters, size_t position);
unsigned clusters_category(const struct clusters *clusters, size_t position);

/* Points of one category: their number and the sums of their grid coordinates. */
struct clusters_sum {
    uint64_t x, y;
    uint64_t count;
};

/* Adds the points at positions [from, to) to `sums`, one for each category. */
void clusters_add(const struct clusters *clusters, size_t from, size_t to,
                  struct clusters_sum sums[CLUSTERS_CATEGORIES]);

#endif
