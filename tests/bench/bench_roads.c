/* How fast questions are answered on a road file, one thread, in process, beside plain Dijkstra in
 * the same run: distances, paths, ways round an avoided area, tables, nearest places, areas.
 *
 *   bench_roads ROADS.yzr PROFILE RESULT.json [PAIRS [PASSES]]
 *
 * Times are CPU time of the thread. Every question is asked in several passes over all of them, so
 * that none finds its own traces in the caches; of each the quickest pass counts, the others being
 * the machine's. */
#include "geo/road/anchors.h"
#include "geo/road/astar.h"
#include "geo/road/cover.h"
#include "geo/road/dijkstra.h"
#include "geo/road/nearby.h"
#include "geo/road/query.h"
#include "geo/road/reach.h"
#include "geo/road/table.h"
#include "tests/bench/bench_kit.h"

#include <math.h>

enum {
    TABLE = 100,
    PLACES = 10000,
    NEAREST = 10,
    WITHIN_MS = 2 * 3600 * 1000,
    AREA_MS = 15 * 60 * 1000
};
#define DIJKSTRA_ARCS 4e7 /* that the yardstick may look at in all */

/* A place as a trip begins or ends there. */
struct point {
    struct network_end ends[2];
    size_t count;
};

struct bench {
    struct kit kit;
    size_t pairs, passes;
    struct point *points; /* two a pair */
    uint64_t *weights;    /* one a pair */
    double *us;
    uint32_t *stamps; /* of edges barred */
    struct arena arena;
    size_t differences;
};

static struct network_ends ends_of(const struct bench *b, size_t pair)
{
    const struct point *p = &b->points[2 * pair];
    return (struct network_ends){p[0].ends, p[1].ends, p[0].count, p[1].count};
}

static void clear(struct bench *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        b->us[i] = INFINITY;
}

static void note(struct bench *b, size_t i, double start_us)
{
    b->us[i] = fmin(b->us[i], kit_cpu_us() - start_us);
}

static enum err run_queries(struct bench *b, bool paths)
{
    struct query query = {0};
    struct network_path path;
    enum err e = ERR_OK;
    clear(b, b->pairs);
    for (size_t pass = 0; !e && pass < b->passes; pass++) {
        for (size_t i = 0; !e && i < b->pairs; i++) {
            struct network_ends ends = ends_of(b, i);
            double start = kit_cpu_us();
            e = query_find(&query, b->kit.metric, &ends, paths ? &b->arena : NULL, &path);
            note(b, i, start);
            b->weights[i] = path.weight;
            arena_reset(&b->arena);
        }
    }
    query_fini(&query);
    if (!e) kit_tell(&b->kit, paths ? "path" : "distance", b->us, b->pairs);
    return e;
}

/* On fewer pairs where it is slow. */
static enum err run_dijkstra(struct bench *b)
{
    struct dijkstra dijkstra = {0};
    size_t count = (size_t)(DIJKSTRA_ARCS / b->kit.net->arc_count) + 10;
    if (count > b->pairs) count = b->pairs;
    enum err e = ERR_OK;
    clear(b, count);
    for (size_t i = 0; !e && i < count; i++) {
        struct network_ends ends = ends_of(b, i);
        uint64_t weight = 0;
        double start = kit_cpu_us();
        e = dijkstra_find(&dijkstra, &b->kit.metric->view, NULL, &ends, &weight);
        note(b, i, start);
        b->differences += weight != b->weights[i];
    }
    dijkstra_fini(&dijkstra);
    if (!e) kit_tell(&b->kit, "dijkstra", b->us, count);
    return e;
}

static void bar_edge(void *user, uint32_t edge)
{
    struct network_bar *bar = user;
    ((uint32_t *)bar->edge_stamp)[edge] = bar->stamp;
}

