/* How often offers were taken, by kind, area or month. Nobody is named in it, no merchant either.
 */
#ifndef YZ_DATA_OFFERS_TALLY_H
#define YZ_DATA_OFFERS_TALLY_H

#include "data/db.h"
#include "geo/base/arena.h"

enum offers_tally_by {
    OFFERS_TALLY_NONE,
    OFFERS_TALLY_KIND,
    OFFERS_TALLY_AREA, /* in which the offer's place lies */
    OFFERS_TALLY_MONTH,
    OFFERS_TALLY_BYS
};

/* What was taken on which days (since 1970, by the local clock), `from_day` and `to_day` among
 * them. */
struct offers_tally_filter {
    const char *kind;  /* NULL: all */
    int64_t area_id;   /* and all below it; 0: all */
    const char *areas; /* and in these and all below them, a JSON array; NULL: everywhere */
    int64_t from_day, to_day;
    enum offers_tally_by by;
};

enum { OFFERS_TALLY_GROUPS = 1000 };
struct offers_tally {
    const char *key;   /* a kind, the id of an area ("0": of none), "2026-11"; "" of all */
    int64_t used;      /* how often */
    int64_t offers;    /* of how many offers */
    int64_t merchants; /* at how many places */
};

/* `*total` is of all; groups are in the order of their keys, areas by number, none of them by NONE.
 * In the arena. ERR_LIMIT: more than OFFERS_TALLY_GROUPS. */
enum err offers_tally_read(struct db *db, const struct offers_tally_filter *filter,
                           struct arena *arena, struct offers_tally *total,
                           const struct offers_tally **groups, size_t *count);

#endif
