/* How GDAL is used behind its door, which is the files data/ogr_*: quietly, with the drivers of
 * ogr_format.h alone, out of the environment's reach, and without a network. */
#ifndef YZ_DATA_OGR_QUIET_H
#define YZ_DATA_OGR_QUIET_H

#include "geo/base/err.h"

/* Every call into GDAL happens between these two, on one thread, not nested: what it says goes to
 * `said`, of which the first failure stays, without the folder's name. */
void ogr_quiet_enter(struct why *said);
void ogr_quiet_leave(void);

/* A folder in GDAL's memory that is this thread's alone. */
enum { OGR_QUIET_NAME = 80 };
void ogr_quiet_folder(char folder[OGR_QUIET_NAME]);

#endif