/* Bars a square of about a kilometre around the middle of the cheapest way. */
static enum err bar_middle(struct bench *b, const struct network_path *path,
                           struct network_bar *bar, struct why *why)
{
    const double half = 0.0045; /* degrees */
    struct network_end middle = {.arc = path->arcs[path->arc_count / 2]};
    struct coord at = kit_coord(&b->kit, &middle);
    struct coord ring[] = {{at.lon - half, at.lat - half},
                           {at.lon + half, at.lat - half},
                           {at.lon + half, at.lat + half},
                           {at.lon - half, at.lat + half},
                           {at.lon - half, at.lat - half}};
    const size_t starts[] = {0, 5};
    struct cover_shape shape = {.kind = COVER_POLYGON,
                                .points = ring,
                                .point_count = 5,
                                .ring_starts = starts,
                                .ring_count = 1};
    bar->stamp++;
    return cover_walk(b->kit.graph, &shape, bar_edge, bar, why);
}

/* Ways round an area in the middle of the way; the yardstick knows the same bar. */
static enum err run_barred(struct bench *b, struct why *why)
{
    struct network_bar bar = {.edge_stamp = b->stamps};
    struct query query = {0};
    struct astar astar = {0};
    struct dijkstra dijkstra = {0};
    size_t count = 0, judged = (size_t)(DIJKSTRA_ARCS / 4 / b->kit.net->arc_count) + 5;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < b->pairs; i++) {
        struct network_ends ends = ends_of(b, i);
        struct network_path path, round;
        uint64_t weight;
        arena_reset(&b->arena);
        e = query_find(&query, b->kit.metric, &ends, &b->arena, &path);
        if (e || path.weight == WEIGHT_NONE) continue;
        e = bar_middle(b, &path, &bar, why);
        b->us[count] = INFINITY;
        for (size_t pass = 0; !e && pass < 3; pass++) {
            double start = kit_cpu_us();
            e = astar_find(&astar, b->kit.metric, &bar, &ends, 0, &b->arena, &round);
            note(b, count, start);
        }
        count++;
        if (e || i >= judged) continue;
        e = dijkstra_find(&dijkstra, &b->kit.metric->view, &bar, &ends, &weight);
        b->differences += weight != round.weight;
    }
    query_fini(&query);
    astar_fini(&astar);
    dijkstra_fini(&dijkstra);
    if (!e && count) kit_tell(&b->kit, "path_round_avoided_area", b->us, count);
    return e;
}

static enum err run_table(struct bench *b, const char *key, size_t sources, size_t runs)
{
    struct table_point points[2 * TABLE];
    uint64_t *weights = malloc(sources * TABLE * sizeof *weights);
    struct table *table = NULL;
    enum err e = weights ? table_new(&table) : ERR_NOMEM;
    clear(b, runs);
    for (size_t i = 0; !e && i < runs * b->passes; i++) {
        size_t run = i % runs;
        for (size_t k = 0; k < 2 * TABLE; k++) {
            const struct point *p = &b->points[(run * 37 + k) % (2 * b->pairs)];
            points[k] = (struct table_point){p->ends, p->count};
        }
        double start = kit_cpu_us();
        e = table_fill(table, b->kit.metric, NULL, 0, points, sources, points + TABLE, TABLE,
                       weights);
        note(b, run, start);
    }
    table_free(table);
    free(weights);
    if (!e) kit_tell(&b->kit, key, b->us, runs);
    return e;
}

static enum err anchor_places(struct bench *b, struct anchors **anchors)
{
    const struct network *net = b->kit.net;
    struct network_view *views = malloc(net->profile_count * sizeof *views);
    struct coord_e7 *points = malloc(PLACES * sizeof *points);
    const struct anchors_group group = {0, PLACES};
    enum err e = views && points ? ERR_OK : ERR_NOMEM;
    for (unsigned p = 0; !e && p < net->profile_count; p++)
        views[p] = network_view_of(net, p);
    for (size_t i = 0; !e && i < PLACES; i++) {
        struct network_end end = kit_place(&b->kit);
        points[i] = coord_to_e7(kit_coord(&b->kit, &end));
    }
    if (!e) views[b->kit.profile] = b->kit.metric->view;
    const struct anchors_input input = {b->kit.graph, views, 500, points, PLACES, &group, 1};
    double start = kit_cpu_us();
    if (!e) e = anchors_build(&input, NULL, NULL, anchors);
    double took_us = kit_cpu_us() - start;
    if (!e) kit_tell_ms(&b->kit, "anchor_10000_places", &took_us, 1);
    free(views);
    free(points);
    return e;
}

