/* What the benchmarks on a road file share: the roads, random places on them, timed series and how
 * they are told. */
#ifndef YZ_TESTS_BENCH_KIT_H
#define YZ_TESTS_BENCH_KIT_H

#include "geo/base/jsonw.h"
#include "geo/road/custom.h"
#include "geo/road/graph.h"
#include "tests/check.h"

#include <sys/resource.h>

struct kit {
    const char *path;
    struct graph *graph;
    const struct network *net;
    struct network_view view; /* the profile's, with the file's own times */
    unsigned profile, threads;
    struct cch *cch;
    struct custom *custom;
    struct metric *metric;
    uint64_t seed;
    struct buf out;
    struct jsonw json;
};

/* Maps the file and finds the profile; begins the result. The hierarchy and the metric are made
 * by kit_customize, in case their making is to be timed apart. */
enum err kit_begin(struct kit *kit, const char *path, const char *profile, struct why *why);
enum err kit_customize(struct kit *kit);
/* Writes the result and frees all. */
enum err kit_end(struct kit *kit, enum err e, const char *result, struct why *why);

double kit_now_us(void);
double kit_cpu_us(void);   /* spent by this thread: what others do on the machine does not count */
double kit_peak_mib(void); /* of memory, of this process so far */

/* Somewhere on a random arc of the profile's largest component. */
struct network_end kit_place(struct kit *kit);
/* The same in both directions of the street, as a trip's start or end would be; 1 or 2 ends. */
size_t kit_point(struct kit *kit, struct network_end ends[2]);
struct coord kit_coord(const struct kit *kit, const struct network_end *end);

/* Prints the median and the 99th percentile and writes them under `key`; sorts `us`. The median is
 * returned. */
double kit_tell(struct kit *kit, const char *key, double *us, size_t count);
/* The same for few and long runs: least and median, in milliseconds. */
void kit_tell_ms(struct kit *kit, const char *key, double *us, size_t count);

#endif
