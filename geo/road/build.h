/* From OSM ways to a road file: split at junctions, evaluate profiles, resolve turn restrictions.
 *
 * The builder has heard of no file format: whoever reads one (data/import_roads.c) feeds it. */
#ifndef YZ_GEO_ROAD_BUILD_H
#define YZ_GEO_ROAD_BUILD_H

#include "geo/base/err.h"
#include "geo/base/progress.h"
#include "geo/road/profile.h"
#include "geo/space/coord.h"

#include <stddef.h>
#include <stdint.h>

struct build; /* collects, then writes; one thread */

/* Borrows the profiles until build_free. ERR_LIMIT above PROFILE_MAX. */
enum err build_new(const struct profile *const *profiles, size_t profile_count,
                   struct build **build);
void build_free(struct build *build);

/* A node with tags that bear on travel (barrier, highway=traffic_signals, crossing, ...). Any
 * order, before build_finish. Others are ignored. */
enum err build_node(struct build *build, int64_t id, const struct profile_tag *tags, size_t count);

/* A way; what no profile can use is counted and dropped. */
enum err build_way(struct build *build, int64_t id, const int64_t *refs, const struct coord *at,
                   size_t ref_count, const struct profile_tag *tags, size_t count);

/* A relation type=restriction: from ways, via a node or ways, to ways. What is not understood is
 * counted and dropped. */
struct build_member {
    char type;
    int64_t id;
    const char *role;
};
enum err build_restriction(struct build *build, int64_t id, const struct build_member *members,
                           size_t member_count, const struct profile_tag *tags, size_t count);

/* What came of it, for the command line to tell. */
struct build_stats {
    uint64_t ways_kept, ways_dropped;
    uint64_t nodes, edges, arcs, turns;
    uint64_t restrictions_kept, restrictions_dropped;
    uint64_t conditional_ignored; /* tags with :conditional, which are not evaluated */
    uint64_t components, largest_component_arcs;
};

/* Writes the file, whole or not at all; `source` is kept for attribution. ERR_INVALID when no road
 * came in. */
enum err build_finish(struct build *build, const char *path, const char *source,
                      const struct progress *progress, struct build_stats *stats, struct why *why);

#endif
