/* The road file: a network as flat arrays, mapped into memory, read-only and shared by all threads.
 *
 * An *edge* is a stretch of one OSM way between two junctions, with its geometry and name. An *arc*
 * is an edge in one direction that some profile may travel; a search state is an arc, and a *turn*
 * leads from an arc to the next one. */
#ifndef YZ_GEO_ROAD_GRAPH_H
#define YZ_GEO_ROAD_GRAPH_H

#include "geo/base/err.h"
#include "geo/space/coord.h"
#include "geo/space/rtree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct graph;

/* Maps a road file and checks all of it: version, checksum, sizes, every offset and index, so that
 * nothing a search does later can leave the arrays. A wrong file is an error with a sentence that
 * says how to mend it, never a crash. */
enum err graph_open(const char *path, struct graph **graph, struct why *why);
void graph_free(struct graph *graph);

/* Profiles are numbered in the order they were given to the build. -1: no such profile. */
size_t graph_profile_count(const struct graph *graph);
const char *graph_profile_name(const struct graph *graph, size_t profile);
int graph_profile_find(const struct graph *graph, const char *name);

/* What a map draws of an edge. Points and texts are borrowed from the file. */
struct graph_edge {
    const struct coord_e7 *points;
    uint32_t point_count;
    const char *name, *ref;
    uint8_t road_class; /* index for graph_class_name */
    bool oneway;
    int64_t way_id;
};
size_t graph_edge_count(const struct graph *graph);
struct graph_edge graph_edge_at(const struct graph *graph, uint32_t edge);

/* The OSM highway value of a class ("residential", "ferry" for ferries), most important class
 * first; NULL past the last. */
const char *graph_class_name(unsigned road_class);

/* Over the boxes of all edges. */
const struct rtree *graph_edge_tree(const struct graph *graph);

/* Where the data came from and when the file was built (seconds since 1970), for attribution. */
const char *graph_source(const struct graph *graph);
int64_t graph_built_at(const struct graph *graph);

#endif
