/* How long a snapshot of all places takes to load from a data directory:
 * bench_load DATA CATEGORIES [RESULT.json]. By the clock, of several runs each. */
#include "data/categories.h"
#include "data/datadir.h"
#include "data/places.h"
#include "geo/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 5 };

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static double cpu_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static enum err run(struct db *db, const struct categories *words, double *wall, double *cpu,
                    size_t *count)
{
    struct placeset *set = NULL;
    double cpu_start = cpu_s();
    uint64_t start = clock_ns();
    enum err e = places_load(db, words, NULL, &set, NULL);
    *wall = (double)(clock_ns() - start) * 1e-9;
    *cpu = cpu_s() - cpu_start;
    if (!e) *count = placeset_count(set);
    placeset_free(set);
    return e;
}

int main(int argc, char **argv)
{
    struct datadir *dir = NULL;
    struct db *db = NULL;
    struct categories *words = NULL;
    struct why why = {""};
    double wall[RUNS], cpu[RUNS];
    size_t count = 0;
    if (argc < 3) return 2;
    enum err e = datadir_open(argv[1], DATADIR_VISIT, &dir, &why);
    if (!e) e = datadir_database(dir, DB_WRITE, &db, &why);
    if (!e) e = categories_load(argv[2], &words, &why);
    for (int i = 0; i < RUNS && !e; i++) {
        e = run(db, words, &wall[i], &cpu[i], &count);
        if (!e) printf("%.3f s by the clock, %.3f s of CPU\n", wall[i], cpu[i]);
    }
    db_close(db);
    datadir_close(dir);
    categories_free(words);
    if (e) {
        (void)fprintf(stderr, "bench_load: %s\n", why.text);
        return 1;
    }
    qsort(wall, RUNS, sizeof *wall, compare);
    qsort(cpu, RUNS, sizeof *cpu, compare);
    printf("%zu places: median %.3f s by the clock (%.3f s of CPU), quickest %.3f s\n", count,
           wall[RUNS / 2], cpu[RUNS / 2], wall[0]);
    FILE *out = argc > 3 ? fopen(argv[3], "w") : NULL;
    if (argc > 3 && !out) return 1;
    if (!out) return 0;
    (void)fprintf(out,
                  "{\"places\": %zu, \"median_s\": %.3f, \"best_s\": %.3f, \"cpu_median_s\": "
                  "%.3f}\n",
                  count, wall[RUNS / 2], wall[0], cpu[RUNS / 2]);
    return fclose(out) != 0;
}
