/* How fast the searches are on a road file: queries on the hierarchy, without and with their paths,
 * and, as the yardstick, plain Dijkstra on the same random pairs in the same run, and whole routes
 * with steps and geometry.
 *
 *   bench_roads ROADS.yzr PROFILE RESULT.json [PAIRS] */
#include "geo/base/file.h"
#include "geo/base/jsonw.h"
#include "geo/base/text.h"
#include "geo/road/dijkstra.h"
#include "geo/road/query.h"
#include "geo/road/route.h"
#include "tests/check.h"

#include <inttypes.h>
#include <string.h>

struct series {
    const char *name;
    double *us; /* one a pair */
};

struct bench {
    const struct roads *roads;
    const struct graph *graph;
    const struct network *net;
    struct network_view view;
    unsigned profile;
    size_t pairs;
    struct network_end *ends; /* two a pair */
    struct series query, path, dijkstra, route;
    size_t unreachable, differences;
};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(const struct series *s, size_t count, double share)
{
    return s->us[(size_t)((double)(count - 1) * share)];
}

/* The middle of a random arc of the largest component. */
static struct network_end random_end(const struct bench *b, uint64_t *seed)
{
    uint32_t arc;
    do
        arc = random_below(seed, b->net->base_arc_count);
    while (b->view.time_ms[arc] == NETWORK_NONE || b->view.component[arc] != 0);
    return (struct network_end){arc, 0.5, 0};
}

static enum err run_searches(struct bench *b)
{
    const struct metric *metric = roads_metric(b->roads, b->profile);
    struct query query = {0};
    struct dijkstra dijkstra = {0};
    struct arena arena = {0};
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < b->pairs; i++) {
        struct network_ends ends = {&b->ends[2 * i], &b->ends[2 * i + 1], 1, 1};
        struct network_path alone = {0}, path = {0};
        uint64_t weight = 0;
        double start = now_us();
        e = query_find(&query, metric, &ends, NULL, &alone);
        b->query.us[i] = now_us() - start;
        start = now_us();
        if (!e) e = query_find(&query, metric, &ends, &arena, &path);
        b->path.us[i] = now_us() - start;
        start = now_us();
        if (!e) e = dijkstra_find(&dijkstra, &b->view, NULL, &ends, &weight);
        b->dijkstra.us[i] = now_us() - start;
        if (weight == WEIGHT_NONE) b->unreachable++;
        if (weight != alone.weight || weight != path.weight) b->differences++;
        arena_reset(&arena);
    }
    arena_fini(&arena);
    query_fini(&query);
    dijkstra_fini(&dijkstra);
    return e;
}

static enum err run_routes(struct bench *b)
{
    struct route_work *work;
    struct arena arena = {0};
    enum err e = route_work_new(&work);
    if (e) return e;
    for (size_t i = 0; i < b->pairs; i++) {
        struct coord points[2];
        struct route route;
        size_t culprit;
        for (size_t k = 0; k < 2; k++) {
            uint32_t edge = b->net->arc_half[b->ends[2 * i + k].arc] >> 1;
            points[k] = coord_from_e7(graph_edge_at(b->graph, edge).points[0]);
        }
        struct route_query query = {.profile = b->profile, .points = points, .point_count = 2};
        double start = now_us();
        (void)route_find(b->roads, work, &query, &arena, &route, &culprit);
        b->route.us[i] = now_us() - start;
        arena_reset(&arena);
    }
    arena_fini(&arena);
    route_work_free(work);
    return ERR_OK;
}

