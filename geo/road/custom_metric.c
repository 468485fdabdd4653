/* From costs to a metric: the links that are kept, what they lead over, and how long they take. */
#include "geo/road/custom_work.h"

#include <stdlib.h>
#include <string.h>

/* A link whose cost is known and whose way is not: more than any real one of that cost. */
static uint64_t unproven(uint32_t cost_ms)
{
    return weight_of(cost_ms, UINT32_MAX);
}

static bool proven(const struct metric_link *link)
{
    return weight_time_ms(link->weight) != UINT32_MAX;
}

struct making {
    const struct custom *custom;
    struct metric *metric;
    uint32_t *next[METRIC_SIDES]; /* [vertex]: its first link not yet passed */
};

static enum err making_init(struct making *m, const struct custom *custom, struct metric *metric)
{
    size_t size = (size_t)custom->cch->vertex_count * sizeof(uint32_t);
    *m = (struct making){.custom = custom, .metric = metric};
    for (int s = 0; s < METRIC_SIDES; s++) {
        m->next[s] = malloc(size);
        if (!m->next[s]) return ERR_NOMEM;
        memcpy(m->next[s], metric->first[s], size);
    }
    return ERR_OK;
}

static void making_fini(struct making *m)
{
    for (int s = 0; s < METRIC_SIDES; s++)
        free(m->next[s]);
}

static enum err lay_out(const struct custom *custom, struct metric *metric, enum metric_side side)
{
    const struct cch *cch = custom->cch;
    uint32_t *first = malloc(((size_t)cch->vertex_count + 1) * sizeof *first), count = 0;
    if (!first) return ERR_NOMEM;
    metric->first[side] = first;
    for (uint32_t u = 0; u < cch->vertex_count; u++) {
        first[u] = count;
        for (uint32_t i = cch->up_first[u]; i < cch->up_first[u + 1]; i++)
            count += custom_kept(custom, i, side);
    }
    first[cch->vertex_count] = count;
    struct metric_link *links = malloc(count ? count * sizeof *links : 1);
    if (!links) return ERR_NOMEM;
    metric->links[side] = links;
    for (uint32_t i = 0; i < cch->link_count; i++)
        if (custom_kept(custom, i, side))
            *links++ = (struct metric_link){cch->up_head[i], NETWORK_NONE,
                                            unproven(custom->basic[i].side[side])};
    return ERR_OK;
}

static void prove_turns(const struct custom *custom, struct metric *metric)
{
    const struct cch *cch = custom->cch;
    const struct network *net = cch->net;
    for (uint32_t arc = 0; arc < net->arc_count; arc++) {
        if (custom->time_ms[arc] == NETWORK_NONE) continue;
        for (uint32_t t = net->turn_first[arc]; t < net->turn_first[arc + 1]; t++) {
            uint32_t i = cch->turn_link[t], a = cch->vertex[arc], b = cch->vertex[net->turn_to[t]];
            enum metric_side side = custom_turn_side(cch, arc, t);
            if (i == NETWORK_NONE || !custom_kept(custom, i, side)) continue;
            uint64_t weight = custom_turn(custom, arc, t);
            if (weight_cost_ms(weight) != custom->basic[i].side[side]) continue;
            size_t at = (size_t)(metric_find(metric, side, a < b ? a : b, a < b ? b : a) -
                                 metric->links[side]);
            if (weight < metric->links[side][at].weight) metric->links[side][at].weight = weight;
        }
    }
}

/* x's link to the vertex worked on, if it has one; from then on `next` is behind it. */
static const struct metric_link *pass(struct making *m, enum metric_side side, uint32_t x,
                                      uint32_t u)
{
    uint32_t i = m->next[side][x];
    const struct metric_link *link = &m->metric->links[side][i];
    if (i == m->metric->first[side][x + 1] || link->head != u) return NULL;
    m->next[side][x]++;
    return link;
}

/* Links between u and what is above, in one side: u to x by `ux`, or x to u, then on by x's links
 * of that side. */
