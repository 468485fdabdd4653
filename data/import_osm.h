/* Brings places, administrative areas and roads in from an OSM extract.
 *
 * Places are nodes, closed ways and multipolygons that a rule of the categories matches; an area's
 * place is a point on its surface. Of names the Chinese one comes first (osm_names.h). Areas are
 * closed ways and relations with boundary=administrative and a whole admin_level. Everything
 * happens in one transaction: all of it or nothing. A second import of the same objects keeps their
 * ids; what the file no longer has is marked as vanished, never deleted. */
#ifndef YZ_DATA_IMPORT_OSM_H
#define YZ_DATA_IMPORT_OSM_H

#include "data/categories.h"
#include "data/db.h"
#include "data/osm_file.h"
#include "geo/base/progress.h"
#include "geo/space/coord.h"

/* Why an object was not taken; the sentence is for the command line's table. */
#define IMPORT_OSM_DROPS(X)                                                                        \
    X(no_category, "nodes and outlines with tags that no category's rule matches")                 \
    X(unnamed_place, "places without a name in a category that asks for one")                      \
    X(outside_place, "places outside the box asked for")                                           \
    X(invalid_place, "places whose outline is broken or cut by the border of the file")            \
    X(bad_place, "places with text that cannot be stored: no UTF-8, or too long")                  \
    X(unnamed_area, "administrative areas without a name")                                         \
    X(no_level, "administrative areas without a usable admin_level")                               \
    X(other_level, "administrative areas of levels that were not asked for")                       \
    X(outside_area, "administrative areas outside the box asked for")                              \
    X(invalid_area, "administrative areas whose outline is broken or cut by the border of the "    \
                    "file")                                                                        \
    X(bad_area, "administrative areas with text that cannot be stored")
enum import_osm_drop {
#define IMPORT_OSM_ENUM(name, text) IMPORT_OSM_##name,
    IMPORT_OSM_DROPS(IMPORT_OSM_ENUM)
#undef IMPORT_OSM_ENUM
        IMPORT_OSM_DROP_COUNT
};

/* The sentence and the name of a reason; static text. */
const char *import_osm_drop_text(enum import_osm_drop reason);
const char *import_osm_drop_name(enum import_osm_drop reason);

struct import_osm_options {
    const struct categories *categories; /* borrowed */
    bool places, areas;                  /* what to bring in */
    int min_level, max_level;            /* admin_level of areas, both included; 0 and 0: 4 to 10 */
    const struct box *box;               /* only what lies in it; NULL: everything */
    const char *source;                  /* whose objects these are; NULL: "osm" */
    const char *roads_path;              /* where roads.osm.pbf goes; NULL: not written */
    bool allow_shrink; /* though more than half of the source vanishes (import_shrink.h) */
    bool dry_run;      /* do all of it, then undo it */
};

/* What became of the objects of one kind. */
struct import_counts {
    uint64_t kept; /* are in the database now */
    uint64_t created, updated, unchanged;
    uint64_t vanished; /* were there from the same source before, and are not in this file */
};

struct import_osm_stats {
    struct osm_stats file;
    struct import_counts places, areas;
    uint64_t by_category[64]; /* places kept, by index */
    uint64_t by_level[16];    /* areas kept, by admin_level */
    uint64_t dropped[IMPORT_OSM_DROP_COUNT];
};

/* Imports `path`. The road file is written before the transaction ends, whole or not at all.
 * ERR_NOTFOUND, ERR_FORMAT, ERR_TRUNCATED, ERR_CONFLICT (most of the source would vanish: the
 * extract is of elsewhere), ERR_CANCELLED, what the database says; `why` names the
 * culprit. On failure the database is as it was and `*stats` untouched. */
enum err import_osm(struct db *db, const char *path, const struct import_osm_options *options,
                    const struct progress *progress, struct import_osm_stats *stats,
                    struct why *why);

#endif