static enum err run_nearest(struct bench *b)
{
    struct anchors *anchors = NULL;
    struct nearby *nearby = NULL;
    struct nearby_hit hits[NEAREST];
    const uint32_t group = 0;
    enum err e = anchor_places(b, &anchors);
    if (!e) e = nearby_new(&nearby);
    struct nearby_query query = {.metric = b->kit.metric,
                                 .grounds = {{anchors, 0}},
                                 .ground_count = 1,
                                 .groups = &group,
                                 .group_count = 1,
                                 .limit = NEAREST,
                                 .time_max_ms = WITHIN_MS};
    clear(b, b->pairs);
    for (size_t i = 0; !e && i < b->pairs * b->passes; i++) {
        const struct point *from = &b->points[2 * (i % b->pairs)];
        uint32_t count;
        double start = kit_cpu_us();
        e = nearby_find(nearby, &query, from->ends, from->count, hits, &count);
        note(b, i % b->pairs, start);
        b->differences += !e && count != NEAREST;
    }
    nearby_free(nearby);
    anchors_free(anchors);
    if (!e) kit_tell(&b->kit, "nearest_10_of_10000", b->us, b->pairs);
    return e;
}

static enum err run_areas(struct bench *b)
{
    struct reach *reach = NULL;
    size_t runs = b->pairs < 200 ? b->pairs : 200;
    enum err e = reach_new(&reach);
    clear(b, runs);
    for (size_t i = 0; !e && i < runs * b->passes; i++) {
        const struct point *from = &b->points[2 * (i % runs)];
        struct reach_query query = {.metric = b->kit.metric,
                                    .ends = from->ends,
                                    .end_count = from->count,
                                    .limits_ms = {AREA_MS},
                                    .limit_count = 1};
        struct shape shape = {0};
        double margin_m, start = kit_cpu_us();
        e = reach_run(reach, &query);
        if (!e) e = reach_shapes(reach, &shape, &margin_m);
        note(b, i % runs, start);
        shape_fini(&shape);
    }
    reach_free(reach);
    if (!e) kit_tell(&b->kit, "reachable_15_min", b->us, runs);
    return e;
}

static enum err run(struct bench *b, struct why *why)
{
    enum err e = kit_customize(&b->kit);
    for (size_t i = 0; !e && i < 2 * b->pairs; i++)
        b->points[i].count = kit_point(&b->kit, b->points[i].ends);
    if (!e) e = run_queries(b, true);
    if (!e) e = run_queries(b, false);
    if (!e) e = run_dijkstra(b);
    if (!e) e = run_barred(b, why);
    if (!e) e = run_table(b, "table_1x100", 1, 100);
    if (!e) e = run_table(b, "table_100x100", TABLE, 20);
    if (!e) e = run_nearest(b);
    if (!e) e = run_areas(b);
    jsonw_key_int(&b->kit.json, "differences", (int64_t)b->differences);
    if (!e && b->differences) e = err_say(why, ERR_INVALID, "answers are not Dijkstra's");
    return e;
}

int main(int argc, char **argv)
{
    struct why why = {""};
    struct bench b = {.kit.threads = 2,
                      .pairs = argc > 4 ? strtoul(argv[4], NULL, 10) : 1000,
                      .passes = argc > 5 ? strtoul(argv[5], NULL, 10) : 5};
    if (argc < 4 || b.pairs < TABLE || !b.passes) {
        fprintf(stderr, "usage: %s ROADS.yzr PROFILE RESULT.json [PAIRS [PASSES]]\n", argv[0]);
        return 2;
    }
    enum err e = kit_begin(&b.kit, argv[1], argv[2], &why);
    if (!e) {
        b.points = calloc(2 * b.pairs, sizeof *b.points);
        b.weights = calloc(b.pairs, sizeof *b.weights);
        b.us = calloc(b.pairs, sizeof *b.us);
        b.stamps = calloc(b.kit.net->edge_count, sizeof *b.stamps);
        e = b.points && b.weights && b.us && b.stamps ? run(&b, &why) : ERR_NOMEM;
    }
    arena_fini(&b.arena);
    free(b.points);
    free(b.weights);
    free(b.us);
    free(b.stamps);
    return kit_end(&b.kit, e, argv[3], &why) ? 1 : 0;
}