static void prove_over(const struct making *m, enum metric_side side, const uint32_t *place,
                       uint32_t x, uint64_t ux)
{
    struct metric *metric = m->metric;
    uint32_t none = m->custom->cch->link_count;
    for (uint32_t j = m->next[side][x]; j < metric->first[side][x + 1]; j++) {
        const struct metric_link *xv = &metric->links[side][j];
        if (place[xv->head] == none || !proven(xv)) continue;
        struct metric_link *uv = &metric->links[side][place[xv->head]];
        /* No cost is less, so a lesser weight is one of the same cost that takes less time. */
        uint64_t weight = ux + xv->weight;
        if (weight >= uv->weight) continue;
        uv->weight = weight;
        uv->via = x;
    }
}

/* Lowest x first, and a turn before any: so that among equals it is the same one every time. */
static void prove_vertex(struct making *m, unsigned worker, uint32_t u)
{
    const struct cch *cch = m->custom->cch;
    struct metric *metric = m->metric;
    uint32_t *place[METRIC_SIDES] = {custom_place(m->custom, worker, METRIC_UP),
                                     custom_place(m->custom, worker, METRIC_DOWN)};
    for (int s = 0; s < METRIC_SIDES; s++)
        for (uint32_t i = metric->first[s][u]; i < metric->first[s][u + 1]; i++)
            place[s][metric->links[s][i].head] = i;
    for (uint32_t k = cch->down_first[u]; k < cch->down_first[u + 1]; k++) {
        uint32_t x = cch->down_tail[k];
        const struct metric_link *up = pass(m, METRIC_UP, x, u);
        const struct metric_link *down = pass(m, METRIC_DOWN, x, u);
        if (down && proven(down)) prove_over(m, METRIC_UP, place[METRIC_UP], x, down->weight);
        if (up && proven(up)) prove_over(m, METRIC_DOWN, place[METRIC_DOWN], x, up->weight);
    }
    for (int s = 0; s < METRIC_SIDES; s++)
        for (uint32_t i = metric->first[s][u]; i < metric->first[s][u + 1]; i++)
            place[s][metric->links[s][i].head] = cch->link_count;
}

static void run(void *user, unsigned worker, uint32_t from, uint32_t until)
{
    for (uint32_t u = from; u < until; u++)
        prove_vertex(user, worker, u);
}

/* Drops the links that nothing kept adds up to: see custom_work.h. */
static void squeeze(struct metric *metric, enum metric_side side)
{
    uint32_t *first = metric->first[side], from = 0, to = 0;
    struct metric_link *links = metric->links[side];
    for (uint32_t u = 0; u < metric->cch->vertex_count; u++) {
        first[u] = to;
        for (; from < first[u + 1]; from++)
            if (proven(&links[from])) links[to++] = links[from];
    }
    first[metric->cch->vertex_count] = to;
}

enum err custom_metric_begin(const struct custom *custom, struct metric **metric)
{
    size_t size = (size_t)custom->cch->vertex_count * sizeof(uint32_t);
    uint32_t *time_ms = malloc(size);
    struct metric *made = calloc(1, sizeof *made);
    if (!time_ms || !made) {
        free(time_ms);
        free(made);
        return ERR_NOMEM;
    }
    memcpy(time_ms, custom->time_ms, size);
    atomic_init(&made->owners, 1);
    made->cch = custom->cch;
    made->view = custom->file;
    made->view.time_ms = time_ms;
    *metric = made;
    return ERR_OK;
}

enum err custom_metric_make(const struct custom *custom, struct metric **metric)
{
    struct making m = {0};
    struct metric *made = NULL;
    enum err e = custom_metric_begin(custom, &made);
    for (int s = 0; !e && s < METRIC_SIDES; s++)
        e = lay_out(custom, made, (enum metric_side)s);
    if (!e) e = making_init(&m, custom, made);
    if (!e) {
        prove_turns(custom, made);
        const struct custom_work work = {run, &m, true};
        custom_crew(custom->cch, custom->threads, &work);
        for (int s = 0; s < METRIC_SIDES; s++)
            squeeze(made, (enum metric_side)s);
    }
    making_fini(&m);
    if (e)
        metric_free(made);
    else
        *metric = made;
    return e;
}
