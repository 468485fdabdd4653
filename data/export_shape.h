/* Geometry on its way out: WKB converted from WGS 84 to another system, and as WKT. */
#ifndef YZ_DATA_EXPORT_SHAPE_H
#define YZ_DATA_EXPORT_SHAPE_H

#include "geo/base/buf.h"
#include "geo/space/crs.h"

#include <stdbool.h>
#include <stddef.h>

enum { EXPORT_SHAPE_POINT = 21 /* bytes of a point */ };

/* A point as WKB, little endian. */
void export_shape_point(struct coord at, unsigned char wkb[EXPORT_SHAPE_POINT]);

/* Converts a MultiPolygon in place, as polygon_to_wkb writes it. ERR_FORMAT for anything else,
 * ERR_RANGE when a point lies outside the system's domain. */
enum err export_shape_convert(unsigned char *wkb, size_t len, const struct crs *crs);

/* Appends such a MultiPolygon as WKT with `decimals` behind the point. ERR_FORMAT. */
enum err export_shape_wkt(const unsigned char *wkb, size_t len, int decimals, struct buf *out);

/* Whether two MultiPolygons are the same ring by ring, no corner more than `degrees` away from the
 * other's. */
bool export_shape_same(const unsigned char *a, size_t a_len, const unsigned char *b, size_t b_len,
                       double degrees);

/* A number with at most `decimals` behind the point and no zeros at its end. */
void export_shape_number(double value, int decimals, char text[40]);

/* Decimals that bring a coordinate back to where it was: a tenth of a millimetre. */
int export_shape_decimals(const struct crs *crs);

#endif
