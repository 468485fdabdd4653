/* How long a snapshot of all places takes to load from a data directory, from the rows and from the
 * file beside them: bench_load DATA CATEGORIES [RESULT.json]. By the clock and in processor time,
 * medians of several runs; also with neither in the system's memory. Writes that file. */
#include "data/categories.h"
#include "data/datadir.h"
#include "data/places_kept.h"
#include "geo/base/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5, COLD_RUNS = 3, TOUCHED_MAX = 4096 };

struct loading {
    struct datadir *dir;
    struct db *db;
    struct categories *words;
    struct why why;
    int64_t touched[TOUCHED_MAX];
};

struct result {
    double wall_s, best_s, cpu_s;
    size_t count;
};

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

static enum err from_rows(struct loading *l, struct placeset **set)
{
    return places_load(l->db, l->words, NULL, set, NULL);
}

static enum err from_file(struct loading *l, struct placeset **set)
{
    struct places_kept kept;
    enum err e = places_kept_load(datadir_path(l->dir, DATADIR_PLACES), l->db, l->words, l->touched,
                                  TOUCHED_MAX, &kept, &l->why);
    if (!e) *set = kept.set;
    return e;
}

/* Out of the system's memory; what is dirty goes to the disk first. */
static void forget(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    (void)fdatasync(fd);
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
}

static enum err reopen(struct loading *l)
{
    db_close(l->db);
    l->db = NULL;
    forget(datadir_path(l->dir, DATADIR_DATABASE));
    forget(datadir_path(l->dir, DATADIR_PLACES));
    return datadir_database(l->dir, DB_WRITE, &l->db, &l->why);
}

static enum err measure(struct loading *l, const char *how,
                        enum err (*load)(struct loading *l, struct placeset **set), bool cold,
                        struct result *result)
{
    double wall[RUNS], cpu[RUNS];
    int runs = cold ? COLD_RUNS : RUNS;
    enum err e = ERR_OK;
    for (int i = 0; i < runs && !e; i++) {
        struct placeset *set = NULL;
        if (cold && (e = reopen(l))) return e;
        double cpu_start = cpu_s();
        uint64_t start = clock_ns();
        e = load(l, &set);
        wall[i] = (double)(clock_ns() - start) * 1e-9;
        cpu[i] = cpu_s() - cpu_start;
        if (!e) result->count = placeset_count(set);
        placeset_free(set);
        if (!e) printf("%s: %.3f s by the clock, %.3f s of CPU\n", how, wall[i], cpu[i]);
    }
    if (e) return e;
    qsort(wall, (size_t)runs, sizeof *wall, compare);
    qsort(cpu, (size_t)runs, sizeof *cpu, compare);
    *result = (struct result){wall[runs / 2], wall[0], cpu[runs / 2], result->count};
    return ERR_OK;
}

static enum err keep(struct loading *l)
{
    struct places_loaded how;
    struct places_mark mark;
    struct placeset *set = NULL;
    struct stat st = {0};
    const char *path = datadir_path(l->dir, DATADIR_PLACES);
    enum err e = places_load(l->db, l->words, NULL, &set, &how);
    if (!e) e = places_kept_mark(l->db, l->words, &how, &mark);
    uint64_t start = clock_ns();
    if (!e) e = places_kept_write(path, placeset_part(set, PLACESET_BASE), &mark, NULL, &l->why);
    if (!e && stat(path, &st) == 0)
        printf("the file: %lld bytes, written in %.3f s\n", (long long)st.st_size,
               (double)(clock_ns() - start) * 1e-9);
    placeset_free(set);
    return e;
}

static const char *const names[] = {"from_rows", "from_file", "from_rows_cold", "from_file_cold"};
enum { RESULTS = sizeof names / sizeof *names };

static int tell(const struct result *results, const char *path)
{
    FILE *out = path ? fopen(path, "w") : NULL;
    if (path && !out) return 1;
    for (int i = 0; i < RESULTS; i++) {
        const struct result *r = &results[i];
        printf("%zu places, %s: median %.3f s by the clock (%.3f s of CPU), quickest %.3f s\n",
               r->count, names[i], r->wall_s, r->cpu_s, r->best_s);
        if (out)
            (void)fprintf(out,
                          "%s\"%s\": {\"places\": %zu, \"median_s\": %.3f, \"best_s\": %.3f, "
                          "\"cpu_median_s\": %.3f}",
                          i ? ", " : "{", names[i], r->count, r->wall_s, r->best_s, r->cpu_s);
    }
    if (!out) return 0;
    (void)fprintf(out, "}\n");
    return fclose(out) != 0;
}

int main(int argc, char **argv)
{
    struct loading l = {.dir = NULL};
    struct result results[RESULTS];
    if (argc < 3) return 2;
    enum err e = secrets_init();
    if (!e) e = datadir_open(argv[1], DATADIR_VISIT, &l.dir, &l.why);
    if (!e) e = datadir_database(l.dir, DB_WRITE, &l.db, &l.why);
    if (!e) e = categories_load(argv[2], &l.words, &l.why);
    if (!e) e = keep(&l);
    if (!e) e = measure(&l, "from rows", from_rows, false, &results[0]);
    if (!e) e = measure(&l, "from the file", from_file, false, &results[1]);
    if (!e) e = measure(&l, "from rows, cold", from_rows, true, &results[2]);
    if (!e) e = measure(&l, "from the file, cold", from_file, true, &results[3]);
    db_close(l.db);
    datadir_close(l.dir);
    categories_free(l.words);
    if (!e) return tell(results, argc > 3 ? argv[3] : NULL);
    (void)fprintf(stderr, "bench_load: %s\n", l.why.text[0] ? l.why.text : err_text(e));
    return 1;
}
