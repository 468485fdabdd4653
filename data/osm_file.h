/* libosmium's door: reads .osm, .osm.gz, .osm.bz2 and .osm.pbf, and writes the part that roads
 * need.
 *
 * Nodes that are not dense, ways cut at the border of an extract, and relations whose members are
 * missing are all met in real files: what cannot be used is counted, never guessed. */
#ifndef YZ_DATA_OSM_FILE_H
#define YZ_DATA_OSM_FILE_H

#include "geo/base/err.h"
#include "geo/base/progress.h"
#include "geo/space/coord.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tags of one object, borrowed for the length of a callback. */
struct osm_tag {
    const char *key, *value;
};
struct osm_tags {
    const struct osm_tag *items;
    size_t count;
};
/* The value of a key, or NULL. */
const char *osm_tags_get(const struct osm_tags *tags, const char *key);

struct osm_node {
    int64_t id;
    struct coord at;
    struct osm_tags tags;
};

/* `refs[i]` stands at `at[i]`. Only complete stretches are given: a way some of whose nodes are not
 * in the file is counted in `ways_incomplete` and given once for each run of two or more nodes
 * between the gaps, always with its whole tags; nothing is joined across a gap. */
struct osm_way {
    int64_t id;
    const int64_t *refs;
    const struct coord *at;
    size_t count;
    struct osm_tags tags;
};

/* A closed way or multipolygon relation, as WKB MultiPolygon. */
struct osm_area {
    int64_t id; /* of the way or relation */
    bool from_way;
    const unsigned char *wkb;
    size_t wkb_len;
    struct coord inside; /* a point on its surface */
    struct osm_tags tags;
};

struct osm_member {
    char type; /* 'n', 'w' or 'r' */
    int64_t id;
    const char *role;
};
struct osm_relation {
    int64_t id;
    const struct osm_member *members;
    size_t member_count;
    struct osm_tags tags;
};

/* Callbacks may be NULL: all run in the calling thread. An error they return stops the reading and
 * is returned. `want_area` is asked with the tags first, so that only wanted areas are assembled.
 */
struct osm_sink {
    enum err (*node)(void *user, const struct osm_node *node); /* only nodes with tags */
    enum err (*way)(void *user, const struct osm_way *way);    /* only ways with tags */
    enum err (*area)(void *user, const struct osm_area *area);
    bool (*want_area)(void *user, const struct osm_tags *tags);
    enum err (*relation)(void *user, const struct osm_relation *relation);
    void *user;
};

struct osm_stats {
    uint64_t nodes, ways, relations; /* read */
    uint64_t ways_incomplete;        /* some of their nodes are not in the file */
    uint64_t areas, areas_invalid;   /* assembled; given up on */
    char timestamp[32];              /* newest data, from the header; "" if it has none */
};

/* Reads a whole file in the order nodes, ways, areas, relations, whatever the order in the file (in
 * several passes; one that no callback needs is left out and its objects are not counted). The
 * format is told by the first bytes, not by the name. ERR_NOTFOUND, ERR_FORMAT, ERR_TRUNCATED,
 * ERR_CANCELLED with the file named in `why`; `stats` is then untouched. */
enum err osm_file_read(const char *path, const struct osm_sink *sink,
                       const struct progress *progress, struct osm_stats *stats, struct why *why);

/* Copies what roads need of `path` into `to`, an .osm.pbf: ways that are highways or ferries with
 * their nodes and tags, and the relations that restrict turns. Replaces `to` whole or not at all.
 */
enum err osm_file_extract_roads(const char *path, const char *to, const struct progress *progress,
                                struct why *why);

#endif
