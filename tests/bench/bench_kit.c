#include "tests/bench/bench_kit.h"

#include "geo/base/file.h"
#include "geo/space/coord.h"

static double clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

double kit_now_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

double kit_cpu_us(void)
{
    return clock_us(CLOCK_THREAD_CPUTIME_ID);
}

double kit_peak_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

enum err kit_begin(struct kit *kit, const char *path, const char *profile, struct why *why)
{
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    buf_init(&kit->out, 1 << 20);
    jsonw_init(&kit->json, &kit->out);
    kit->path = path;
    kit->seed = random_seed();
    double start = kit_cpu_us();
    enum err e = graph_open(path, &kit->graph, why);
    double opened_us = kit_cpu_us() - start;
    int found = e ? -1 : graph_profile_find(kit->graph, profile);
    if (e) return e;
    if (found < 0) return err_say(why, ERR_NOTFOUND, "there is no profile %s", profile);
    kit->net = graph_network(kit->graph);
    kit->profile = (unsigned)found;
    kit->view = network_view_of(kit->net, kit->profile);
    printf("%s: %u edges, %u arcs, %u turns\n", profile, kit->net->edge_count, kit->net->arc_count,
           kit->net->turn_count);
    jsonw_object(&kit->json);
    jsonw_key_string(&kit->json, "profile", profile);
    jsonw_key_int(&kit->json, "edges", kit->net->edge_count);
    jsonw_key_int(&kit->json, "arcs", kit->net->arc_count);
    jsonw_key_int(&kit->json, "turns", kit->net->turn_count);
    kit_tell_ms(kit, "open_and_check", &opened_us, 1);
    return ERR_OK;
}

enum err kit_customize(struct kit *kit)
{
    enum err e = kit->cch ? ERR_OK : cch_new(kit->net, &kit->cch);
    if (!e) e = custom_new(kit->cch, kit->profile, kit->threads, &kit->custom);
    return e ? e : custom_metric(kit->custom, &kit->metric);
}

enum err kit_end(struct kit *kit, enum err e, const char *result, struct why *why)
{
    if (!e) {
        printf("%-28s %10.0f MiB\n", "memory, at most", kit_peak_mib());
        jsonw_key_number(&kit->json, "peak_mib", kit_peak_mib(), 0);
        jsonw_object_end(&kit->json);
        e = kit->out.err ? kit->out.err : file_replace(result, kit->out.bytes, kit->out.len, why);
    }
    if (e) fprintf(stderr, "%s: %s\n", kit->path, why->text[0] ? why->text : err_text(e));
    buf_fini(&kit->out);
    metric_free(kit->metric);
    custom_free(kit->custom);
    cch_free(kit->cch);
    graph_free(kit->graph);
    return e;
}

struct network_end kit_place(struct kit *kit)
{
    uint32_t arc;
    do
        arc = random_below(&kit->seed, kit->net->base_arc_count);
    while (kit->view.time_ms[arc] == NETWORK_NONE || kit->view.component[arc] != 0);
    return (struct network_end){.arc = arc, .fraction = random_unit(&kit->seed)};
}

size_t kit_point(struct kit *kit, struct network_end ends[2])
{
    ends[0] = kit_place(kit);
    uint32_t back = kit->net->half_arc[kit->net->arc_half[ends[0].arc] ^ 1];
    if (back == NETWORK_NONE || kit->view.time_ms[back] == NETWORK_NONE) return 1;
    ends[1] = (struct network_end){.arc = back, .fraction = 1 - ends[0].fraction};
    return 2;
}

/* Half way along the segment in the middle of the edge: near enough for a place. */
struct coord kit_coord(const struct kit *kit, const struct network_end *end)
{
    struct graph_edge edge = graph_edge_at(kit->graph, kit->net->arc_half[end->arc] >> 1);
    uint32_t i = edge.point_count / 2;
    struct coord a = coord_from_e7(edge.points[i - 1]), b = coord_from_e7(edge.points[i]);
    return (struct coord){(a.lon + b.lon) / 2, (a.lat + b.lat) / 2};
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double kit_tell(struct kit *kit, const char *key, double *us, size_t count)
{
    qsort(us, count, sizeof *us, by_value);
    double p50 = us[count / 2], p99 = us[(count - 1) * 99 / 100];
    printf("%-28s %10.1f us p50 %12.1f us p99   (%zu)\n", key, p50, p99, count);
    jsonw_key(&kit->json, key);
    jsonw_object(&kit->json);
    jsonw_key_number(&kit->json, "p50_us", p50, 1);
    jsonw_key_number(&kit->json, "p99_us", p99, 1);
    jsonw_key_int(&kit->json, "runs", (int64_t)count);
    jsonw_object_end(&kit->json);
    return p50;
}

void kit_tell_ms(struct kit *kit, const char *key, double *us, size_t count)
{
    qsort(us, count, sizeof *us, by_value);
    double least = us[0] / 1e3, median = us[count / 2] / 1e3;
    printf("%-28s %10.3f ms least %10.3f ms median (%zu)\n", key, least, median, count);
    jsonw_key(&kit->json, key);
    jsonw_object(&kit->json);
    jsonw_key_number(&kit->json, "least_ms", least, 3);
    jsonw_key_number(&kit->json, "median_ms", median, 3);
    jsonw_key_int(&kit->json, "runs", (int64_t)count);
    jsonw_object_end(&kit->json);
}
