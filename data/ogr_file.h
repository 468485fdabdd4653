/* GDAL/OGR's door, inward: files of tables and maps, read in memory.
 *
 * GDAL sees nothing but the bytes it is given, under names made here: no path, URL or virtual file
 * system of a stranger reaches it, and nothing but the drivers of ogr_format.h is ever
 * registered. What a file may hold before it comes here is import_file.h's business.
 *
 * An open file belongs to one thread, which has one of these or of ogr_out.h open at a time. */
#ifndef YZ_DATA_OGR_FILE_H
#define YZ_DATA_OGR_FILE_H

#include "data/ogr_format.h"
#include "geo/base/arena.h"
#include "geo/space/crs.h"

#include <stdbool.h>
#include <stdint.h>

enum { OGR_FILE_PARTS = 8, OGR_FILE_MAX_COLUMNS = 512, OGR_FILE_CRS_SIZE = 32 };

/* One of the files that make up what is read (a shapefile has several), by its suffix ("shp");
 * borrowed until ogr_file_close, which reads on from it. */
struct ogr_part {
    const char *suffix;
    const void *bytes;
    size_t len;
};

struct ogr_file;

/* Opens a layer: the one named, or the first that has rows. Text comes as UTF-8, but for a
 * shapefile's, which comes as it is. ERR_FORMAT, and ERR_NOTFOUND with the names of the layers
 * there are. */
enum err ogr_file_open(enum ogr_format format, const struct ogr_part *parts, size_t count,
                       const char *layer, struct ogr_file **file, struct why *why);
void ogr_file_close(struct ogr_file *file);

/* The layer's name, and those of the others that have rows too, joined by commas, "" for none;
 * borrowed. */
const char *ogr_file_layer(const struct ogr_file *file);
const char *ogr_file_others(const struct ogr_file *file);

/* How many columns are read (at most OGR_FILE_MAX_COLUMNS) and their names; rows, or 0 where
 * counting them means reading them. */
size_t ogr_file_width(const struct ogr_file *file);
const char *ogr_file_column(const struct ogr_file *file, size_t column);
uint64_t ogr_file_count(const struct ogr_file *file);

/* The system of the layer's coordinates as crs_find takes it; "" if the file says nothing.
 * ERR_INVALID when it names one that has no code. */
enum err ogr_file_crs(const struct ogr_file *file, char name[OGR_FILE_CRS_SIZE], struct why *why);

/* Moves to the first or next row. Damage is ERR_FORMAT, at the end at the latest. */
enum err ogr_file_next(struct ogr_file *file, bool *more, struct why *why);
/* Starts over. */
void ogr_file_rewind(struct ogr_file *file);

/* The present row: its number in the file (a spreadsheet's row from 1, a feature's own number), and
 * whether that is the feature's own or only counted. */
int64_t ogr_file_number(const struct ogr_file *file);
bool ogr_file_is_numbered(const struct ogr_file *file);

/* A cell as text in the arena, "" when empty; lists are joined by commas. NULL without memory. */
const char *ogr_file_cell(const struct ogr_file *file, size_t column, struct arena *arena);

/* Gives the present row the geometry that a column tells as WKT; false when it is malformed. */
bool ogr_file_set_wkt(struct ogr_file *file, const char *wkt);
bool ogr_file_has_geometry(const struct ogr_file *file);

/* The row's point, or one on the surface of its polygon, in the file's system. False, with
 * `*trouble` (static text, or NULL for an empty geometry) saying why there is none. */
bool ogr_file_point(struct ogr_file *file, struct coord *at, const char **trouble);

/* The row's polygon as WKB in new memory (free()), converted to WGS 84 from `crs`. False likewise.
 */
bool ogr_file_polygon(struct ogr_file *file, const struct crs *crs, unsigned char **wkb,
                      size_t *len, const char **trouble);

#endif
