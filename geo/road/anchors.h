/* Where given points (places) touch the roads, found once for every profile, so that a search by
 * time need not snap them again and again; and R-trees over where they touch, whose distances bound
 * travel times without any allowance for what lies between a place and its street.
 *
 * A point's places are those that snap_choose finds for the end of a trip, of the largest component
 * and under the closures in force: what a route to it would use. */
#ifndef YZ_GEO_ROAD_ANCHORS_H
#define YZ_GEO_ROAD_ANCHORS_H

#include "geo/base/progress.h"
#include "geo/road/graph.h"
#include "geo/road/network.h"
#include "geo/road/snap.h"
#include "geo/space/rtree.h"

struct anchors; /* read-only once built; shared by all threads; borrows the graph */

/* Neighbouring points that are searched together (the places of a category). */
struct anchors_group {
    uint32_t first, count;
};

/* All of it is copied but the graph. */
struct anchors_input {
    const struct graph *graph;
    const struct network_view *views; /* [profiles of the graph]: under the closures in force */
    double radius_m;                  /* how far a road may be */
    const struct coord_e7 *points;
    uint32_t count;
    const struct anchors_group *groups;
    size_t group_count;
};

/* Points that stood at the same coordinate among those of `before` (NULL: none; built on the same
 * graph with the same radius) take over what was found then; what closures shut is snapped anew.
 * ERR_NOMEM, ERR_CANCELLED. */
enum err anchors_build(const struct anchors_input *input, const struct anchors *before,
                       const struct progress *progress, struct anchors **anchors);
void anchors_free(struct anchors *anchors); /* NULL does nothing */

uint32_t anchors_count(const struct anchors *anchors);
const struct graph *anchors_graph(const struct anchors *anchors);
struct anchors_group anchors_group(const struct anchors *anchors, size_t group);

/* Where a point touches a road; as snap_place, but for what can be told from that. */
struct anchors_place {
    uint32_t edge;
    struct coord_e7 at;
    float off_m; /* at least how far `at` is from the chord along which lengths are measured */
    double fraction;
};

/* The places of point `i`, nearest first; none: no road is within reach. */
const struct anchors_place *anchors_at(const struct anchors *anchors, unsigned profile, uint32_t i,
                                       size_t *count);

/* The same as ends: both directions of every place, as far as `view` (of those built with) is open,
 * the two of an edge side by side; `role` SNAP_VIA: only those from which a trip can go on. Their
 * number is returned. */
size_t anchors_ends(const struct anchors *anchors, const struct network_view *view, uint32_t i,
                    enum snap_role role, struct network_end ends[NETWORK_MAX_ENDS]);

/* Over the places of a group's points, one box a point: item k is point first + k of the group. A
 * point without places has the box of where it stands. Boxes are exact to a centimetre; where
 * places are farther than that from their chord, they hold what is. */
const struct rtree *anchors_tree(const struct anchors *anchors, unsigned profile, size_t group);

#endif
