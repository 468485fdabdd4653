/* The encoded polyline of Google's Maps API, precision 5 or 6, as OSRM's clients read it:
 * https://developers.google.com/maps/documentation/utilities/polylinealgorithm */
#ifndef YZ_GEO_SPACE_POLYLINE_H
#define YZ_GEO_SPACE_POLYLINE_H

#include "geo/base/buf.h"
#include "geo/space/coord.h"

#include <stddef.h>

/* Appends the encoding of `count` points. `precision` is 5 or 6. */
void polyline_encode(const struct coord *points, size_t count, int precision, struct buf *out);

/* Decodes `len` bytes into at most `max` points. ERR_FORMAT for a foreign byte or a half value,
 * ERR_RANGE for a coordinate outside the world, ERR_LIMIT beyond `max`. */
enum err polyline_decode(const char *text, size_t len, int precision, struct coord *points,
                         size_t max, size_t *count);

/* Keeps the points that Douglas-Peucker keeps (Cartographica 10, 1973) with a tolerance in metres;
 * compacts in place, ends always stay; returns the new count. Iterative, on the caller's `stack` of
 * 2 * count uint32_t. */
size_t polyline_simplify(struct coord *points, size_t count, double tolerance_m, uint32_t *stack);

#endif
