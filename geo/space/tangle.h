/* How often the sides of rings cross one another: what mending them costs grows with its square. */
#ifndef YZ_GEO_SPACE_TANGLE_H
#define YZ_GEO_SPACE_TANGLE_H

#include "geo/space/shape.h"

/* ERR_LIMIT when more than `most` pairs of sides cross (both ends of each lie on different sides of
 * the other: touching is no crossing), or when too many lie too close to be looked at. ERR_NOMEM.
 * Of n sides it takes n log n, and never more than the looking at 64 n + 1,000,000 pairs. */
enum err tangle_check(const struct shape *shape, size_t most);

#endif
