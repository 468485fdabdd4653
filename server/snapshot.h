/* What memory answers from: places, areas, roads and where places touch them, as one immutable
 * snapshot behind a reference count, swapped whole when the outbox moves.
 *
 * A reader is one thread's handle. Entering compares one atomic number with that of the snapshot
 * the thread holds and takes no lock that another reader takes; what a request entered stays valid
 * until it leaves. A snapshot that nobody uses any more is freed, also when the threads that held
 * it are idle.
 *
 * The locks of this module: the store's (held while a pointer is copied) and one a reader (held by
 * its thread during a request, tried and never awaited by the publisher). */
#ifndef YZ_SERVER_SNAPSHOT_H
#define YZ_SERVER_SNAPSHOT_H

#include "geo/place/lexicon.h"
#include "geo/place/placeset.h"
#include "geo/road/anchors.h"
#include "geo/road/roads.h"
#include "geo/space/areaset.h"
#include "geo/space/gridset.h"

#include <stdbool.h>
#include <stdint.h>

/* What changes by itself; the roads' graph is that of their file, which closures do not touch. */
enum snapshot_topic {
    SNAPSHOT_PLACES,
    SNAPSHOT_AREAS,
    SNAPSHOT_GRAPH,
    SNAPSHOT_CLOSURES,
    SNAPSHOT_TOPICS
};

/* Read-only. `places` and `areas` are never NULL; `grids` is NULL while there is none; `roads` and
 * `anchors` are NULL while there is no road file, or the first is being prepared. Point i of
 * anchors[p] is place i of part p of the places, group c those of category c; either both are there
 * or none. Words of the base are NULL until they have been read. */
struct snapshot {
    const struct placeset *places;
    const struct areaset *areas;
    const struct gridset *grids;
    const struct roads *roads;
    const struct anchors *anchors[PLACESET_PARTS];
    const struct lexicon *words[PLACESET_PARTS]; /* of the places' parts */
    const struct lexicon *area_words;            /* document i is area i */
    uint64_t version;                            /* 1, 2, ... of this process */
    uint64_t since[SNAPSHOT_TOPICS];             /* the version from which each is as it is */
    int64_t made_ns;                             /* CLOCK_MONOTONIC */
};

/* A new part; what is NULL is taken over from the snapshot before, but for anchors and words where
 * what they were made of is new: roads, the places' base, or their second part. */
struct snapshot_parts {
    struct placeset *places;
    struct areaset *areas;
    struct gridset *grids;
    struct roads *roads;
    struct anchors *anchors[PLACESET_PARTS];
    struct lexicon *words[PLACESET_PARTS], *area_words;
    bool drop_roads; /* there is no road file any more */
};

struct snapshot_store;
enum err snapshot_store_new(struct snapshot_store **store);
/* All readers must be gone. NULL does nothing. */
void snapshot_store_free(struct snapshot_store *store);

/* Takes the parts, also on failure. From one thread at a time. The first must bring places and
 * areas. */
enum err snapshot_publish(struct snapshot_store *store, struct snapshot_parts *parts);

/* Drops what idle readers still hold of older snapshots; the publisher's thread calls it now and
 * then, because a busy reader is passed over. */
void snapshot_sweep(struct snapshot_store *store);

/* Number of the current snapshot; 0 before the first. */
uint64_t snapshot_version(const struct snapshot_store *store);

struct snapshot_reader;
enum err snapshot_reader_new(struct snapshot_store *store, struct snapshot_reader **reader);
void snapshot_reader_free(struct snapshot_reader *reader);

/* The current snapshot, or NULL before the first; valid until snapshot_leave. Not nested. */
const struct snapshot *snapshot_enter(struct snapshot_reader *reader);
void snapshot_leave(struct snapshot_reader *reader);

#endif
