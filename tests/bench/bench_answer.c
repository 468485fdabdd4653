/* What a whole answer takes, in process, from the text of a request to the bytes of its body:
 * routes between random pairs without geometry and with everything there is, and the part of it
 * that comes after the search.
 *
 *   bench_answer ROADS.yzr PROFILE RESULT.json [PAIRS] */
#include "geo/base/file.h"
#include "geo/base/text.h"
#include "geo/road/leg.h"
#include "server/router.h"
#include "server/tools.h"
#include "tests/check.h"

#include <math.h>
#include <string.h>

enum { RUNS = 5 }; /* of each request; the quickest counts, the others are the machine's */

enum kind { PLAIN, FULL, FULL_POLYLINE, NATIVE, FIND, LEG, KINDS };
static const char *const names[] = {
    [PLAIN] = "osrm, no geometry", [FULL] = "osrm, steps, geojson", [FULL_POLYLINE] = "osrm, steps",
    [NATIVE] = "/v1/route, steps", [FIND] = "route_find alone",     [LEG] = "leg_make alone"};
static const char *const options[] = {
    [PLAIN] = "overview=false",
    [FULL] = "overview=full&steps=true&geometries=geojson",
    [FULL_POLYLINE] = "overview=full&steps=true",
};

struct bench {
    struct roads_keeper *keeper;
    struct roads *roads;
    const struct graph *graph; /* of the roads */
    struct network_view view;
    const char *profile;
    struct snapshot snapshot;
    struct tools tools;
    struct coord *points; /* two a pair */
    double *us[KINDS];    /* one a pair */
    size_t pairs, bytes, steps;
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

/* A point beside the middle of a random arc of the largest component. */
static struct coord random_point(const struct bench *b, uint64_t *seed)
{
    const struct network *net = b->view.net;
    uint32_t arc;
    do
        arc = random_below(seed, net->base_arc_count);
    while (b->view.time_ms[arc] == NETWORK_NONE || b->view.component[arc] != 0);
    struct graph_edge edge = graph_edge_at(b->graph, net->arc_half[arc] >> 1);
    uint32_t first = random_below(seed, edge.point_count - 1);
    struct coord from = coord_from_e7(edge.points[first]);
    struct coord to = coord_from_e7(edge.points[first + 1]);
    return (struct coord){(from.lon + to.lon) / 2 + 1e-4, (from.lat + to.lat) / 2 + 1e-4};
}

/* One request, as dispatch would have it handled; false when it was refused. */
static bool answer(struct bench *b, const char *target, struct arena *arena,
                   struct response *response)
{
    struct problem problem = {0};
    struct request request = {.method = REQUEST_GET, .arena = arena, .problem = &problem};
    const char *allow;
    response_reset(response);
    if (request_parse(&request, target)) return false;
    const struct router_rule *rule = router_find(routes, routes_count, &request, &allow);
    if (!rule || router_admit(rule, &request)) return false;
    return !rule->handle(&request, response, &b->tools) && !response->body.err;
}

static void target_of(const struct bench *b, size_t pair, enum kind kind, char target[512])
{
    const struct coord *p = &b->points[2 * pair];
    if (kind == NATIVE)
        (void)snprintf(target, 512, "/v1/route?from=%.6f,%.6f&to=%.6f,%.6f&profile=%s&steps=true",
                       p[0].lon, p[0].lat, p[1].lon, p[1].lat, b->profile);
    else
        (void)snprintf(target, 512, "/route/v1/%s/%.6f,%.6f;%.6f,%.6f?%s", b->profile, p[0].lon,
                       p[0].lat, p[1].lon, p[1].lat, options[kind]);
}

static enum err run_answers(struct bench *b, struct response *response)
{
    struct arena arena = {0};
    char target[512];
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < b->pairs; i++) {
        for (enum kind kind = PLAIN; kind <= NATIVE; kind++) {
            b->us[kind][i] = INFINITY;
            target_of(b, i, kind, target);
            for (unsigned run = 0; !e && run < RUNS; run++) {
                double start = now_us();
                if (!answer(b, target, &arena, response)) e = ERR_INVALID;
                b->us[kind][i] = fmin(b->us[kind][i], now_us() - start);
                arena_reset(&arena);
            }
            if (kind == FULL) b->bytes += response->body.len;
        }
    }
    arena_fini(&arena);
    return e;
}

/* The leg of a route once more, from its path. */
static struct leg_path path_of(const struct bench *b, const struct route *route)
{
    const struct route_leg *leg = &route->legs[0];
    const uint32_t *half = b->view.net->arc_half;
    const struct route_waypoint *from = &route->waypoints[0], *to = &route->waypoints[1];
    return (struct leg_path){
        .view = b->view,
        .arcs = leg->arcs,
        .arc_count = leg->arc_count,
        .from_fraction = half[leg->arcs[0]] & 1 ? 1 - from->fraction : from->fraction,
        .to_fraction = half[leg->arcs[leg->arc_count - 1]] & 1 ? 1 - to->fraction : to->fraction,
        .from = from->at,
        .to = to->at,
        .asked_to = to->at};
}

