#include "data/ogr_format.h"

#include "geo/base/text.h"

static const struct {
    const char *word, *media;
    bool is_table;
    struct ogr_format_driver driver;
} formats[OGR_FORMATS] = {
    [OGR_CSV] = {"csv",
                 "text/csv; charset=utf-8",
                 true,
                 {"CSV",
                  false,
                  {"HEADERS=NO", "AUTODETECT_TYPE=NO", "EMPTY_STRING_AS_NULL=NO"},
                  {"WRITE_BOM=YES", "LINEFORMAT=CRLF", "STRING_QUOTING=IF_NEEDED",
                   "SEPARATOR=COMMA"}}},
    [OGR_XLSX] = {"xlsx",
                  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                  true,
                  {.name = "XLSX"}},
    [OGR_ODS] = {"ods", "application/vnd.oasis.opendocument.spreadsheet", true, {.name = "ODS"}},
    [OGR_GEOJSON] = {"geojson",
                     "application/geo+json",
                     false,
                     {"GeoJSON",
                      true,
                      {"DATE_AS_STRING=YES", "NATIVE_DATA=NO"},
                      {"COORDINATE_PRECISION=17", "SIGNIFICANT_FIGURES=17"}}},
    [OGR_GPKG] = {"gpkg",
                  "application/geopackage+sqlite3",
                  false,
                  {"GPKG", true, {"LIST_ALL_TABLES=NO"}, {"GEOMETRY_NAME=geom"}}},
    /* A shapefile's text comes as it is: import_file.h finds out which encoding it has. */
    [OGR_SHP] = {"shp",
                 "application/zip",
                 false,
                 {"ESRI Shapefile", false, {"ENCODING="}, {"ENCODING=UTF-8"}}},
    [OGR_KML] = {"kml", "application/vnd.google-earth.kml+xml", false, {.name = "LIBKML"}},
};

const char *ogr_format_name(enum ogr_format format)
{
    return formats[format].word;
}

const char *ogr_format_media(enum ogr_format format)
{
    return formats[format].media;
}

bool ogr_format_is_table(enum ogr_format format)
{
    return formats[format].is_table;
}

enum err ogr_format_find(const char *name, enum ogr_format *format)
{
    for (int i = 0; i < OGR_FORMATS; i++)
        if (text_same(formats[i].word, name)) {
            *format = (enum ogr_format)i;
            return ERR_OK;
        }
    return ERR_NOTFOUND;
}

const struct ogr_format_driver *ogr_format_driver(enum ogr_format format)
{
    return &formats[format].driver;
}
