/* Grids of weights in the database: each is brought in, replaced and taken away as a whole. */
#ifndef YZ_DATA_GRIDS_H
#define YZ_DATA_GRIDS_H

#include "data/db.h"
#include "geo/space/gridset.h"

enum {
    GRIDS_MAX = 16,                /* how many there may be */
    GRIDS_CELLS_MAX = 2000000,     /* of one */
    GRIDS_ALL_CELLS_MAX = 4000000, /* of all together: what a server holds in memory */
};

/* Whether a grid may be called this: a to z, 0 to 9 and _, a letter first, at most 40; no word that
 * GET /v1/coverage gives another meaning ("surface", "reports", "streets"). */
bool grids_name_ok(const char *name);

struct grids_new {
    const char *name, *file;
    const struct gridset_cell *cells; /* at least one */
    size_t count;
};

/* Puts a grid in the place of the one of that name, if there is one (`*replaced`). Inside db_write.
 * ERR_LIMIT for too many grids or cells, with a sentence. */
enum err grids_put(struct db *db, const struct grids_new *grid, bool *replaced, struct why *why);

/* Inside db_write. ERR_NOTFOUND. */
enum err grids_remove(struct db *db, const char *name);

/* One, for a list. */
struct grids_listed {
    const char *name, *file;
    uint64_t cells;
    double total;
    int64_t created_ms;
};
/* Calls `each` for every grid, by name. */
enum err grids_list(struct db *db, void (*each)(void *user, const struct grids_listed *grid),
                    void *user);

/* All of them, in memory. An empty set is ERR_OK. ERR_FORMAT for cells that nobody here wrote. */
enum err grids_load(struct db *db, struct gridset **set, struct why *why);

#endif
