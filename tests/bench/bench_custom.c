/* How long customization takes on a road file, whole and after streets are closed.
 *
 *   bench_custom ROADS.yzr PROFILE [THREADS [ROUNDS]] */
#include "geo/road/custom.h"
#include "geo/road/network.h"
#include "tests/check.h"

struct bench {
    const struct network *net;
    struct network_view view;
    struct cch *cch;
    unsigned profile, threads;
    size_t rounds;
    double *ms; /* [rounds] */
};

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void tell(const struct bench *b, double *ms, const char *what)
{
    qsort(ms, b->rounds, sizeof *ms, by_value);
    printf("%-28s least %9.3f  median %9.3f  most %9.3f ms\n", what, ms[0], ms[b->rounds / 2],
           ms[b->rounds - 1]);
}

static enum err whole(const struct bench *b)
{
    double *metric_ms = malloc(b->rounds * sizeof *metric_ms);
    enum err e = metric_ms ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; !e && i < b->rounds; i++) {
        struct custom *custom = NULL;
        struct metric *metric = NULL;
        double start = now_ms();
        e = custom_new(b->cch, b->profile, b->threads, &custom);
        double middle = now_ms();
        if (!e) e = custom_metric(custom, &metric);
        metric_ms[i] = now_ms() - middle;
        b->ms[i] = middle - start;
        if (!e && i == 0)
            printf("%u links, kept %u up and %u down\n", b->cch->link_count,
                   metric->first[METRIC_UP][b->cch->vertex_count],
                   metric->first[METRIC_DOWN][b->cch->vertex_count]);
        metric_free(metric);
        custom_free(custom);
    }
    if (!e) tell(b, b->ms, "customizing");
    if (!e) tell(b, metric_ms, "first metric");
    free(metric_ms);
    return e;
}

static int by_arc(const void *a, const void *b)
{
    uint32_t x = ((const struct custom_change *)a)->arc, y = ((const struct custom_change *)b)->arc;
    return (x > y) - (x < y);
}

/* Both directions of `count` random edges, each arc once. */
static size_t draw(const struct bench *b, size_t count, uint64_t *seed,
                   struct custom_change *changes)
{
    size_t drawn = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t edge = random_below(seed, b->net->edge_count);
        for (uint32_t h = 2 * edge; h < 2 * edge + 2; h++) {
            uint32_t arc = b->net->half_arc[h];
            if (arc == NETWORK_NONE || b->view.time_ms[arc] == NETWORK_NONE) continue;
            changes[drawn++] = (struct custom_change){arc, NETWORK_NONE};
        }
    }
    qsort(changes, drawn, sizeof *changes, by_arc);
    for (size_t i = 0; i < drawn; i++)
        if (i == 0 || changes[i].arc != changes[i - 1].arc) changes[kept++] = changes[i];
    return kept;
}

/* Streets are closed and opened again, each time with a new metric. */
static enum err closing(const struct bench *b, size_t streets)
{
    uint64_t seed = 1;
    size_t links = 0;
    char what[64];
    struct custom_change *changes = malloc(2 * streets * sizeof *changes);
    double *metric_ms = malloc(b->rounds * sizeof *metric_ms);
    struct custom *custom = NULL;
    enum err e = changes && metric_ms ? ERR_OK : ERR_NOMEM;
    if (!e) e = custom_new(b->cch, b->profile, b->threads, &custom);
    for (size_t i = 0; !e && i < b->rounds; i++) {
        struct metric *metric = NULL;
        size_t count = i % 2 ? 0 : draw(b, streets, &seed, changes);
        double start = now_ms();
        e = custom_set(custom, changes, count);
        double middle = now_ms();
        if (!e) e = custom_metric(custom, &metric);
        metric_ms[i] = now_ms() - middle;
        b->ms[i] = middle - start;
        links += custom_repaired(custom);
        metric_free(metric);
    }
    printf("%zu streets: %zu links looked at on average\n", streets, links / b->rounds);
    (void)snprintf(what, sizeof what, "setting %zu streets", streets);
    if (!e) tell(b, b->ms, what);
    if (!e) tell(b, metric_ms, "  and a metric");
    custom_free(custom);
    free(changes);
    free(metric_ms);
    return e;
}

int main(int argc, char **argv)
{
    struct why why = {""};
    struct graph *graph = NULL;
    struct bench b = {.threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1,
                      .rounds = argc > 4 ? strtoul(argv[4], NULL, 10) : 21};
    enum err e = argc > 2 && b.rounds ? graph_open(argv[1], &graph, &why) : ERR_INVALID;
    int profile = e ? -1 : graph_profile_find(graph, argv[2]);
    if (!e && profile < 0) e = ERR_NOTFOUND;
    if (!e) {
        b.net = graph_network(graph);
        b.profile = (unsigned)profile;
        b.view = network_view_of(b.net, b.profile);
        b.ms = malloc(b.rounds * sizeof *b.ms);
        if (!b.ms) e = ERR_NOMEM;
    }
    if (!e) e = cch_new(b.net, &b.cch);
    if (!e) e = whole(&b);
    for (size_t streets = 1; !e && streets <= 10000; streets *= 100)
        e = closing(&b, streets);
    if (e) printf("bench_custom: %s %s\n", err_text(e), why.text);
    cch_free(b.cch);
    graph_free(graph);
    free(b.ms);
    return e ? 1 : 0;
}
