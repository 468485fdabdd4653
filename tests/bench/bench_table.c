/* Tables between random points, one thread, in process: 1 x 100, 100 x 1 and 100 x 100.
 *
 *   bench_table ROADS.yzr PROFILE RESULT.json */
#include "geo/base/file.h"
#include "geo/base/jsonw.h"
#include "geo/road/custom.h"
#include "geo/road/table.h"
#include "tests/check.h"

#include <math.h>
#include <string.h>

enum { POINTS = 100, RUNS = 60 };

struct bench {
    struct graph *graph;
    struct cch *cch;
    struct custom *custom;
    struct metric *metric;
    struct table *table;
    struct network_end ends[2 * POINTS][2];
    struct table_point points[2 * POINTS];
    uint64_t weights[POINTS * POINTS];
};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Places within edges of the largest component, in both of their directions. */
static void draw_points(struct bench *b, uint64_t *seed)
{
    const struct network_view *view = &b->metric->view;
    for (size_t i = 0; i < 2 * POINTS; i++) {
        uint32_t arc;
        do
            arc = random_below(seed, view->net->base_arc_count);
        while (view->time_ms[arc] == NETWORK_NONE || view->component[arc] != 0);
        uint32_t back = view->net->half_arc[view->net->arc_half[arc] ^ 1];
        double fraction = random_unit(seed);
        b->points[i] = (struct table_point){b->ends[i], 1};
        b->ends[i][0] = (struct network_end){arc, fraction, 0};
        if (back == NETWORK_NONE || view->time_ms[back] == NETWORK_NONE) continue;
        b->ends[i][1] = (struct network_end){back, 1 - fraction, 0};
        b->points[i].count = 2;
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static enum err measure(struct bench *b, size_t sources, size_t targets, struct jsonw *json)
{
    uint64_t seed = 1;
    double us[RUNS];
    char name[32];
    size_t none = 0;
    for (size_t run = 0; run < RUNS; run++) {
        draw_points(b, &seed);
        double start = now_us();
        enum err e = table_fill(b->table, b->metric, NULL, 0, b->points, sources,
                                b->points + POINTS, targets, b->weights);
        us[run] = now_us() - start;
        if (e) return e;
        for (size_t i = 0; i < sources * targets; i++)
            none += b->weights[i] == WEIGHT_NONE;
    }
    qsort(us, RUNS, sizeof *us, by_value);
    (void)snprintf(name, sizeof name, "%zu x %zu", sources, targets);
    printf("%-12s %10.1f us p50 %10.1f us p90, %zu of %zu without a way\n", name, us[RUNS / 2],
           us[RUNS * 9 / 10], none, RUNS * sources * targets);
    jsonw_key(json, name);
    jsonw_object(json);
    jsonw_key_number(json, "p50_us", us[RUNS / 2], 1);
    jsonw_key_number(json, "p90_us", us[RUNS * 9 / 10], 1);
    jsonw_object_end(json);
    return ERR_OK;
}

static enum err begin(struct bench *b, const char *path, const char *profile, struct why *why)
{
    enum err e = graph_open(path, &b->graph, why);
    int p = e ? -1 : graph_profile_find(b->graph, profile);
    if (!e && p < 0) e = err_say(why, ERR_NOTFOUND, "there is no profile %s", profile);
    if (!e) e = cch_new(graph_network(b->graph), &b->cch);
    if (!e) e = custom_new(b->cch, (unsigned)p, 1, &b->custom);
    if (!e) e = custom_metric(b->custom, &b->metric);
    if (!e) e = table_new(&b->table);
    return e;
}

int main(int argc, char **argv)
{
    static struct bench b;
    struct why why = {""};
    struct jsonw json;
    struct buf out;
    if (argc != 4) {
        fprintf(stderr, "usage: %s ROADS.yzr PROFILE RESULT.json\n", argv[0]);
        return 2;
    }
    buf_init(&out, 1 << 20);
    jsonw_init(&json, &out);
    jsonw_object(&json);
    enum err e = begin(&b, argv[1], argv[2], &why);
    if (!e) e = measure(&b, 1, POINTS, &json);
    if (!e) e = measure(&b, POINTS, 1, &json);
    if (!e) e = measure(&b, POINTS, POINTS, &json);
    jsonw_object_end(&json);
    if (!e) e = out.err ? out.err : file_replace(argv[3], out.bytes, out.len, &why);
    buf_fini(&out);
    table_free(b.table);
    metric_free(b.metric);
    custom_free(b.custom);
    cch_free(b.cch);
    graph_free(b.graph);
    if (e) fprintf(stderr, "bench_table: %s\n", why.text[0] ? why.text : err_text(e));
    return e ? 1 : 0;
}
