/* Named grids of weights - people, orders - as one immutable set of flat arrays: how much of it is
 * in a box? */
#ifndef YZ_GEO_SPACE_GRIDSET_H
#define YZ_GEO_SPACE_GRIDSET_H

#include "geo/base/err.h"
#include "geo/space/coord.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gridset_cell {
    struct coord_e7 at; /* its middle */
    float weight;       /* finite, not negative */
};

enum { GRIDSET_NAME_SIZE = 41 };

struct gridset_grid {
    char name[GRIDSET_NAME_SIZE];
    struct gridset_cell *cells; /* ascending by latitude, then longitude */
    size_t count;
    double total; /* of all weights */
};

struct gridset; /* read-only once built */
enum err gridset_new(struct gridset **set);
void gridset_free(struct gridset *set); /* NULL does nothing */

/* While it is being built: takes the cells (malloc; any order), also on failure. A name comes once.
 * ERR_NOMEM. */
enum err gridset_add(struct gridset *set, const char *name, struct gridset_cell *cells,
                     size_t count);

size_t gridset_count(const struct gridset *set);
const struct gridset_grid *gridset_at(const struct gridset *set, size_t i);
/* NULL: there is none of that name. */
const struct gridset_grid *gridset_find(const struct gridset *set, const char *name);

/* Calls `visit` with every cell whose middle is in the box, until it returns false. */
void gridset_search(const struct gridset_grid *grid, struct box box,
                    bool (*visit)(void *user, const struct gridset_cell *cell), void *user);

#endif
