/* How long the hierarchy and its customization take on a road file: whole, and after roads are
 * closed.
 *
 *   bench_custom ROADS.yzr PROFILE RESULT.json [ROUNDS [THREADS]]
 *
 * CPU time with one thread, time by the clock with more. */
#include "tests/bench/bench_kit.h"

struct rounds {
    struct kit *kit;
    size_t count;
    double *us;
};

static double now_us(const struct kit *kit)
{
    return kit->threads > 1 ? kit_now_us() : kit_cpu_us();
}

static enum err contract(struct kit *kit)
{
    double start = now_us(kit);
    enum err e = cch_new(kit->net, &kit->cch);
    double took_us = now_us(kit) - start;
    if (e) return e;
    kit_tell_ms(kit, "contraction", &took_us, 1);
    printf("%-28s %10u links, height %u\n", "", kit->cch->link_count, kit->cch->height);
    jsonw_key_int(&kit->json, "links", kit->cch->link_count);
    jsonw_key_int(&kit->json, "height", kit->cch->height);
    return ERR_OK;
}

/* Also what another set of weights on the same roads would take. */
static enum err customize(const struct rounds *r)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < r->count; i++) {
        struct custom *custom = NULL;
        struct metric *metric = NULL;
        double start = now_us(r->kit);
        e = custom_new(r->kit->cch, r->kit->profile, r->kit->threads, &custom);
        if (!e) e = custom_metric(custom, &metric);
        r->us[i] = now_us(r->kit) - start;
        if (!e && i == 0) {
            uint32_t end = r->kit->cch->vertex_count;
            uint32_t kept = metric->first[METRIC_UP][end] + metric->first[METRIC_DOWN][end];
            jsonw_key_int(&r->kit->json, "links_kept", kept);
        }
        metric_free(metric);
        custom_free(custom);
    }
    if (!e) kit_tell_ms(r->kit, "customization", r->us, r->count);
    return e;
}

static int by_arc(const void *a, const void *b)
{
    uint32_t x = ((const struct custom_change *)a)->arc, y = ((const struct custom_change *)b)->arc;
    return (x > y) - (x < y);
}

static size_t draw(struct kit *kit, size_t count, struct custom_change *changes)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        changes[i] = (struct custom_change){kit_place(kit).arc, NETWORK_NONE};
    qsort(changes, count, sizeof *changes, by_arc);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || changes[i].arc != changes[i - 1].arc) changes[kept++] = changes[i];
    return kept;
}

/* Closed, with a new metric; then opened again, which is not timed. */
static enum err close_arcs(const struct rounds *r, struct custom *custom, size_t arcs)
{
    char key[48];
    size_t links = 0;
    struct custom_change *changes = malloc(arcs * sizeof *changes);
    enum err e = changes ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; !e && i < r->count; i++) {
        struct metric *metric = NULL;
        size_t count = draw(r->kit, arcs, changes);
        double start = now_us(r->kit);
        e = custom_set(custom, changes, count);
        if (!e) e = custom_metric(custom, &metric);
        r->us[i] = now_us(r->kit) - start;
        links += custom_repaired(custom);
        metric_free(metric);
        if (!e) e = custom_set(custom, NULL, 0);
    }
    free(changes);
    if (e) return e;
    (void)snprintf(key, sizeof key, "close_%zu_arcs", arcs);
    kit_tell_ms(r->kit, key, r->us, r->count);
    (void)snprintf(key, sizeof key, "close_%zu_arcs_links", arcs);
    jsonw_key_int(&r->kit->json, key, (int64_t)(links / r->count));
    printf("%-28s %10zu links looked at\n", "", links / r->count);
    return ERR_OK;
}

int main(int argc, char **argv)
{
    struct why why = {""};
    struct kit kit = {.threads = argc > 5 ? (unsigned)strtoul(argv[5], NULL, 10) : 1};
    struct rounds r = {&kit, argc > 4 ? strtoul(argv[4], NULL, 10) : 21, NULL};
    struct custom *custom = NULL;
    if (argc < 4 || !r.count || !kit.threads) {
        fprintf(stderr, "usage: %s ROADS.yzr PROFILE RESULT.json [ROUNDS [THREADS]]\n", argv[0]);
        return 2;
    }
    r.us = malloc(r.count * sizeof *r.us);
    enum err e = r.us ? kit_begin(&kit, argv[1], argv[2], &why) : ERR_NOMEM;
    jsonw_key_int(&kit.json, "threads", kit.threads);
    if (!e) e = contract(&kit);
    if (!e) e = customize(&r);
    if (!e) e = custom_new(kit.cch, kit.profile, kit.threads, &custom);
    for (size_t arcs = 1; !e && arcs <= 10000; arcs *= 100)
        e = close_arcs(&r, custom, arcs);
    custom_free(custom);
    free(r.us);
    return kit_end(&kit, e, argv[3], &why) ? 1 : 0;
}
