/* A way of getting about (foot, bicycle, ...) as tables over OSM tags: who may pass where, how
 * fast, in what manner, and what a junction costs. The tables are data that an operator edits
 * (data/profiles.c reads them); the order in which they are asked is fixed here.
 *
 * Access follows https://wiki.openstreetmap.org/wiki/Key:access: the most specific key wins. */
#ifndef YZ_GEO_ROAD_PROFILE_H
#define YZ_GEO_ROAD_PROFILE_H

#include "geo/base/arena.h"
#include "geo/base/err.h"
#include "geo/road/mode.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROFILE_MAX = 16, PROFILE_NAME_SIZE = 32 };

/* One OSM tag; borrowed for the length of the call it is passed to. */
struct profile_tag {
    const char *key, *value;
};

/* The value of a key among `count` tags; NULL when it is missing. */
const char *profile_tag_get(const struct profile_tag *tags, size_t count, const char *key);

/* What a value of an access key means. The order is one of growing reluctance. */
enum profile_access {
    PROFILE_YES,
    PROFILE_DESTINATION, /* only for those who go there: dear to drive through */
    PROFILE_PRIVATE,     /* dearer still, but the last metres may lead there */
    PROFILE_DISMOUNT,    /* get off and push */
    PROFILE_NO
};

/* Tag value -> number. The value "*" stands for any other. */
struct profile_value {
    const char *value;
    double number;
};
struct profile_table {
    const struct profile_value *items;
    size_t count;
};
/* One table per key. */
struct profile_keyed {
    const char *key;
    struct profile_table table;
};
struct profile_keys {
    const char *const *items;
    size_t count;
};

/* Eight directions of a turn, in the order of enum route_modifier. */
enum profile_turn {
    PROFILE_TURN_UTURN,
    PROFILE_TURN_SHARP_RIGHT,
    PROFILE_TURN_RIGHT,
    PROFILE_TURN_SLIGHT_RIGHT,
    PROFILE_TURN_STRAIGHT,
    PROFILE_TURN_SLIGHT_LEFT,
    PROFILE_TURN_LEFT,
    PROFILE_TURN_SHARP_LEFT
};
enum { PROFILE_TURNS = 8 };

/* In tables of seconds: not passable. */
#define PROFILE_BLOCKED (-1.0)

/* Plain data; texts and arrays live in `memory`. Speeds in km/h, times in seconds. */
struct profile {
    struct arena memory;
    char name[PROFILE_NAME_SIZE]; /* "ebike": letters, digits, '_' and '-' */
    enum route_mode mode;         /* of what is not pushed or shipped: riding or walking */
    double max_kmh;               /* nothing goes faster */

    /* Access. own_keys are asked first, then general_keys, each in order; foot_keys decide where
     * one may push. `access` gives an enum profile_access for a value. */
    struct profile_keys own_keys, general_keys, foot_keys;
    struct profile_table access;
    const struct profile_tag *forbid; /* tags that close a way unless an own key opens it */
    size_t forbid_count;

    /* Speed by highway value: ridden by anyone; ridden where an own key says so; pushed. */
    struct profile_table ride, ride_if_signed, push;
    double ferry_kmh; /* 0: no ferries; a ferry's own duration goes before it */
    bool use_maxspeed;
    const struct profile_keyed *limits; /* upper speeds by surface, tracktype, ...; 0 closes */
    size_t limit_count;

    /* Direction. Asked in order: `oneway:bicycle`, `oneway`. */
    struct profile_keys oneway_keys;
    bool implied_oneway;                  /* roundabouts and motorways are one-way unsaid */
    const struct profile_tag *contraflow; /* tags that open the other direction */
    size_t contraflow_count;

    /* Junctions. `nodes` gives seconds lost by barrier, highway=traffic_signals, ...; of several
     * matches the largest counts, and PROFILE_BLOCKED before all. */
    const struct profile_keyed *nodes;
    size_t node_count;
    double turn_s[PROFILE_TURNS];
    bool uturn_anywhere;             /* false: only where there is no other way on */
    double enter_s[ROUTE_MODES];     /* on changing to a mode: dismounting, boarding */
    double destination_s, private_s; /* reluctance on entering such a stretch; no time passes */

    /* Turn restrictions: relation keys asked in order, and words of `except` that free us. */
    struct profile_keys restriction_keys, except_words;
};

/* Frees what the profile owns. Works on a zeroed one. */
void profile_fini(struct profile *profile);

/* The number of a value, or of "*"; `fallback` when it has none. */
double profile_table_get(const struct profile_table *table, const char *value, double fallback);

/* What a profile makes of one direction of a way. */
struct profile_travel {
    double kmh; /* 0: not at all */
    enum route_mode mode;
    enum profile_access level; /* PROFILE_YES, PROFILE_DESTINATION or PROFILE_PRIVATE */
};
struct profile_way {
    struct profile_travel forward, backward;
    double duration_s; /* of the whole way, one direction, where it is tagged; else 0 */
};

/* Reads a way's tags; false when it is of no use in either direction. */
bool profile_way_read(const struct profile *profile, const struct profile_tag *tags, size_t count,
                      struct profile_way *way);

/* Whether riders of a oneway way's tags may go forward and backward, apart from all else. */
struct profile_oneway {
    bool forward, backward;
};
struct profile_oneway profile_way_oneway(const struct profile *profile,
                                         const struct profile_tag *tags, size_t count);

/* What a profile makes of a tagged node: seconds lost, and reluctance that is no time (a private
 * gate). False: it bars the way. */
struct profile_node {
    double delay_s, reluctance_s;
};
bool profile_node_read(const struct profile *profile, const struct profile_tag *tags, size_t count,
                       struct profile_node *node);

/* The restriction ("no_left_turn") that a relation's tags lay on the profile; NULL for none. */
const char *profile_restriction_read(const struct profile *profile, const struct profile_tag *tags,
                                     size_t count);

#endif
