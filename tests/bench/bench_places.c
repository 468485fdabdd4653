/* The 10 nearest of one category within 5 km among clustered places (clusters.h), in process, one
 * thread, beside the libraries of rivals.h: bench_places [RESULTS.json].
 *
 * Contestants take turns, round by round, and what counts is the thread's own time, so that what
 * else the machine does hits all of them alike. That they found the same is looked at, too. */
#include "geo/place/nearest.h"
#include "geo/space/geodesic.h"
#include "tests/bench/clusters.h"
#include "tests/bench/rivals.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 9 };
static const double radius_m = 5000;

static const uint32_t sizes[] = {200000, 2000000};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* --- ours, as one contestant among the others --- */

struct ours {
    struct placeset *set;
    struct nearest_work work;
};

static void *ours_make(const struct rival_points *points)
{
    struct ours *self = calloc(1, sizeof *self);
    struct placeset_builder *builder = NULL;
    if (!self || placeset_builder_new(points->count, &builder)) exit(1);
    for (uint32_t i = 0; i < points->count; i++) {
        const struct place place = {
            .id = i, .at = points->at[i], .category = points->categories[i]};
        if (placeset_add(builder, &place)) exit(1);
    }
    if (placeset_build(builder, &self->set)) exit(1);
    placeset_builder_free(builder);
    return self;
}

static uint32_t ours_find(void *user, const struct rival_query *query, uint32_t found[RIVAL_LIMIT])
{
    struct ours *self = user;
    struct nearest_hit hits[RIVAL_LIMIT];
    uint32_t count = 0;
    const struct nearest_query nearest = {.at = query->at,
                                          .radius_m = query->radius_m,
                                          .limit = RIVAL_LIMIT,
                                          .filter.categories = (uint64_t)1 << query->category};
    if (nearest_find(self->set, &self->work, &nearest, hits, &count)) exit(1);
    for (uint32_t i = 0; i < count; i++)
        found[i] = hits[i].place;
    return count;
}

static uint32_t ours_number(void *user, unsigned category, uint32_t found)
{
    (void)category;
    const struct ours *self = user;
    return (uint32_t)placeset_id(self->set, found);
}

static void ours_drop(void *user)
{
    struct ours *self = user;
    nearest_work_fini(&self->work);
    placeset_free(self->set);
    free(self);
}

static const struct rival ours = {"ours", ours_make, ours_find, ours_number, ours_drop};
static const struct rival *const contestants[] = {&ours, &rival_nanoflann,
                                                  &rival_nanoflann_laid_out, &rival_geos};
enum { CONTESTANTS = sizeof contestants / sizeof *contestants };

/* --- measuring --- */

struct result {
    double build_ms, median_us, best_us, times; /* as long as ours, median of the rounds */
    uint32_t differences;
};

