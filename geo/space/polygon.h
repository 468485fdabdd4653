/* GEOS's door: polygons and multipolygons, read from and written as WKB (OGC 06-103r4).
 *
 * A polygon that has been prepared is only read: any number of threads may ask it anything. (GEOS
 * builds indexes when first asked; polygon_prepare asks, and every later call has a GEOS context of
 * its own.) */
#ifndef YZ_GEO_SPACE_POLYGON_H
#define YZ_GEO_SPACE_POLYGON_H

#include "geo/base/err.h"
#include "geo/space/coord.h"
#include "geo/space/shape.h"

#include <stdbool.h>
#include <stddef.h>

/* What mending takes grows with the square of the crossings: so many pairs of sides may cross. */
enum { POLYGON_CROSSINGS = 200 };

struct polygon; /* one polygon or multipolygon, WGS 84 */

/* Reads (E)WKB. ERR_FORMAT, ERR_TRUNCATED or ERR_RANGE for what is no polygon or multipolygon, is
 * empty, or has a coordinate outside the world. An invalid one (self-crossing rings) is mended as
 * GEOS MakeValid does and `*mended` set; ERR_FORMAT if nothing with an area is left, ERR_LIMIT if
 * it crosses itself too often. */
enum err polygon_from_wkb(const void *wkb, size_t len, struct polygon **polygon, bool *mended,
                          struct why *why);

/* Builds from rings of closed coordinates: `ring_starts` has ring_count + 1 entries; the first ring
 * is the shell, the others holes. Checked and mended like the above. */
enum err polygon_from_rings(const struct coord *points, const size_t *ring_starts,
                            size_t ring_count, struct polygon **polygon, struct why *why);
/* The same from a shape, which is taken, whatever happens; it must have rings. */
enum err polygon_from_shape(struct shape *shape, struct polygon **polygon, struct why *why);
void polygon_free(struct polygon *polygon);

/* What of `a` is outside of `b`, or inside; `b` NULL: nothing is. A new polygon whose corners lie
 * on whole units of 1e-7 degrees, so that it is valid as it is written, too; `*result` NULL:
 * nothing with an area is left. ERR_NOMEM, also for what GEOS cannot do. */
enum err polygon_outside(const struct polygon *a, const struct polygon *b, struct polygon **result);
enum err polygon_inside(const struct polygon *a, const struct polygon *b, struct polygon **result);

/* New memory, freed with free(): WKB, little endian, MultiPolygon. */
enum err polygon_to_wkb(const struct polygon *polygon, unsigned char **wkb, size_t *len);

/* Builds the index that polygon_covers needs. Once, before sharing. */
enum err polygon_prepare(struct polygon *polygon);

/* Whether a point is inside or on the edge; the polygon must be prepared. */
bool polygon_covers(const struct polygon *polygon, struct coord c);

/* Whether it has a point in common with a box, edges included, which may have shrunk to a line or a
 * point; the polygon must be prepared. */
bool polygon_meets(const struct polygon *polygon, struct box box);
/* The same for a line, on any plane. */
bool polygon_line_meets(const struct coord *points, size_t count, struct box box);

struct box polygon_box(const struct polygon *polygon);

/* Area on the plane of degrees: for ordering, not for reading. */
double polygon_size(const struct polygon *polygon);

/* Square metres on the ellipsoid. */
double polygon_area_m2(const struct polygon *polygon);

/* Distance in metres from a point to it, 0 inside; measured on the plane at the point, so made for
 * what is near. */
double polygon_distance_m(const struct polygon *polygon, struct coord c);

/* Calls `ring` with every ring's points (closed): each shell, counter-clockwise, then its holes,
 * clockwise. */
void polygon_rings(const struct polygon *polygon,
                   void (*ring)(void *user, const struct coord *points, size_t count, bool hole),
                   void *user);

#endif
