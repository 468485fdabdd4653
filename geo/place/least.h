/* The least of many bounds, in order: those with which a search for the nearest goes on.
 *
 * A bound and the place that it is of are one number: the square of the bound in metres, whose last
 * 32 bits, a millionth of it, give way to the place. So they are compared and moved as one, and all
 * of them differ. */
#ifndef YZ_GEO_PLACE_LEAST_H
#define YZ_GEO_PLACE_LEAST_H

#include "geo/base/err.h"

#include <float.h>
#include <stdint.h>

/* What stands in a slot without a key: more than any. */
#define LEAST_FREE DBL_MAX

/* By so much may a square exceed its key. */
#define LEAST_ROUNDING (1 + 0x1p-19)

/* Belongs to one thread; zero-initialised is fresh. Keeps its memory until least_fini. */
struct least {
    double *slots; /* keys in order, LEAST_FREE where there are fewer; slots[-1] is below all */
    uint32_t count;
    double *aside; /* keys that may yet be among the least, in no order */
    uint32_t aside_count;
    uint32_t size, aside_size;
};

void least_fini(struct least *least);

/* Makes `limit` slots or a few more, all free. ERR_NOMEM. */
enum err least_begin(struct least *least, uint32_t limit);

/* ERR_NOMEM. */
enum err least_put_aside(struct least *least, double key);

union least_bits {
    double key;
    uint64_t bits;
};

static inline double least_key(double square, uint32_t place)
{
    union least_bits k = {square};
    k.bits = (k.bits & ~(uint64_t)UINT32_MAX) | place;
    return k.key;
}

static inline uint32_t least_place(double key)
{
    const union least_bits k = {key};
    return (uint32_t)k.bits;
}

/* Puts a key in its place, and tells which one fell out for it: LEAST_FREE while there is room. */
double least_put(struct least *least, double key);

#endif
