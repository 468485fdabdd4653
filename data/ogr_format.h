/* The formats of tables and maps that are read and written, as words: GDAL's names stay behind its
 * door (ogr_quiet.h). */
#ifndef YZ_DATA_OGR_FORMAT_H
#define YZ_DATA_OGR_FORMAT_H

#include "geo/base/err.h"

#include <stdbool.h>

enum ogr_format {
    OGR_CSV,
    OGR_XLSX,
    OGR_ODS,
    OGR_GEOJSON,
    OGR_GPKG,
    OGR_SHP,
    OGR_KML,
    OGR_FORMATS
};

/* The word people use for it ("xlsx", "shp"), and the media type of a file that ogr_out_end made;
 * static text. */
const char *ogr_format_name(enum ogr_format format);
const char *ogr_format_media(enum ogr_format format);
/* Whether it is a table: neither names of columns nor geometry; all of its cells are rows. */
bool ogr_format_is_table(enum ogr_format format);
/* ERR_NOTFOUND. */
enum err ogr_format_find(const char *name, enum ogr_format *format);

/* What GDAL is told about one: its driver's name, and options for opening a file, making a layer;
 * NULL at the ends. */
struct ogr_format_driver {
    const char *name;
    bool is_numbered; /* its features may bring numbers of their own */
    const char *open[5], *make[5];
};
const struct ogr_format_driver *ogr_format_driver(enum ogr_format format);

#endif
