/* Reference systems as files tell them, for the files of GDAL's door. */
#ifndef YZ_DATA_OGR_SRS_H
#define YZ_DATA_OGR_SRS_H

#include "data/ogr_file.h"

#include <ogr_srs_api.h>

/* What ogr_file_crs says of one; `own` NULL: nothing. */
enum err ogr_srs_name(OGRSpatialReferenceH own, char name[OGR_FILE_CRS_SIZE], struct why *why);

#endif
