/* What came of activities: how many there were, who took part, and what was counted. Nobody is
 * named in it. */
#ifndef YZ_DATA_ACTIVITIES_TALLY_H
#define YZ_DATA_ACTIVITIES_TALLY_H

#include "data/activity_kinds.h"
#include "data/db.h"

enum activities_tally_by {
    ACTIVITIES_TALLY_NONE,
    ACTIVITIES_TALLY_KIND,
    ACTIVITIES_TALLY_AREA,
    ACTIVITIES_TALLY_MONTH, /* of the server's clock */
    ACTIVITIES_TALLY_BYS
};
const char *activities_tally_by_name(enum activities_tally_by by);

/* Of those that began and were neither drafts nor cancelled. */
struct activities_tally_filter {
    int64_t area_id;        /* and all below it; 0: all */
    const char *kind;       /* NULL: all */
    int64_t from_ms, to_ms; /* that began between these */
    enum activities_tally_by by;
};

enum { ACTIVITIES_TALLY_GROUPS = 1000, ACTIVITIES_TALLY_NUMBERS = 64 };
struct activities_tally {
    char key[48]; /* a kind, the id of an area ("0": of none), "2026-11"; "" of all */
    int64_t activities;
    int64_t signed_up; /* and did not take it back, with a seat */
    int64_t attended;  /* checked in, or confirmed */
    int64_t confirmed;
    struct activities_tally_number {
        const char *code;
        int64_t number;
    } * numbers;
    size_t number_count;
};

/* `*total` is of all; groups are in the order of their keys, none of them by NONE. In the arena.
 * ERR_LIMIT: more than ACTIVITIES_TALLY_GROUPS. */
enum err activities_tally_read(struct db *db, const struct activities_tally_filter *filter,
                               struct arena *arena, struct activities_tally *total,
                               const struct activities_tally **groups, size_t *count);

#endif
