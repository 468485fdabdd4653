/* The other libraries that answer the benchmark's question, each as well as its interface lets it:
 * up to `limit` nearest of one category within `radius_m`. */
#ifndef YZ_TESTS_BENCH_RIVALS_H
#define YZ_TESTS_BENCH_RIVALS_H

#include "geo/space/coord.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RIVAL_CATEGORIES = 4, RIVAL_LIMIT = 10 };

struct rival_points {
    const struct coord *at;
    const unsigned char *categories;
    uint32_t count;
};

struct rival_query {
    struct coord at;
    unsigned category;
    double radius_m;
};

/* `find` gives what was found, nearest first, by whatever numbers the library has for the points of
 * a category, and how many there are; `number` tells which points these are. */
struct rival {
    const char *name;
    void *(*make)(const struct rival_points *points);
    uint32_t (*find)(void *self, const struct rival_query *query, uint32_t found[RIVAL_LIMIT]);
    uint32_t (*number)(void *self, unsigned category, uint32_t found);
    void (*drop)(void *self);
};

extern const struct rival rival_nanoflann, rival_nanoflann_laid_out, rival_geos;

#ifdef __cplusplus
}
#endif

#endif
