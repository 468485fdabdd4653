/* From an OSM file to a road file. */
#ifndef YZ_DATA_IMPORT_ROADS_H
#define YZ_DATA_IMPORT_ROADS_H

#include "data/osm_file.h"
#include "data/profiles.h"
#include "geo/road/build.h"

struct import_roads_result {
    struct osm_stats osm;
    struct build_stats roads;
};

/* Reads `osm_path` (any format osm_file_read reads), builds the network for the profiles and writes
 * it to `to`, whole or not at all. `source` is kept in the file for attribution.
 * ERR_INVALID when the file holds no road that a profile can use. */
enum err import_roads_run(const char *osm_path, const struct profiles *profiles, const char *to,
                          const char *source, const struct progress *progress,
                          struct import_roads_result *result, struct why *why);

#endif
