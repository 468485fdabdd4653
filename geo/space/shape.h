/* A multipolygon as flat arrays, and its well-known binary (OGC 06-103r4, 8.2; PostGIS's EWKB). */
#ifndef YZ_GEO_SPACE_SHAPE_H
#define YZ_GEO_SPACE_SHAPE_H

#include "geo/base/buf.h"
#include "geo/space/coord.h"

#include <stddef.h>

/* One ring: points[start] up to the next ring's start, the last equal to the first. A ring that is
 * no hole is a shell and begins a new polygon; its holes follow it. */
struct shape_ring {
    size_t start;
    bool hole;
};

/* Zero-initialised is empty. */
struct shape {
    struct coord *points;
    struct shape_ring *rings;
    size_t point_count, point_size;
    size_t ring_count, ring_size;
};

void shape_fini(struct shape *shape);

/* Starts a ring; the points added from now on are its. ERR_NOMEM. */
enum err shape_add_ring(struct shape *shape, bool hole);
enum err shape_add_point(struct shape *shape, struct coord c);

/* The points of ring `i`. */
const struct coord *shape_ring_at(const struct shape *shape, size_t i, size_t *count);

/* Signed area of a closed ring on the plane of degrees, positive counter-clockwise. */
double shape_ring_area(const struct coord *points, size_t count);

/* Turns shells counter-clockwise and holes clockwise. */
void shape_orient(struct shape *shape);

/* Adds what a WKB or EWKB polygon or multipolygon holds; further dimensions are dropped.
 * ERR_FORMAT, ERR_TRUNCATED or ERR_RANGE (a coordinate outside the world, an SRID that is not
 * 4326) say what in `why`; the shape is then to be thrown away. */
enum err shape_read_wkb(struct shape *shape, const void *wkb, size_t len, struct why *why);

/* Appends it as little-endian WKB MultiPolygon. */
void shape_write_wkb(const struct shape *shape, struct buf *out);

#endif
