/* Who belongs to which branch: asked for by what is for members only, and by what needs a list of
 * them (electorates). Memberships that wait or have ended do not count.
 *
 * How one comes to be a member is membership_join.h and membership_judge.h. */
#ifndef YZ_DATA_MEMBERS_H
#define YZ_DATA_MEMBERS_H

#include "data/branches.h"

/* Whether the person is a member of the branch. */
enum err members_is(struct db *db, int64_t branch_id, int64_t person_id, bool *yes);

/* Whether the person is a member of a branch in the area or below it; 0: of any branch. */
enum err members_in(struct db *db, int64_t area_id, int64_t person_id, bool *yes);

/* Members of which branches: of those named, and of all whose area is among those named or lies
 * below one. Branches without an area are in none. */
struct members_scope {
    const int64_t *branches;
    size_t branch_count;
    const int64_t *areas;
    size_t area_count;
};
enum { MEMBERS_SCOPE_MAX = 64, MEMBERS_OF_MAX = 200000 };

/* The people, each once, by id, in the arena. Nobody is ERR_OK. ERR_LIMIT above MEMBERS_OF_MAX
 * people, or above MEMBERS_SCOPE_MAX branches or areas. */
enum err members_of(struct db *db, const struct members_scope *scope, struct arena *arena,
                    const int64_t **people, size_t *count);

#endif
