/* Order along the Hilbert curve that fills the square of 2^32 by 2^32, so that what lies side by
 * side in it lies near each other on the ground. */
#ifndef YZ_GEO_SPACE_HILBERT_H
#define YZ_GEO_SPACE_HILBERT_H

#include "geo/space/coord.h"

#include <stdint.h>

/* The curve, four bits of both axes a step: for each of the four ways it may lie in a square, what
 * comes of a step. Made by hilbert_init; then read-only. */
struct hilbert {
    uint16_t steps[4][256]; /* the way it lies below, and eight bits of the key */
};
void hilbert_init(struct hilbert *curve);

/* How far along the curve a point lies. */
uint64_t hilbert_key(const struct hilbert *curve, struct coord_e7 at);

/* Something with its key; the rest is the caller's. */
struct hilbert_entry {
    uint64_t key;
    uint32_t item, tag;
};

/* Sorts by key; equal keys stay in order. `spare` is as long as `list`. */
void hilbert_sort(struct hilbert_entry *list, struct hilbert_entry *spare, uint32_t count);

#endif
