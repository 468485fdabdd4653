/* What the files of the builder share. Private to geo/road/build*.c.
 *
 *   build.c         takes in nodes, ways and restrictions, already read by the profiles
 *   build_edges.c   splits ways at junctions
 *   build_limits.c  restrictions -> forbidden sequences of arcs -> a trie
 *   build_turns.c   arcs, their copies, and the turns between them
 *   build_parts.c   strongly connected components
 *   build_file.c    writes it all down */
#ifndef YZ_GEO_ROAD_BUILD_WORK_H
#define YZ_GEO_ROAD_BUILD_WORK_H

#include "geo/base/arena.h"
#include "geo/base/pool.h"
#include "geo/road/build.h"
#include "geo/road/network.h"

/* A growing array: items, count, room. */
#define BUILD_LIST(type)                                                                           \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count, size;                                                                        \
    }
bool build_grow(void **items, size_t *size, size_t need, size_t item_size);
/* True when there is room for `more` further items. */
#define BUILD_ROOM(list, more)                                                                     \
    build_grow((void **)&(list).items, &(list).size, (list).count + (more), sizeof *(list).items)

/* How one profile travels a way. */
struct build_travel {
    float forward_kmh, backward_kmh; /* 0: not */
    uint8_t forward_flags, backward_flags;
};

struct build_way {
    int64_t id;
    uint32_t ref_first, ref_count; /* in refs and points */
    uint32_t name, ref;
    uint8_t road_class, flags;
};

/* A node that delays or bars; `direction` 0: both, 1: riders going forward, 2: backward. */
struct build_tagged {
    int64_t id;
    uint16_t kind;
    uint8_t direction;
};

/* A delay of a node or of a turn is cut here, so that their sums stay within NETWORK_MAX_TURN_MS.
 */
static const double build_max_delay_ms = 25 * 3600 * 1000;

/* What a node kind costs a profile. */
struct build_kind {
    uint32_t time_ms, cost_ms;
    bool blocked;
};

struct build_limit {
    uint32_t member_first, from_count, via_count, to_count; /* in that order in members */
    bool via_node, only;
    uint16_t mask; /* profiles it binds */
};

struct build {
    const struct profile *const *profiles;
    size_t profile_count;
    struct pool text;
    BUILD_LIST(int64_t) refs;
    BUILD_LIST(struct coord_e7) points;
    BUILD_LIST(struct build_way) ways;
    BUILD_LIST(struct build_travel) travels; /* ways x profiles */
    BUILD_LIST(struct build_tagged) tagged;
    BUILD_LIST(struct build_kind) kinds; /* kinds x profiles; kind 0 is nothing */
    BUILD_LIST(struct build_limit) limits;
    BUILD_LIST(int64_t) members;
    struct build_stats stats;

    /* From here on: made by build_finish. */
    struct arena memory;
    struct network net;      /* its pointers lead into `memory` or the lists below */
    struct rtree tree;       /* over the edges; item i is edge i */
    uint32_t *edge_way;      /* [edge]: index in ways */
    uint16_t *node_kind;     /* [node] */
    uint8_t *node_direction; /* [node] */
    int64_t *junction_ids;   /* OSM ids of nodes, ascending, and which node each is */
    uint32_t *junction_nodes;
    struct build_trie *trie;
    BUILD_LIST(uint32_t) turn_to;
    BUILD_LIST(uint16_t) turn_class;
    BUILD_LIST(uint16_t) turn_forbid;
};

/* Sorts (id, value) pairs by id, stably: least significant digit first. */
struct build_pair {
    int64_t id;
    uint32_t value;
};
enum err build_sort(struct build_pair *pairs, size_t count);

/* The stages, in order. */
enum err build_edges(struct build *build, const struct progress *progress);
enum err build_arcs(struct build *build);
enum err build_limits(struct build *build);
enum err build_turns(struct build *build, const struct progress *progress);
enum err build_parts(struct build *build, const struct progress *progress);
enum err build_write(struct build *build, const char *path, const char *source, struct why *why);

/* A trie of forbidden sequences of arcs. A node of depth two or more that has children is a state
 * of its own: a copy of its arc. */
struct build_trie_node {
    uint32_t arc, parent, child, sibling;
    uint32_t suffix; /* the longest proper suffix that is a node, of depth one at least; or none */
    uint32_t state;  /* arc number of the copy; of the base arc at depth one */
    uint16_t forbid; /* profiles for which the sequence ending here is forbidden */
    uint16_t depth;
};
struct build_trie {
    BUILD_LIST(struct build_trie_node) nodes;
    uint32_t *root; /* [base arc]: node of depth one, or NETWORK_NONE */
};
void build_trie_free(struct build_trie *trie);

/* Going on by base arc `by` from trie node `at` (NETWORK_NONE: nothing remembered): the state
 * reached, and the profiles that may not. */
uint32_t build_trie_step(const struct build_trie *trie, uint32_t at, uint32_t by, uint16_t *forbid);

#endif
