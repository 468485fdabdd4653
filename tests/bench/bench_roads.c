/* How fast the searches are on a road file: A* and, as the yardstick, plain Dijkstra on the same
 * random pairs in the same run, and whole routes with steps and geometry.
 *
 *   bench_roads ROADS.yzr PROFILE RESULT.json [PAIRS] */
#include "geo/base/file.h"
#include "geo/base/jsonw.h"
#include "geo/base/text.h"
#include "geo/road/astar.h"
#include "geo/road/dijkstra.h"
#include "geo/road/route.h"
#include "tests/check.h"

#include <inttypes.h>
#include <string.h>

struct series {
    const char *name;
    double *us; /* one a pair */
};

struct bench {
    const struct graph *graph;
    const struct network *net;
    struct network_view view;
    unsigned profile;
    size_t pairs;
    struct astar_end *ends; /* two a pair */
    struct series astar, dijkstra, route;
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
static struct astar_end random_end(const struct bench *b, uint64_t *seed)
{
    uint32_t arc;
    do
        arc = random_below(seed, b->net->base_arc_count);
    while (b->view.time_ms[arc] == NETWORK_NONE || b->view.component[arc] != 0);
    struct graph_edge edge = graph_edge_at(b->graph, b->net->arc_half[arc] >> 1);
    struct chord_point from = chord_at(coord_from_e7(edge.points[0]));
    struct chord_point to = chord_at(coord_from_e7(edge.points[1]));
    /* Half of the first segment, whose share of a longer edge is at most a half. */
    double first_m = chord_length_m(from, to), all_m = first_m;
    for (uint32_t i = 2; i < edge.point_count; i++)
        all_m += chord_length_m(chord_at(coord_from_e7(edge.points[i - 1])),
                                chord_at(coord_from_e7(edge.points[i])));
    double fraction = all_m > 0 ? first_m / 2 / all_m : 0;
    if (b->net->arc_half[arc] & 1) fraction = 1 - fraction;
    return (struct astar_end){arc, fraction, 0, chord_between(from, to, 0.5)};
}

static enum err run_searches(struct bench *b)
{
    struct astar astar = {0};
    struct dijkstra dijkstra = {0};
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < b->pairs; i++) {
        struct astar_query query = {.view = b->view,
                                    .sources = &b->ends[2 * i],
                                    .targets = &b->ends[2 * i + 1],
                                    .source_count = 1,
                                    .target_count = 1};
        struct network_end from = {query.sources->arc, query.sources->fraction, 0};
        struct network_end to = {query.targets->arc, query.targets->fraction, 0};
        struct network_ends ends = {&from, &to, 1, 1};
        uint64_t weight = WEIGHT_NONE;
        double start = now_us();
        e = astar_run(&astar, &query);
        b->astar.us[i] = now_us() - start;
        start = now_us();
        if (!e) e = dijkstra_find(&dijkstra, &b->view, NULL, &ends, &weight);
        b->dijkstra.us[i] = now_us() - start;
        uint64_t cost = weight == WEIGHT_NONE ? ASTAR_NO_WAY : weight_cost_ms(weight);
        if (weight == WEIGHT_NONE) b->unreachable++;
        if (cost != astar.best_ms[0]) b->differences++;
    }
    astar_fini(&astar);
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
        (void)route_find(b->graph, work, &query, &arena, &route, &culprit);
        b->route.us[i] = now_us() - start;
        arena_reset(&arena);
    }
    arena_fini(&arena);
    route_work_free(work);
    return ERR_OK;
}

static void tell(struct bench *b, struct jsonw *json)
{
    struct series *all[] = {&b->astar, &b->dijkstra, &b->route};
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
    return !e && b->differences ? err_say(why, ERR_INVALID, "A* and Dijkstra differ") : e;
}

int main(int argc, char **argv)
{
    struct graph *graph = NULL;
    struct why why = {""};
    int64_t pairs = 1000;
    if (argc < 4 || argc > 5 ||
        (argc == 5 && !text_int(argv[4], strlen(argv[4]), 1, 1000000, &pairs))) {
        fprintf(stderr, "usage: %s ROADS.yzr PROFILE RESULT.json [PAIRS]\n", argv[0]);
        return 2;
    }
    enum err e = graph_open(argv[1], &graph, &why);
    int profile = e ? -1 : graph_profile_find(graph, argv[2]);
    if (!e && profile < 0) e = err_say(&why, ERR_NOTFOUND, "there is no profile %s", argv[2]);
    if (!e) {
        const struct network *net = graph_network(graph);
        struct bench b = {.graph = graph,
                          .net = net,
                          .view = network_view_of(net, (unsigned)profile),
                          .profile = (unsigned)profile,
                          .pairs = (size_t)pairs,
                          .ends = calloc((size_t)pairs * 2, sizeof(struct astar_end)),
                          .astar = {"astar", calloc((size_t)pairs, sizeof(double))},
                          .dijkstra = {"dijkstra", calloc((size_t)pairs, sizeof(double))},
                          .route = {"route", calloc((size_t)pairs, sizeof(double))}};
        e = b.ends && b.astar.us && b.dijkstra.us && b.route.us ? run(&b, argv[3], &why)
                                                                : ERR_NOMEM;
        free(b.ends);
        free(b.astar.us);
        free(b.dijkstra.us);
        free(b.route.us);
    }
    graph_free(graph);
    if (e) fprintf(stderr, "bench_roads: %s\n", why.text[0] ? why.text : err_text(e));
    return e ? 1 : 0;
}
