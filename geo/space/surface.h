/* A point on the surface of a polygon, for what needs one place to stand. */
#ifndef YZ_GEO_SPACE_SURFACE_H
#define YZ_GEO_SPACE_SURFACE_H

#include "geo/space/coord.h"

#include <stddef.h>

/* `ring_starts` has ring_count + 1 entries: ring r is points[ring_starts[r]] up to, not including,
 * points[ring_starts[r + 1]], closed. Shells and holes need no order: what an odd number of rings
 * surrounds is inside.
 *
 * The answer is the middle of the longest stretch inside along a parallel about half way up, kept
 * off every corner; so it never lies on an edge of a valid polygon. Rings without a surface give
 * their first point; no points give 0,0. O(n log n). */
struct coord surface_point(const struct coord *points, const size_t *ring_starts,
                           size_t ring_count);

#endif
