/* Where how many cases are: counts in the squares of a zoom level of the Web Mercator pyramid
 * (mercator.h), which stand still whatever box is asked for. */
#ifndef YZ_DATA_CASES_HEAT_H
#define YZ_DATA_CASES_HEAT_H

#include "data/cases.h"

enum {
    CASES_HEAT_SIDE = 64, /* the most squares from west to east, and from north to south */
    CASES_HEAT_ZOOM = 18,
    /* Of a private kind fewer in a square are not told: a square is small, and who knows of one or
     * two people in need where they live knows who they are. */
    CASES_HEAT_PRIVATE = 3
};

struct cases_heat_square {
    uint32_t x, y; /* at the zoom; y counts from the north */
    int64_t count;
};

/* The finest zoom at which a box meets at most `side` squares (1 to CASES_HEAT_SIDE) in either
 * direction. */
uint32_t cases_heat_zoom(struct box box, uint32_t side);

/* The squares that the box meets, whole ones, with `least` or more cases that the filter wants,
 * from north to south and west to east; its page does not count. Reads each case in them once.
 * `zoom` is cases_heat_zoom's, or coarser. */
enum err cases_heat_find(struct db *db, const struct cases_filter *filter,
                         const struct kinds *kinds, struct box box, uint32_t zoom, int64_t least,
                         struct arena *arena, const struct cases_heat_square **squares,
                         size_t *count);

#endif