/* The thread's own time; building uses several. */
static double now_s(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static double median(const double *values)
{
    double sorted[ROUNDS];
    for (int r = 0; r < ROUNDS; r++)
        sorted[r] = values[r];
    qsort(sorted, ROUNDS, sizeof *sorted, compare);
    return sorted[ROUNDS / 2];
}

static double run(const struct rival *rival, void *self, const struct rival_query *queries)
{
    uint32_t found[RIVAL_LIMIT];
    double start = now_s(CLOCK_THREAD_CPUTIME_ID);
    for (int q = 0; q < CLUSTERS_QUERIES; q++)
        (void)rival->find(self, &queries[q], found);
    return (now_s(CLOCK_THREAD_CPUTIME_ID) - start) * 1e6 / CLUSTERS_QUERIES;
}

/* After one run that brings back into the caches what the others drove out. */
static double run_warm(const struct rival *rival, void *self, const struct rival_query *queries)
{
    (void)run(rival, self, queries);
    return run(rival, self, queries);
}

/* In how many queries a contestant's distances are not ours, by more than its plane may err: a
 * thousandth. */
static uint32_t count_differences(void *const *selves, int c, const struct rival_points *points,
                                  const struct rival_query *queries)
{
    uint32_t differences = 0;
    for (int q = 0; q < CLUSTERS_QUERIES; q++) {
        uint32_t a[RIVAL_LIMIT], b[RIVAL_LIMIT];
        uint32_t n = ours.find(selves[0], &queries[q], a);
        uint32_t m = contestants[c]->find(selves[c], &queries[q], b);
        bool same = n == m;
        for (uint32_t i = 0; i < n && i < m; i++) {
            a[i] = ours.number(selves[0], queries[q].category, a[i]);
            b[i] = contestants[c]->number(selves[c], queries[q].category, b[i]);
            double x = geodesic_distance_m(queries[q].at, points->at[a[i]]);
            double y = geodesic_distance_m(queries[q].at, points->at[b[i]]);
            same = same && fabs(x - y) <= 1e-3 * x + 0.1;
        }
        differences += !same;
    }
    return differences;
}

static void contest(const struct rival_points *points, const struct rival_query *queries,
                    struct result results[CONTESTANTS])
{
    void *selves[CONTESTANTS];
    double us[CONTESTANTS][ROUNDS], times[ROUNDS];
    for (int c = 0; c < CONTESTANTS; c++) {
        double start = now_s(CLOCK_PROCESS_CPUTIME_ID);
        selves[c] = contestants[c]->make(points);
        results[c].build_ms = (now_s(CLOCK_PROCESS_CPUTIME_ID) - start) * 1e3;
    }
    for (int r = 0; r < ROUNDS; r++)
        for (int c = 0; c < CONTESTANTS; c++)
            us[c][r] = run_warm(contestants[c], selves[c], queries);
    for (int c = 0; c < CONTESTANTS; c++) {
        for (int r = 0; r < ROUNDS; r++)
            times[r] = us[c][r] / us[0][r];
        results[c].median_us = median(us[c]);
        results[c].times = median(times);
        results[c].best_us = us[c][0];
        for (int r = 0; r < ROUNDS; r++)
            results[c].best_us = fmin(results[c].best_us, us[c][r]);
        results[c].differences = count_differences(selves, c, points, queries);
    }
    for (int c = 0; c < CONTESTANTS; c++)
        contestants[c]->drop(selves[c]);
}

static void measure(uint32_t count, struct result results[CONTESTANTS])
{
    static struct rival_query queries[CLUSTERS_QUERIES];
    struct clusters clusters;
    struct coord *at = malloc(count * sizeof *at);
    unsigned char *categories = malloc(count);
    if (!at || !categories) exit(1);
    clusters_init(&clusters);
    for (uint32_t i = 0; i < count; i++) {
        unsigned category;
        at[i] = clusters_point(&clusters, &category);
        categories[i] = (unsigned char)category;
    }
    for (unsigned q = 0; q < CLUSTERS_QUERIES; q++) {
        queries[q].at = clusters_query(&clusters, q, &queries[q].category);
        queries[q].radius_m = radius_m;
    }
    const struct rival_points points = {at, categories, count};
    contest(&points, queries, results);
    free(at);
    free(categories);
}

static int write_json(const char *path, struct result results[SIZES][CONTESTANTS])
{
    FILE *file = fopen(path, "w");
    if (!file) return 1;
    (void)fprintf(file, "{\"nearest\": [");
    for (int i = 0; i < SIZES * CONTESTANTS; i++) {
        const struct result *r = &results[i / CONTESTANTS][i % CONTESTANTS];
        (void)fprintf(file,
                      "%s\n  {\"places\": %u, \"by\": \"%s\", \"median_us\": %.3f, \"best_us\": "
                      "%.3f, \"times_ours\": %.2f, \"build_cpu_ms\": %.0f, \"differences\": %u}",
                      i ? "," : "", sizes[i / CONTESTANTS], contestants[i % CONTESTANTS]->name,
                      r->median_us, r->best_us, r->times, r->build_ms, r->differences);
    }
    (void)fprintf(file, "\n], \"growth\": %.2f}\n",
                  results[SIZES - 1][0].median_us / results[0][0].median_us);
    return fclose(file) != 0;
}

int main(int argc, char **argv)
{
    static struct result results[SIZES][CONTESTANTS];
    printf("%10s %-22s %10s %10s %12s %12s %12s\n", "places", "", "us/query", "best", "times ours",
           "build, ms", "differences");
    for (int i = 0; i < SIZES; i++) {
        measure(sizes[i], results[i]);
        for (int c = 0; c < CONTESTANTS; c++) {
            const struct result *r = &results[i][c];
            printf("%10u %-22s %10.2f %10.2f %12.2f %12.0f %12u\n", sizes[i], contestants[c]->name,
                   r->median_us, r->best_us, r->times, r->build_ms, r->differences);
        }
    }
    printf("growth of ours: %.2f\n", results[SIZES - 1][0].median_us / results[0][0].median_us);
    if (argc > 1 && write_json(argv[1], results) != 0) {
        (void)fprintf(stderr, "cannot write %s\n", argv[1]);
        return 1;
    }
    return 0;
}
