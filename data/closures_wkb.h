/* A closure's shape as well-known binary (OGC 06-103r4, 8.2): Point, LineString or Polygon. */
#ifndef YZ_DATA_CLOSURES_WKB_H
#define YZ_DATA_CLOSURES_WKB_H

#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "geo/road/cover.h"

/* Appends it, little endian; a disc as its middle. */
void closures_wkb_write(const struct cover_shape *shape, struct buf *out);

/* Reads what the database gave; the shape's arrays are in `arena`, its radius is left alone.
 * ERR_FORMAT, ERR_LIMIT, ERR_NOMEM. */
enum err closures_wkb_read(const void *wkb, size_t len, struct arena *arena,
                           struct cover_shape *shape);

#endif
