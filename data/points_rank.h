/* Who earned most points in a week (from Monday), a month, a year, by the server's clock, in an
 * area and all below it.
 *
 * What counts is what was earned, whatever was spent of it; what is reversed is taken off where it
 * had counted. The sums are written with each row of the ledger, so that a page is read from an
 * index. Nobody has a name here but one that they chose to be shown. */
#ifndef YZ_DATA_POINTS_RANK_H
#define YZ_DATA_POINTS_RANK_H

#include "data/db.h"
#include "geo/base/arena.h"

enum points_period { POINTS_WEEK, POINTS_MONTH, POINTS_YEAR, POINTS_PERIODS };
const char *points_period_name(enum points_period period);
/* The first day of the one that a day (since 1970) lies in. */
int64_t points_period_start(enum points_period period, int64_t day);

struct points_earned {
    int64_t person;
    const char *kind;
    int64_t area_id; /* 0: none */
    int64_t day, earned;
};
/* Inside db_write: adds to the sums of the periods, the area and those above it, and of all. */
enum err points_rank_count(struct db *db, const struct points_earned *earned);

struct points_ranking {
    enum points_period period;
    int64_t start; /* as points_period_start says */
    const char *kind;
    int64_t area_id; /* 0: everywhere */
};

struct points_ranked {
    int64_t rank; /* 1 for the first; who earned the same has the same */
    int64_t person, earned;
    const char *name; /* that they chose to be shown; or "" */
};

/* A page of those who earned any, the most first, behind the first `skip`. */
enum err points_rank_list(struct db *db, const struct points_ranking *ranking, int64_t skip,
                          size_t limit, struct arena *arena, const struct points_ranked **list,
                          size_t *count, bool *more);

/* Somebody's own; ERR_NOTFOUND: they earned none. */
enum err points_rank_of(struct db *db, const struct points_ranking *ranking, int64_t person,
                        struct points_ranked *own);

/* What somebody is called there: at first nothing. */
enum { POINTS_NAME_MAX = 20 /* characters */ };
struct points_name {
    const char *name; /* "": none */
    bool hidden;
};
enum err points_rank_name(struct db *db, int64_t person, struct arena *arena,
                          struct points_name *name);
/* In a transaction of its own. */
enum err points_rank_set_name(struct db *db, int64_t person, const struct points_name *name);

#endif
