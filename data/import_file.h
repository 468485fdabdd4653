/* A stranger's file made ready for GDAL: which format it is, unpacked and decoded within bounds,
 * and free of what would make a reader do more than read.
 *
 *     .csv .tsv        text; UTF-8, GB18030 and others become UTF-8
 *     .xlsx .ods       the XML parts of the archive and nothing else, packed anew
 *     .geojson .json   as it is
 *     .gpkg            as it is; refused when it brings virtual tables, which read other files
 *     .kml             as it is; refused when it declares a document type or is nested deeply
 *     .kmz             the KML in it
 *     .shp             with the .dbf .shx .prj .cpg beside it, as its path or as a folder
 *     .zip             a shapefile, or one of the others that is no archive of files itself */
#ifndef YZ_DATA_IMPORT_FILE_H
#define YZ_DATA_IMPORT_FILE_H

#include "data/import_text.h"
#include "data/ogr_file.h"
#include "geo/base/file.h"

struct import_file_limits {
    size_t bytes;    /* of each file as it comes */
    size_t unpacked; /* of all that comes out of an archive */
};

struct import_file {
    enum ogr_format format;
    struct ogr_part parts[OGR_FILE_PARTS];
    size_t count;
    /* What the text was taken for: of a table's, or of a shapefile's, which is still to be decoded;
     * NULL for formats that are UTF-8 by themselves. */
    const struct import_text_encoding *encoding;
    struct import_text_lines lines; /* of a table's text: where its records start */
    /* its own: */
    struct file_map maps[OGR_FILE_PARTS];
    size_t map_count;
    void *made[OGR_FILE_PARTS];
    size_t made_count;
};

/* Opens a regular file, or a folder with one shapefile. `encoding` is as import_text_find takes it;
 * NULL: found out. ERR_NOTFOUND, ERR_FORMAT, ERR_UNSUPPORTED, ERR_LIMIT with a sentence that does
 * not name the file. Close with import_file_fini also after a failure. */
enum err import_file_open(struct import_file *file, const char *path, const char *encoding,
                          const struct import_file_limits *limits, struct why *why);

/* The same for bytes that somebody sent; `name` gives the format by its end and is no path to
 * anything. Borrows the bytes until import_file_fini. */
enum err import_file_take(struct import_file *file, const char *name, const void *bytes, size_t len,
                          const char *encoding, const struct import_file_limits *limits,
                          struct why *why);

void import_file_fini(struct import_file *file);

#endif
