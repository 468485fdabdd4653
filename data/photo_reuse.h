/* Whether the photos of a case were used before, in others: the same file, or one that looks the
 * same (photo_look.h). */
#ifndef YZ_DATA_PHOTO_REUSE_H
#define YZ_DATA_PHOTO_REUSE_H

#include "data/db.h"
#include "geo/base/arena.h"

enum {
    PHOTO_REUSE_MAX = 20,    /* that are told of */
    PHOTO_REUSE_LOOKS = 2000 /* of one band that are compared: some photos are all night */
};

/* Another photo like one of the case's. */
struct photo_reuse {
    const char *photo;         /* public id of the case's own */
    const char *report, *kind; /* public id and kind of the other case */
    int64_t area_id;           /* of that; 0: none */
    bool is_exact;             /* the very same file was sent */
};

/* The exact ones first; one for each own photo and other case. In the arena. */
enum err photo_reuse_find(struct db *db, int64_t case_id, struct arena *arena,
                          struct photo_reuse **found, size_t *count);

#endif
