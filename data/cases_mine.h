/* Cases that are somebody's own: sent or joined by a person. */
#ifndef YZ_DATA_CASES_MINE_H
#define YZ_DATA_CASES_MINE_H

#include "data/db.h"
#include "data/secrets.h"

struct cases_mine {
    int64_t id;
    char public_id[SECRETS_ID_SIZE];
    bool sent; /* else joined */
};

/* At most `max` behind the id `after` (0: from the first), by id. */
enum err cases_mine_find(struct db *db, int64_t person, int64_t after, struct cases_mine *found,
                         size_t max, size_t *count);

#endif
