/* Coordinate reference systems at the door: PROJ's, and the two Chinese ones that it does not have.
 * Inside everything is WGS 84; a request says in which system it speaks (`crs=`). */
#ifndef YZ_GEO_SPACE_CRS_H
#define YZ_GEO_SPACE_CRS_H

#include "geo/base/err.h"
#include "geo/space/coord.h"

#include <stdbool.h>
#include <stddef.h>

/* One thread's PROJ context and the EPSG systems it has met, kept for reuse: the 32 found last. It
 * never reaches for the network. */
struct crs_context;

/* A system, borrowed from its context until 32 others have been found; NULL stands for WGS 84
 * everywhere. */
struct crs;

enum err crs_context_new(struct crs_context **context);
void crs_context_free(struct crs_context *context);

/* Finds a system by the names that the API accepts, without regard to case: wgs84, gcj02, bd09,
 * bd09ll, EPSG:n, urn:ogc:def:crs:EPSG::n, http://www.opengis.net/def/crs/EPSG/0/n,
 * http://www.opengis.net/def/crs/OGC/1.3/CRS84. EPSG:4326 and EPSG:4490 are WGS 84 here. Axis order
 * is always longitude or easting first. `*crs` is NULL for WGS 84. ERR_INVALID for an unknown name.
 */
enum err crs_find(struct crs_context *context, const char *name, const struct crs **crs,
                  struct why *why);

/* Whether finding this name may take a tenth of a second and more, because PROJ has to look it up
 * in its database: for EPSG codes but those that are WGS 84 here. */
bool crs_is_slow(const char *name);

/* Convert `count` points in place. ERR_RANGE when one is not finite or lies outside the system's
 * domain (for EPSG codes the registered area of use and 10 degrees around it); the points are then
 * undefined. */
enum err crs_to_wgs84(const struct crs *crs, struct coord *points, size_t count);
enum err crs_from_wgs84(const struct crs *crs, struct coord *points, size_t count);

/* The name to show for it, in the API's spelling ("wgs84", "gcj02", "EPSG:4547"). */
const char *crs_name(const struct crs *crs);

/* Whether its own authority names latitude or northing first, as EPSG does for most geographic
 * systems and for the Chinese grids. False for WGS 84 and the two Chinese systems, whose order
 * depends on the name that was used for them. */
bool crs_north_first(const struct crs *crs);

/* Whether its coordinates are degrees. */
bool crs_in_degrees(const struct crs *crs);

/* Decimals that keep a centimetre when its coordinates are written: 7 for degrees, 2 for metres. */
int crs_decimals(const struct crs *crs);

#endif
