/* What kind of OpenStreetMap file a path is, told by its first bytes, whatever its name. */
#ifndef YZ_DATA_OSM_FORMAT_H
#define YZ_DATA_OSM_FORMAT_H

#include "geo/base/err.h"

#include <stdbool.h>

#include <limits.h>
#include <stddef.h>

/* The format of these bytes: "osm" (XML), "osm.gz", "osm.bz2", "osm.pbf"; NULL for anything else.
 * Static text. */
const char *osm_format_of(const void *bytes, size_t size);

/* Finds format and absolute path (which no reader takes for a URL) of a regular file. ERR_NOTFOUND,
 * ERR_DENIED, ERR_FORMAT when it is empty or something else, with a sentence. */
enum err osm_format_find(const char *path, const char **format, char absolute[PATH_MAX],
                         struct why *why);

/* Whether `len` bytes are whole NUL-terminated strings in pairs, as libosmium keeps tags. A NUL
 * inside a key or value of a file breaks the pairs, and would lead libosmium's iterator out of its
 * buffer. */
bool osm_format_pairs(const unsigned char *bytes, size_t len);

#endif
