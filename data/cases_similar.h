/* Open cases that may say the same as one about to be sent. */
#ifndef YZ_DATA_CASES_SIMILAR_H
#define YZ_DATA_CASES_SIMILAR_H

#include "data/cases.h"

enum { CASES_SIMILAR_MAX = 10 };

struct cases_similar {
    struct cases_case found; /* with its photos */
    double distance_m;
};

/* The open cases of a category that lie within its radius (kinds.h) of a point, nearest first, at
 * most CASES_SIMILAR_MAX, but not the one with id `but` (0: leaves out none). A category without a
 * radius has none. By the index of category, latitude and longitude. */
enum err cases_similar_find(struct db *db, const struct kinds_kind *kind,
                            const struct kinds_category *category, struct coord at, int64_t but,
                            struct arena *arena, const struct cases_similar **list, size_t *count);

#endif
