/* Where cases are: for maps, which show very many and tell little of each. */
#ifndef YZ_DATA_CASES_MAP_H
#define YZ_DATA_CASES_MAP_H

#include "data/cases.h"

/* Calls `visit` with every case in the box (closed on all sides) that the filter wants; its page
 * does not count. Ends with the first error that `visit` returns. ERR_LIMIT for too many areas. */
enum err cases_map_visit(struct db *db, const struct cases_filter *filter,
                         const struct kinds *kinds, struct box box, struct arena *arena,
                         enum err (*visit)(void *user, int64_t id, struct coord at), void *user);

/* What a map tells of one; text is borrowed for the call. */
struct cases_map_spot {
    const char *public_id, *kind, *category, *state;
    int64_t created_ms;
};

/* Calls `take` with it. ERR_NOTFOUND: it is not there. */
enum err cases_map_read(struct db *db, int64_t id,
                        void (*take)(void *user, const struct cases_map_spot *spot), void *user);

#endif
