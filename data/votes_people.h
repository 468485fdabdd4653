/* Whom a vote asks where its electorate is a list, and who may ask whom: a name stands behind each
 * number, and whoever could list any number would read them all.
 *
 * Somebody asks members of branches in the vote's area (of any branch, where the vote is the whole
 * city's), and whom they reach as keepers of accounts (people_reach.h): a city administrator for
 * all everybody, branch staff nobody else. */
#ifndef YZ_DATA_VOTES_PEOPLE_H
#define YZ_DATA_VOTES_PEOPLE_H

#include "data/votes.h"

/* Inside db_write: writes the list of a draft anew, as `by` asks it (0: nobody who is held to
 * anything). ERR_INVALID names the first who may not be asked, who is gone, or is there twice. */
enum err votes_people_put(struct db *db, const struct votes_vote *vote, int64_t by,
                          const int64_t *people, size_t count, struct arena *arena,
                          struct why *why);

/* The first of `people` (0: nobody in particular) whom `by` may not ask, or who is gone; `*first`
 * is `count` where there is none. */
enum err votes_people_stranger(struct db *db, const struct votes_vote *vote, int64_t by,
                               const int64_t *people, size_t count, struct arena *arena,
                               size_t *first, struct why *why);

/* Inside db_write, before it is opened: ERR_CONFLICT where `by` may not ask somebody of the list,
 * as those who left a branch since it was written. */
enum err votes_people_check(struct db *db, const struct votes_vote *vote, int64_t by,
                            struct arena *arena, struct why *why);

/* Those of the list who are still there, by id. */
enum err votes_people_of(struct db *db, int64_t vote, struct arena *arena, const int64_t **people,
                         size_t *count);

#endif
