/* How long it takes to find places by time and along a way on a road file, among places strewn over
 * its box; and to put those on the roads. Times are the thread's own, not the clock's.
 *
 *   bench_nearby ROADS.yzr PROFILE [PLACES [QUERIES]] */
#include "geo/road/custom.h"
#include "geo/road/nearby.h"
#include "tests/check.h"

#include <string.h>

enum { LIMIT_MOST = 100, HOUR_MS = 3600 * 1000, DETOUR_MS = 600 * 1000 };

struct bench {
    const struct graph *graph;
    const struct network *net;
    struct cch *cch;
    struct custom *custom;
    struct metric *metric;
    struct anchors *anchors;
    struct nearby *nearby;
    struct coord_e7 *points;
    uint32_t place_count;
    unsigned profile;
    size_t queries;
    double *us; /* [queries] */
};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void strew(struct bench *b, uint64_t *seed)
{
    const struct rtree *tree = graph_edge_tree(b->graph);
    const struct box_e7 *box = &tree->boxes[tree->box_count - 1];
    for (uint32_t i = 0; i < b->place_count; i++) {
        double lon = random_unit(seed) * ((double)box->max_lon - box->min_lon);
        double lat = random_unit(seed) * ((double)box->max_lat - box->min_lat);
        b->points[i] = (struct coord_e7){box->min_lon + (int32_t)lon, box->min_lat + (int32_t)lat};
    }
}

/* All of them, then again with one that moved. */
static enum err anchor(struct bench *b)
{
    struct network_view views[PROFILE_MAX];
    const struct anchors_group group = {0, b->place_count};
    const struct anchors_input input = {.graph = b->graph,
                                        .views = views,
                                        .radius_m = 2000,
                                        .points = b->points,
                                        .count = b->place_count,
                                        .groups = &group,
                                        .group_count = 1};
    struct anchors *again;
    for (unsigned p = 0; p < graph_profile_count(b->graph); p++)
        views[p] = network_view_of(b->net, p);
    double start = now_us();
    enum err e = anchors_build(&input, NULL, NULL, &b->anchors);
    double middle = now_us();
    b->points[b->place_count / 2].lat_e7 += 10;
    if (!e) e = anchors_build(&input, b->anchors, NULL, &again);
    if (e) return e;
    printf("%u places on the roads of %zu profiles: %.1f ms; again after one moved: %.1f ms\n",
           b->place_count, graph_profile_count(b->graph), (middle - start) / 1e3,
           (now_us() - middle) / 1e3);
    anchors_free(b->anchors);
    b->anchors = again;
    return ERR_OK;
}

/* The middle of a random arc of the largest component. */
static struct network_end random_end(const struct bench *b, uint64_t *seed)
{
    const struct network_view *view = &b->metric->view;
    uint32_t arc;
    do
        arc = random_below(seed, b->net->base_arc_count);
    while (view->time_ms[arc] == NETWORK_NONE || view->component[arc] != 0);
    return (struct network_end){arc, 0.5, 0};
}

static enum err ask(const struct bench *b, bool along, uint32_t limit)
{
    static struct nearby_hit hits[LIMIT_MOST];
    const uint32_t group = 0;
    const struct nearby_query query = {.metric = b->metric,
                                       .grounds = {{b->anchors, 0}},
                                       .ground_count = 1,
                                       .groups = &group,
                                       .group_count = 1,
                                       .limit = limit,
                                       .time_max_ms = along ? DETOUR_MS : 2 * HOUR_MS};
    uint64_t seed = 99, found = 0, direct;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < b->queries; i++) {
        struct network_end from = random_end(b, &seed), to = random_end(b, &seed);
        uint32_t count = 0;
        double start = now_us();
        e = along ? nearby_along(b->nearby, &query, &from, 1, &to, 1, hits, &count, &direct)
                  : nearby_find(b->nearby, &query, &from, 1, hits, &count);
        b->us[i] = now_us() - start;
        found += count;
    }
    if (e) return e;
    qsort(b->us, b->queries, sizeof *b->us, by_value);
    printf("%3u %-8s p50 %8.1f  p90 %8.1f  p99 %8.1f us; %.1f found\n", limit,
           along ? "along" : "by time", b->us[b->queries / 2], b->us[b->queries * 9 / 10],
           b->us[b->queries * 99 / 100], (double)found / (double)b->queries);
    return ERR_OK;
}

static enum err run(struct bench *b)
{
    uint64_t seed = 7;
    b->points = malloc((b->place_count + 1) * sizeof *b->points);
    b->us = malloc((b->queries + 1) * sizeof *b->us);
    enum err e = b->points && b->us ? nearby_new(&b->nearby) : ERR_NOMEM;
    if (!e) e = cch_new(b->net, &b->cch);
    if (!e) e = custom_new(b->cch, b->profile, 1, &b->custom);
    if (!e) e = custom_metric(b->custom, &b->metric);
    if (e) return e;
    strew(b, &seed);
    e = anchor(b);
    for (int along = 0; !e && along < 2; along++)
        for (uint32_t limit = 10; !e && limit <= LIMIT_MOST; limit *= 10)
            e = ask(b, along, limit);
    return e;
}

int main(int argc, char **argv)
{
    struct why why = {""};
    struct graph *graph = NULL;
    struct bench b = {.place_count = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 10000,
                      .queries = argc > 4 ? strtoul(argv[4], NULL, 10) : 2000};
    bool told = argc > 2 && b.place_count && b.queries;
    enum err e = told ? graph_open(argv[1], &graph, &why) : ERR_INVALID;
    int profile = e ? -1 : graph_profile_find(graph, argv[2]);
    if (!e && profile < 0) e = ERR_NOTFOUND;
    if (!e) {
        b.graph = graph;
        b.net = graph_network(graph);
        b.profile = (unsigned)profile;
        e = run(&b);
    }
    if (e) printf("bench_nearby: %s %s\n", err_text(e), why.text);
    nearby_free(b.nearby);
    anchors_free(b.anchors);
    metric_free(b.metric);
    custom_free(b.custom);
    cch_free(b.cch);
    graph_free(graph);
    free(b.points);
    free(b.us);
    return e ? 1 : 0;
}
