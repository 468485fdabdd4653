/* Which parts of lines lie inside a polygon: an index of the polygon's sides. (GEOS's own for lines
 * is not for two threads at once.) */
#ifndef YZ_GEO_SPACE_BORDER_H
#define YZ_GEO_SPACE_BORDER_H

#include "geo/space/polygon.h"

struct border; /* read-only once built; borrows its polygon, which must be prepared */
enum err border_new(const struct polygon *polygon, struct border **border);
void border_free(struct border *border); /* NULL does nothing */

/* Calls `inside` with every part of a line that lies inside: from one fraction of a straight piece,
 * that from point `piece` to the next, to another; pieces and their parts in order. Pieces are
 * straight on the plane of degrees and do not cross the antimeridian. ERR_NOMEM. */
enum err border_walk(const struct border *border, const struct coord *line, size_t count,
                     void (*inside)(void *user, size_t piece, double from, double to), void *user);

#endif
