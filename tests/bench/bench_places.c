/* The 10 nearest of one category within 5 km among clustered places, in process, one thread:
 * bench_places [RESULTS.json]. The clusters are those of places.mjs: 300, Gaussian, four
 * categories, queries drawn from the same clusters; the same numbers every time. */
#include "geo/place/nearest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CLUSTERS = 300, CATEGORIES = 4, QUERIES = 20000, RUNS = 7, LIMIT = 10 };

static const uint32_t sizes[] = {200000, 2000000};
enum { SIZES = sizeof sizes / sizeof *sizes };

struct result {
    uint32_t places;
    double build_ms, median_us, best_us, mean_hits;
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static double unit(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

static double gauss(uint64_t *state)
{
    double radius = sqrt(-2 * log(1 - unit(state)));
    return radius * cos(6.283185307179586 * unit(state));
}

struct cluster {
    double lon, lat, spread;
};

static struct coord draw(uint64_t *state, const struct cluster *clusters)
{
    const struct cluster *c = &clusters[(int)(unit(state) * CLUSTERS)];
    double lon = c->lon + gauss(state) * c->spread;
    return (struct coord){lon, c->lat + gauss(state) * c->spread};
}

/* The thread's own time, so that what else the machine does counts little. */
static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct placeset *set_new(uint64_t *state, const struct cluster *clusters, uint32_t count)
{
    struct placeset_builder *builder = NULL;
    struct placeset *set = NULL;
    if (placeset_builder_new(count, &builder)) return NULL;
    for (uint32_t i = 0; i < count; i++) {
        struct place place = {.id = i + 1, .at = draw(state, clusters)};
        place.category = (unsigned)(unit(state) * CATEGORIES);
        if (placeset_add(builder, &place)) break;
    }
    (void)placeset_build(builder, &set);
    placeset_builder_free(builder);
    return set;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* One run over all queries; microseconds a query. */
static double run(const struct placeset *set, struct nearest_work *work, const struct coord *at,
                  double *mean_hits)
{
    struct nearest_hit hits[LIMIT];
    uint64_t found = 0;
    double start = now_s();
    for (int q = 0; q < QUERIES; q++) {
        uint32_t count = 0;
        const struct nearest_query query = {
            .at = at[q],
            .radius_m = 5000,
            .limit = LIMIT,
            .filter = {.categories = (uint64_t)1 << q % CATEGORIES}};
        if (nearest_find(set, work, &query, hits, &count)) exit(1);
        found += count;
    }
    double us = (now_s() - start) * 1e6 / QUERIES;
    *mean_hits = (double)found / QUERIES;
    return us;
}

static struct result measure(uint32_t places)
{
    static struct coord at[QUERIES];
    static struct cluster clusters[CLUSTERS];
    struct nearest_work work = {0};
    struct result result = {.places = places};
    uint64_t state = 42;
    double runs[RUNS];
    for (int i = 0; i < CLUSTERS; i++) {
        double lon = 100 + 20 * unit(&state), lat = 22 + 20 * unit(&state);
        clusters[i] = (struct cluster){lon, lat, 0.02 + 0.05 * unit(&state)};
    }
    double start = now_s();
    struct placeset *set = set_new(&state, clusters, places);
    if (!set || placeset_count(set) != places) exit(1);
    result.build_ms = (now_s() - start) * 1e3;
    for (int q = 0; q < QUERIES; q++)
        at[q] = draw(&state, clusters);
    (void)run(set, &work, at, &result.mean_hits); /* warms caches and the workspace */
    for (int i = 0; i < RUNS; i++)
        runs[i] = run(set, &work, at, &result.mean_hits);
    qsort(runs, RUNS, sizeof *runs, compare);
    result.median_us = runs[RUNS / 2];
    result.best_us = runs[0];
    nearest_work_fini(&work);
    placeset_free(set);
    return result;
}

static int write_json(const char *path, const struct result *results)
{
    FILE *file = fopen(path, "w");
    if (!file) return 1;
    (void)fprintf(file, "{\"nearest\": [");
    for (int i = 0; i < SIZES; i++)
        (void)fprintf(file,
                      "%s\n  {\"places\": %u, \"median_us\": %.3f, \"best_us\": %.3f, "
                      "\"mean_hits\": %.2f, \"build_ms\": %.0f}",
                      i ? "," : "", results[i].places, results[i].median_us, results[i].best_us,
                      results[i].mean_hits, results[i].build_ms);
    (void)fprintf(file, "\n]}\n");
    return fclose(file) != 0;
}

int main(int argc, char **argv)
{
    struct result results[SIZES];
    printf("%10s %14s %12s %10s %10s\n", "places", "us/query", "best", "hits", "build ms");
    for (int i = 0; i < SIZES; i++) {
        results[i] = measure(sizes[i]);
        printf("%10u %14.2f %12.2f %10.2f %10.0f\n", results[i].places, results[i].median_us,
               results[i].best_us, results[i].mean_hits, results[i].build_ms);
    }
    printf("growth %.2f\n", results[SIZES - 1].median_us / results[0].median_us);
    if (argc > 1 && write_json(argv[1], results) != 0) {
        (void)fprintf(stderr, "cannot write %s\n", argv[1]);
        return 1;
    }
    return 0;
}
