/* That answers on a road file are Dijkstra's: random queries as the file is, under closures, and
 * with roads barred. Every path is unpacked, walked along and summed.
 *
 *   bench_proof ROADS.yzr PROFILE RESULT.json QUERIES
 *
 * One tree of the judge serves a hundred targets; QUERIES are asked in each of the three ways. */
#include "geo/road/astar.h"
#include "tests/bench/bench_kit.h"
#include "tests/road_proof.h"

enum { TARGETS = 100 };
enum way { AS_IS, CLOSED, BARRED, BARRED_AND_CLOSED, WAYS };
static const char *const way_names[WAYS] = {"as_is", "closed", "barred", "barred_and_closed"};

struct proof {
    struct kit kit;
    struct query query;
    struct astar astar;
    struct dijkstra dijkstra;
    struct arena arena;
    uint32_t *stamps;
    uint64_t asked, found, differences;
};

static enum err ask(struct proof *p, const struct network_bar *bar, const struct network_ends *ends,
                    struct network_path *path)
{
    arena_reset(&p->arena);
    if (!bar) return query_find(&p->query, p->kit.metric, ends, &p->arena, path);
    return astar_find(&p->astar, p->kit.metric, bar, ends, 0, &p->arena, path);
}

/* One source, and what the judge says of every target on its own. */
static enum err prove_source(struct proof *p, const struct network_bar *bar)
{
    const struct network_view *view = &p->kit.metric->view;
    struct network_end source = proof_end(view, &p->kit.seed), targets[TARGETS];
    uint64_t weights[TARGETS];
    struct network_ends ends = {&source, targets, 1, TARGETS};
    for (size_t t = 0; t < TARGETS; t++)
        targets[t] = proof_end(view, &p->kit.seed);
    enum err e = dijkstra_each(&p->dijkstra, view, bar, &ends, weights);
    for (size_t t = 0; !e && t < TARGETS; t++) {
        struct network_ends pair = {&source, &targets[t], 1, 1};
        struct network_path path;
        e = ask(p, bar, &pair, &path);
        p->asked++;
        p->differences += !e && path.weight != weights[t];
        if (e || path.weight == WEIGHT_NONE) continue;
        p->found++;
        proof_path(view, bar, &pair, &path);
    }
    return e;
}

static enum err prove(struct proof *p, enum way way, size_t queries)
{
    const struct network *net = p->kit.net;
    enum err e = ERR_OK;
    uint64_t asked = p->asked, found = p->found;
    bool close = way == CLOSED || way == BARRED_AND_CLOSED;
    if (close)
        proof_close(p->kit.custom, &p->kit.view, &p->kit.seed);
    else
        e = custom_set(p->kit.custom, NULL, 0);
    metric_free(p->kit.metric);
    p->kit.metric = NULL;
    if (!e) e = custom_metric(p->kit.custom, &p->kit.metric);
    struct network_bar bar = proof_bar(net, &p->kit.seed, p->stamps);
    for (size_t i = 0; !e && i < queries; i += TARGETS)
        e = prove_source(p, way >= BARRED ? &bar : NULL);
    printf("%-28s %10llu queries, %llu with a way, %llu differences so far\n", way_names[way],
           (unsigned long long)(p->asked - asked), (unsigned long long)(p->found - found),
           (unsigned long long)p->differences);
    jsonw_key_int(&p->kit.json, way_names[way], (int64_t)(p->asked - asked));
    return e;
}

int main(int argc, char **argv)
{
    struct why why = {""};
    struct proof p = {.kit.threads = 2};
    size_t queries = argc == 5 ? strtoul(argv[4], NULL, 10) : 0;
    if (!queries) {
        fprintf(stderr, "usage: %s ROADS.yzr PROFILE RESULT.json QUERIES\n", argv[0]);
        return 2;
    }
    enum err e = kit_begin(&p.kit, argv[1], argv[2], &why);
    if (!e) e = kit_customize(&p.kit);
    if (!e) p.stamps = calloc(p.kit.net->edge_count, sizeof *p.stamps);
    if (!e && !p.stamps) e = ERR_NOMEM;
    for (enum way way = AS_IS; !e && way < WAYS; way++)
        e = prove(&p, way, queries);
    jsonw_key_int(&p.kit.json, "found", (int64_t)p.found);
    jsonw_key_int(&p.kit.json, "differences", (int64_t)p.differences);
    if (!e && p.differences) e = err_say(&why, ERR_INVALID, "answers are not Dijkstra's");
    query_fini(&p.query);
    astar_fini(&p.astar);
    dijkstra_fini(&p.dijkstra);
    arena_fini(&p.arena);
    free(p.stamps);
    return kit_end(&p.kit, e, argv[3], &why) ? 1 : 0;
}
