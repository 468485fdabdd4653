/* One run of places that never changes, as flat arrays with packed R-trees over them: what a
 * placeset is made of. Read-only once made; shared by the sets that hold it. */
#ifndef YZ_GEO_PLACE_PLACEPART_H
#define YZ_GEO_PLACE_PLACEPART_H

#include "geo/base/err.h"
#include "geo/base/pool.h"
#include "geo/place/openings.h"
#include "geo/space/coord.h"
#include "geo/space/rtree.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { PLACESET_CATEGORIES = 64, PLACESET_AMENITIES = 64 };

/* The texts of a place, in the order in which they are kept: those that are not empty, each with
 * its NUL, behind two bytes that tell which they are, and whether all are plain. */
/* clang-format off */
#define PLACEPART_TEXTS(X)                                                                         \
    X(name) X(name_en) X(names) X(address) X(phone) X(hours) X(hours_self) X(source) X(photos)
/* clang-format on */
enum {
#define PLACEPART_COUNT(name) PLACEPART_##name,
    PLACEPART_TEXTS(PLACEPART_COUNT)
#undef PLACEPART_COUNT
        PLACESET_TEXTS,
    PLACEPART_PLAIN = 15, /* that bit tells the latter */
    PLACEPART_HEAD = 2
};

/* One place as it goes in and comes out. Text out is never NULL. */
struct place {
    int64_t id;
    struct coord at;
    unsigned category;  /* index in the operator's list, below PLACESET_CATEGORIES */
    uint64_t amenities; /* bit i: the operator's amenity i */
    const char *name, *name_en;
    const char *names; /* other names, separated by semicolons, as OSM's alt_name */
    const char *address, *phone;
    const char *hours;      /* staffed, OSM opening_hours syntax */
    const char *hours_self; /* self-service by scan, likewise */
    const char *source;     /* "osm:node/123", "demo:7", ... */
    const char *photos;     /* public ids between single blanks */
    uint32_t version;       /* grows with every change of it in the database */
    uint32_t capacity;      /* seats, bays, ...; 0: not said */
    bool doubted;           /* several riders say that it is closed, and nobody has looked yet */
    bool plain;             /* out: JSON writes every text of it as it is (jsonw_is_plain) */
    bool by_staff;          /* who last confirmed it is staff; else a rider */
    int64_t confirmed_ms;   /* when somebody last said that it is as it says; 0: never */
    /* Closed for a while whatever its hours say: from–to, UTC since 1970. `to` is INT64_MAX until
     * further notice; `from` = `to` = 0: not. */
    int64_t closed_from_ms, closed_to_ms;
    const char *closed_reason;
    uint32_t lengths[PLACESET_TEXTS]; /* out: of the texts, by PLACEPART_* */
};

/* What queries do not touch until a place is shown: then it is all that is read but its texts, so
 * that some of the columns stand here again. Half a cache line. */
struct placepart_more {
    int64_t id;
    uint64_t amenities;
    uint32_t texts; /* where its texts begin */
    uint32_t version, capacity : 24, doubted : 1, by_staff : 1, category : 6, confirmed_s;
};

/* A place closed for a while. */
struct placepart_closing {
    uint32_t place; /* local index */
    uint32_t reason;
    int64_t from_ms, to_ms;
};

/* The places of one category: a tree of their own, whose leaf i is the local place `first` + i, so
 * that a search for toilets walks over toilets alone. `amenities[b]` is the union of what the
 * places under box item_count + b have. */
struct placepart_group {
    struct rtree tree;
    uint32_t first;
    uint64_t *amenities;
};

struct placepart_by_id {
    int64_t id;
    uint32_t index; /* local */
};

/* Places stand in order of category, and within one along a Hilbert curve, so that neighbours lie
 * side by side. Arrays have `count` entries, by local index; place i of the set is i - `first`. */
struct placepart {
    uint32_t first, count;
    struct coord_e7 *coords;
    uint8_t *categories;
    uint64_t *amenities;
    int64_t *ids;
    struct placepart_more *more;
    struct placepart_by_id *index;      /* ascending */
    struct placepart_closing *closings; /* by place */
    uint32_t closing_count;
    /* The texts of place after place (PLACEPART_TEXTS): so those of neighbours lie side by side. */
    char *texts;
    struct pool reasons;
    struct openings *openings;
    struct rtree tree; /* over all of them */
    struct placepart_group groups[PLACESET_CATEGORIES];
    atomic_uint references;
};

struct placebatch;

/* Arranges the places of so many batches, whose ids are all different and which stay as they are.
 * Threads help where there is much of it. The part has one reference. ERR_NOMEM, ERR_LIMIT. */
enum err placepart_new(const struct placebatch *const *batches, size_t batch_count, uint32_t first,
                       struct placepart **part);
/* Another holder; and one less: the last frees it. NULL does nothing. */
struct placepart *placepart_hold(struct placepart *part);
void placepart_release(struct placepart *part);

/* The place at a local index; text is borrowed from the part. */
struct place placepart_at(const struct placepart *part, uint32_t local);

/* Sends for what placepart_at will read: first the columns, then, when those have come, the texts.
 */
void placepart_fetch(const struct placepart *part, uint32_t local);
void placepart_fetch_texts(const struct placepart *part, uint32_t local);

/* The local index of an id, -1: it is not here. O(log n). */
int64_t placepart_by_id(const struct placepart *part, int64_t id);

/* Its closing, NULL for none. */
const struct placepart_closing *placepart_closing(const struct placepart *part, uint32_t local);

#endif
