#include "geo/road/roads.h"

#include "geo/road/custom.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* What roads of one file share, however many closures come and go. */
struct base {
    struct graph *graph;
    struct cch *cch;
    atomic_uint owners;
};

struct roads {
    struct base *base;
    struct metric *metrics[PROFILE_MAX];
    struct roads_closed *closed;
    size_t closed_count;
};

struct roads_keeper {
    struct base *base;
    struct custom *customs[PROFILE_MAX];
    unsigned profile_count;
};

static void base_free(struct base *base)
{
    if (!base || atomic_fetch_sub(&base->owners, 1) > 1) return;
    cch_free(base->cch);
    graph_free(base->graph);
    free(base);
}

void roads_free(struct roads *roads)
{
    if (!roads) return;
    for (size_t p = 0; p < PROFILE_MAX; p++)
        metric_free(roads->metrics[p]);
    base_free(roads->base);
    free(roads->closed);
    free(roads);
}

const struct graph *roads_graph(const struct roads *roads)
{
    return roads->base->graph;
}

const struct metric *roads_metric(const struct roads *roads, unsigned profile)
{
    return roads->metrics[profile];
}

const struct roads_closed *roads_closed_list(const struct roads *roads, size_t *count)
{
    *count = roads->closed_count;
    return roads->closed;
}

void roads_keeper_free(struct roads_keeper *keeper)
{
    if (!keeper) return;
    for (size_t p = 0; p < PROFILE_MAX; p++)
        custom_free(keeper->customs[p]);
    base_free(keeper->base);
    free(keeper);
}

const struct graph *roads_keeper_graph(const struct roads_keeper *keeper)
{
    return keeper->base->graph;
}

static enum err open_base(const char *path, const struct progress *progress, struct base *base,
                          struct why *why)
{
    enum err e = graph_open(path, &base->graph, why);
    if (!e && !progress_say(progress, "contracting", 0, 0)) e = ERR_CANCELLED;
    if (!e && (e = cch_new(graph_network(base->graph), &base->cch)) != ERR_OK)
        err_tell(why, "%s cannot be contracted: %s", path, err_text(e));
    return e;
}

enum err roads_open(const char *path, unsigned threads, const struct progress *progress,
                    struct roads_keeper **keeper, struct why *why)
{
    struct roads_keeper *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->base = calloc(1, sizeof *made->base);
    enum err e = made->base ? ERR_OK : ERR_NOMEM;
    if (!e) {
        atomic_init(&made->base->owners, 1);
        e = open_base(path, progress, made->base, why);
    }
    if (!e) made->profile_count = (unsigned)graph_profile_count(made->base->graph);
    for (unsigned p = 0; !e && p < made->profile_count; p++) {
        if (!progress_say(progress, "customizing", p, made->profile_count)) e = ERR_CANCELLED;
        if (!e) e = custom_new(made->base->cch, p, threads, &made->customs[p]);
        if (e == ERR_LIMIT)
            err_tell(why, "%s was contracted in an order that is of no use; build it again", path);
    }
    if (e)
        roads_keeper_free(made);
    else
        *keeper = made;
    return e;
}

/* One closure on one edge. */
struct item {
    uint32_t edge, closure;
};

static int by_edge(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->edge != y->edge) return x->edge < y->edge ? -1 : 1;
    return (x->closure > y->closure) - (x->closure < y->closure);
}

/* Every closure of every edge, by edge. */
static enum err list_items(const struct roads_closure *closures, size_t count, struct item **items,
                           size_t *item_count)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        total += closures[i].edge_count;
    struct item *list = malloc(total ? total * sizeof *list : 1);
    if (!list) return ERR_NOMEM;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < closures[i].edge_count; k++)
            list[at++] = (struct item){closures[i].edges[k], (uint32_t)i};
    qsort(list, total, sizeof *list, by_edge);
    *items = list;
    *item_count = total;
    return ERR_OK;
}

/* So many times the time that a profile takes under the closures of one edge. */
static double factor_of(const struct roads_closure *closures, const struct item *items,
                        size_t count, unsigned profile)
{
    double factor = 1;
    for (size_t i = 0; i < count; i++)
        if (closures[items[i].closure].profiles >> profile & 1)
            factor *= closures[items[i].closure].factor;
    return factor;
}

/* The items of one edge begin at `from`: where they end. */
static size_t edge_end(const struct item *items, size_t count, size_t from)
{
    size_t end = from + 1;
    while (end < count && items[end].edge == items[from].edge)
        end++;
    return end;
}

/* Up to the next whole millisecond; what counts as no way is closed. */
static uint32_t slowed_ms(uint32_t time_ms, double factor)
{
    double slowed = ceil(time_ms * factor);
    return slowed < INT32_MAX ? (uint32_t)slowed : NETWORK_NONE;
}

static enum err set_profile(struct roads_keeper *keeper, unsigned profile,
                            const struct roads_closure *closures, const struct item *items,
                            size_t count)
{
    const struct network *net = graph_network(keeper->base->graph);
    struct network_view view = network_view_of(net, profile);
    struct custom_change *changes = malloc(count ? 2 * count * sizeof *changes : 1);
    size_t change_count = 0;
    if (!changes) return ERR_NOMEM;
    for (size_t i = 0, end; i < count; i = end) {
        end = edge_end(items, count, i);
        double factor = factor_of(closures, items + i, end - i, profile);
        for (uint32_t half = 2 * items[i].edge; factor > 1 && half <= 2 * items[i].edge + 1;
             half++) {
            uint32_t arc = net->half_arc[half];
            if (arc == NETWORK_NONE || view.time_ms[arc] == NETWORK_NONE) continue;
            changes[change_count++] =
                (struct custom_change){arc, slowed_ms(view.time_ms[arc], factor)};
        }
    }
    enum err e = custom_set(keeper->customs[profile], changes, change_count);
    free(changes);
    return e;
}

/* The worst profile's factor, and the closure that does most of it. */
static enum err list_closed(const struct roads_closure *closures, const struct item *items,
                            size_t count, unsigned profiles, struct roads *roads)
{
    roads->closed = malloc(count ? count * sizeof *roads->closed : 1);
    if (!roads->closed) return ERR_NOMEM;
    for (size_t i = 0, end; i < count; i = end) {
        end = edge_end(items, count, i);
        size_t worst = i;
        double factor = 1;
        for (size_t k = i + 1; k < end; k++)
            if (closures[items[k].closure].factor > closures[items[worst].closure].factor)
                worst = k;
        for (unsigned p = 0; p < profiles; p++)
            factor = fmax(factor, factor_of(closures, items + i, end - i, p));
        roads->closed[roads->closed_count++] =
            (struct roads_closed){items[i].edge, (float)factor,
                                  closures[items[worst].closure].until_ms, items[worst].closure};
    }
    return ERR_OK;
}

enum err roads_make(struct roads_keeper *keeper, const struct roads_closure *closures, size_t count,
                    struct roads **roads)
{
    struct item *items = NULL;
    size_t item_count = 0;
    struct roads *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    atomic_fetch_add(&keeper->base->owners, 1);
    made->base = keeper->base;
    enum err e = list_items(closures, count, &items, &item_count);
    for (unsigned p = 0; !e && p < keeper->profile_count; p++) {
        e = set_profile(keeper, p, closures, items, item_count);
        if (!e) e = custom_metric(keeper->customs[p], &made->metrics[p]);
    }
    if (!e) e = list_closed(closures, items, item_count, keeper->profile_count, made);
    free(items);
    if (e)
        roads_free(made);
    else
        *roads = made;
    return e;
}