static enum err run_parts(struct bench *b)
{
    struct arena arena = {0}, scratch = {0};
    struct route_work *work;
    struct route_query query = {.point_count = 2};
    enum err e = tools_route(&b->tools, &work);
    query.profile = (unsigned)graph_profile_find(b->graph, b->profile);
    for (size_t i = 0; !e && i < b->pairs; i++) {
        struct route route;
        struct route_leg leg;
        size_t culprit;
        query.points = &b->points[2 * i];
        b->us[FIND][i] = b->us[LEG][i] = INFINITY;
        for (unsigned run = 0; !e && run < RUNS; run++) {
            arena_reset(&arena);
            double start = now_us();
            e = route_find(b->roads, work, &query, &arena, &route, &culprit);
            b->us[FIND][i] = fmin(b->us[FIND][i], now_us() - start);
        }
        if (e) break;
        struct leg_path path = path_of(b, &route);
        b->steps += route.legs[0].step_count;
        for (unsigned run = 0; !e && run < RUNS; run++) {
            double start = now_us();
            e = leg_make(&path, &scratch, &leg);
            b->us[LEG][i] = fmin(b->us[LEG][i], now_us() - start);
            arena_reset(&scratch);
        }
    }
    arena_fini(&arena);
    arena_fini(&scratch);
    return e;
}

static void tell(struct bench *b, struct jsonw *json)
{
    printf("%-24s %10s %10s %10s\n", "", "p50 us", "p90 us", "p99 us");
    jsonw_object(json);
    jsonw_key_string(json, "profile", b->profile);
    jsonw_key_int(json, "pairs", (int64_t)b->pairs);
    jsonw_key_int(json, "mean_bytes", (int64_t)(b->bytes / b->pairs));
    jsonw_key_int(json, "mean_steps", (int64_t)(b->steps / b->pairs));
    for (enum kind kind = 0; kind < KINDS; kind++) {
        static const struct {
            const char *name;
            double share;
        } told[] = {{"p50_us", 0.5}, {"p90_us", 0.9}, {"p99_us", 0.99}};
        qsort(b->us[kind], b->pairs, sizeof(double), by_value);
        printf("%-24s", names[kind]);
        jsonw_key(json, names[kind]);
        jsonw_object(json);
        for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
            double us = b->us[kind][(size_t)((double)(b->pairs - 1) * told[i].share)];
            printf(" %10.1f", us);
            jsonw_key_number(json, told[i].name, us, 1);
        }
        printf("\n");
        jsonw_object_end(json);
    }
    jsonw_object_end(json);
}

static enum err run(struct bench *b, const char *result, struct why *why)
{
    struct response response;
    struct jsonw json;
    struct buf out;
    uint64_t seed = random_seed();
    for (size_t i = 0; i < 2 * b->pairs; i++)
        b->points[i] = random_point(b, &seed);
    response_init(&response);
    enum err e = run_answers(b, &response);
    if (e) e = err_say(why, e, "a request was refused: %.200s", response.body.bytes);
    response_fini(&response);
    if (!e) e = run_parts(b);
    if (e) return e;
    buf_init(&out, 1 << 20);
    jsonw_init(&json, &out);
    printf("%s: %zu pairs, %zu bytes and %zu steps on average\n", b->profile, b->pairs,
           b->bytes / b->pairs, b->steps / b->pairs);
    tell(b, &json);
    e = out.err ? out.err : file_replace(result, out.bytes, out.len, why);
    buf_fini(&out);
    return e;
}

static enum err begin(struct bench *b, const char *path, struct why *why)
{
    enum err e = roads_open(path, 2, NULL, &b->keeper, why);
    if (!e) e = roads_make(b->keeper, NULL, 0, &b->roads);
    if (e) return e;
    b->graph = roads_graph(b->roads);
    int profile = graph_profile_find(b->graph, b->profile);
    if (profile < 0) return err_say(why, ERR_NOTFOUND, "there is no profile %s", b->profile);
    b->view = network_view_of(graph_network(b->graph), (unsigned)profile);
    b->snapshot.roads = b->roads;
    b->tools.snapshot = &b->snapshot;
    b->points = calloc(b->pairs * 2, sizeof *b->points);
    if (!b->points) return ERR_NOMEM;
    for (enum kind kind = 0; kind < KINDS; kind++) {
        b->us[kind] = calloc(b->pairs, sizeof(double));
        if (!b->us[kind]) return ERR_NOMEM;
    }
    return ERR_OK;
}

int main(int argc, char **argv)
{
    struct why why = {""};
    int64_t pairs = 1000;
    if (argc < 4 || argc > 5 ||
        (argc == 5 && !text_int(argv[4], strlen(argv[4]), 1, 1000000, &pairs))) {
        fprintf(stderr, "usage: %s ROADS.yzr PROFILE RESULT.json [PAIRS]\n", argv[0]);
        return 2;
    }
    struct bench b = {.profile = argv[2], .pairs = (size_t)pairs};
    enum err e = begin(&b, argv[1], &why);
    if (!e) e = run(&b, argv[3], &why);
    for (enum kind kind = 0; kind < KINDS; kind++)
        free(b.us[kind]);
    free(b.points);
    route_work_free(b.tools.route);
    roads_free(b.roads);
    roads_keeper_free(b.keeper);
    if (e) fprintf(stderr, "bench_answer: %s\n", why.text[0] ? why.text : err_text(e));
    return e ? 1 : 0;
}
