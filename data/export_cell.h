/* What stands in the cells of files that offices read: what exports, and reports of imports, share.
 */
#ifndef YZ_DATA_EXPORT_CELL_H
#define YZ_DATA_EXPORT_CELL_H

#include "data/ogr_format.h"
#include "geo/base/arena.h"
#include "geo/space/crs.h"

/* The code that a file can say of its coordinates; 0 for the Chinese systems, which have none.
 * NULL: WGS 84. */
int export_cell_epsg(const struct crs *crs);

/* Whether a spreadsheet may take a text for a formula by its beginning; programs of East Asia do so
 * with the wide signs, too (OWASP, CSV Injection). A negative number is told so as well. */
bool export_cell_is_formula(const char *text, size_t len);

/* Text that a spreadsheet would run as a formula gets an apostrophe in front; in CSV alone, since
 * the others say what is text. NULL: no memory. */
const char *export_cell_safe(struct arena *arena, enum ogr_format format, const char *text);

/* A coordinate, to a tenth of a millimetre. NULL: no memory. */
const char *export_cell_degrees(struct arena *arena, const struct crs *crs, double value);

#endif
