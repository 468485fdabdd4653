/* GEOS's door: polygons and multipolygons, read from and written as WKB (OGC 06-103r4).
 *
 * All functions are thread-safe as long as one polygon is prepared before it is shared. */
#ifndef YZ_GEO_SPACE_POLYGON_H
#define YZ_GEO_SPACE_POLYGON_H

#include "geo/base/err.h"
#include "geo/space/coord.h"

#include <stdbool.h>
#include <stddef.h>

struct polygon; /* one polygon or multipolygon, WGS 84 */

/* Reads (E)WKB. ERR_FORMAT for what is no polygon or multipolygon, empty, or has a coordinate
 * outside the world. An invalid one (self-crossing rings) is mended as GEOS MakeValid does and
 * `*mended` set. */
enum err polygon_from_wkb(const void *wkb, size_t len, struct polygon **polygon, bool *mended,
                          struct why *why);

/* Builds from rings of closed coordinates: `ring_starts` has ring_count + 1 entries; the first ring
 * is the shell, the others holes. */
enum err polygon_from_rings(const struct coord *points, const size_t *ring_starts,
                            size_t ring_count, struct polygon **polygon, struct why *why);
void polygon_free(struct polygon *polygon);

/* New memory, freed with free(): WKB, little endian, MultiPolygon. */
enum err polygon_to_wkb(const struct polygon *polygon, unsigned char **wkb, size_t *len);

/* Builds the index that polygon_covers needs. Once, before sharing. */
enum err polygon_prepare(struct polygon *polygon);

/* Whether a point is inside or on the edge; the polygon must be prepared. */
bool polygon_covers(const struct polygon *polygon, struct coord c);

struct box polygon_box(const struct polygon *polygon);

/* Area on the plane of degrees: for ordering, not for reading. */
double polygon_size(const struct polygon *polygon);

/* Distance in degrees from a point to it; 0 inside. */
double polygon_distance_deg(const struct polygon *polygon, struct coord c);

/* Calls `ring` with every ring's points (closed), shells counter-clockwise, holes clockwise. */
void polygon_rings(const struct polygon *polygon,
                   void (*ring)(void *user, const struct coord *points, size_t count, bool hole),
                   void *user);

#endif
