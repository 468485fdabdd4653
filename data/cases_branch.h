/* Which branches of the union a case is for: those in its area, or in the closest area above that
 * has any; where none has, those of the whole city. Branches of one area answer together, as they
 * have the same keepers (docs/members.md), so that area stands for them. */
#ifndef YZ_DATA_CASES_BRANCH_H
#define YZ_DATA_CASES_BRANCH_H

#include "data/db.h"
#include "geo/base/arena.h"

/* As it is now: branches that have ended answer nothing. */
struct cases_branch {
    const struct cases_branch_area {
        int64_t area, of;
    } * areas; /* by area */
    size_t count;
};

/* In the arena. */
enum err cases_branch_read(struct db *db, struct arena *arena, struct cases_branch *branches);

/* The area whose branches answer for an area; 0: those of the whole city, if there are any. */
int64_t cases_branch_of(const struct cases_branch *branches, int64_t area);

/* The branches of such an area (0: of the whole city) that go on, by id. */
struct cases_branch_name {
    int64_t id;
    const char *name, *name_en;
};
enum err cases_branch_names(struct db *db, int64_t area, struct arena *arena,
                            const struct cases_branch_name **names, size_t *count);

#endif