static void tell(struct bench *b, struct jsonw *json)
{
    struct series *all[] = {&b->query, &b->path, &b->dijkstra, &b->route};
    printf("%-24s %12s %12s\n", "", "p50 us", "p99 us");
    jsonw_object(json);
    jsonw_key_string(json, "profile", graph_profile_name(b->graph, b->profile));
    jsonw_key_string(json, "source", graph_source(b->graph));
    jsonw_key_int(json, "edges", b->net->edge_count);
    jsonw_key_int(json, "arcs", b->net->arc_count);
    jsonw_key_int(json, "turns", b->net->turn_count);
    jsonw_key_int(json, "pairs", (int64_t)b->pairs);
    jsonw_key_int(json, "unreachable", (int64_t)b->unreachable);
    jsonw_key_int(json, "differences", (int64_t)b->differences);
    for (size_t s = 0; s < sizeof all / sizeof *all; s++) {
        qsort(all[s]->us, b->pairs, sizeof(double), by_value);
        double p50 = percentile(all[s], b->pairs, 0.5), p99 = percentile(all[s], b->pairs, 0.99);
        printf("%-24s %12.1f %12.1f\n", all[s]->name, p50, p99);
        jsonw_key(json, all[s]->name);
        jsonw_object(json);
        jsonw_key_number(json, "p50_us", p50, 1);
        jsonw_key_number(json, "p99_us", p99, 1);
        jsonw_object_end(json);
    }
    jsonw_object_end(json);
}

static enum err run(struct bench *b, const char *result, struct why *why)
{
    struct buf out;
    struct jsonw json;
    uint64_t seed = random_seed();
    for (size_t i = 0; i < 2 * b->pairs; i++)
        b->ends[i] = random_end(b, &seed);
    enum err e = run_searches(b);
    if (!e) e = run_routes(b);
    if (e) return e;
    buf_init(&out, 1 << 20);
    jsonw_init(&json, &out);
    printf("%s: %" PRIu32 " arcs, %" PRIu32 " turns, %zu pairs, %zu differences\n",
           graph_profile_name(b->graph, b->profile), b->net->arc_count, b->net->turn_count,
           b->pairs, b->differences);
    tell(b, &json);
    e = out.err ? out.err : file_replace(result, out.bytes, out.len, why);
    buf_fini(&out);
    return !e && b->differences ? err_say(why, ERR_INVALID, "a query and Dijkstra differ") : e;
}

int main(int argc, char **argv)
{
    struct roads_keeper *keeper = NULL;
    struct roads *roads = NULL;
    struct why why = {""};
    int64_t pairs = 1000;
    if (argc < 4 || argc > 5 ||
        (argc == 5 && !text_int(argv[4], strlen(argv[4]), 1, 1000000, &pairs))) {
        fprintf(stderr, "usage: %s ROADS.yzr PROFILE RESULT.json [PAIRS]\n", argv[0]);
        return 2;
    }
    enum err e = roads_open(argv[1], 2, NULL, &keeper, &why);
    if (!e) e = roads_make(keeper, NULL, 0, &roads);
    roads_keeper_free(keeper);
    int profile = e ? -1 : graph_profile_find(roads_graph(roads), argv[2]);
    if (!e && profile < 0) e = err_say(&why, ERR_NOTFOUND, "there is no profile %s", argv[2]);
    if (!e) {
        size_t count = (size_t)pairs;
        struct bench b = {.roads = roads,
                          .graph = roads_graph(roads),
                          .net = graph_network(roads_graph(roads)),
                          .view = roads_metric(roads, (unsigned)profile)->view,
                          .profile = (unsigned)profile,
                          .pairs = count,
                          .ends = calloc(count * 2, sizeof(struct network_end)),
                          .query = {"query", calloc(count, sizeof(double))},
                          .path = {"query, with arcs", calloc(count, sizeof(double))},
                          .dijkstra = {"dijkstra", calloc(count, sizeof(double))},
                          .route = {"route", calloc(count, sizeof(double))}};
        e = b.ends && b.query.us && b.path.us && b.dijkstra.us && b.route.us
                ? run(&b, argv[3], &why)
                : ERR_NOMEM;
        free(b.ends);
        free(b.query.us);
        free(b.path.us);
        free(b.dijkstra.us);
        free(b.route.us);
    }
    roads_free(roads);
    if (e) fprintf(stderr, "bench_roads: %s\n", why.text[0] ? why.text : err_text(e));
    return e ? 1 : 0;
}
