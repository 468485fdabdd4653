/* The world of the places' benchmarks: 300 Gaussian clusters, places of four categories in them and
 * queries drawn from the same clusters; the same numbers every time. */
#ifndef YZ_TESTS_BENCH_CLUSTERS_H
#define YZ_TESTS_BENCH_CLUSTERS_H

#include "geo/space/coord.h"

#include <stdint.h>

enum { CLUSTERS = 300, CLUSTERS_CATEGORIES = 4, CLUSTERS_QUERIES = 20000 };

struct clusters {
    struct {
        double lon, lat, spread;
    } list[CLUSTERS];
    uint64_t state;
};

void clusters_init(struct clusters *clusters);

/* The next point, in whole 1e-6 degrees, and the category that goes with it. */
struct coord clusters_point(struct clusters *clusters, unsigned *category);

/* Where the n-th query (from 0) asks, and for which category; whatever has been drawn before. */
struct coord clusters_query(const struct clusters *clusters, unsigned n, unsigned *category);

#endif
