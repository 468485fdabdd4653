#include "geo/road/table.h"

#include "geo/road/ends.h"

#include <stdlib.h>
#include <string.h>

/* Sources swept at a time: their labels at a vertex fill a cache line. */
enum { LANES = 8 };

/* A set of vertices with all their ancestors, every vertex behind its parent. */
struct climb {
    uint32_t *place; /* [size]: index in `list`, while it is there */
    uint32_t *list;  /* [size] */
    uint32_t count;
};

struct table {
    struct sweep *sweep; /* where roads are barred */
    uint32_t size;       /* vertices there is room for */
    struct climb above;  /* the targets */
    struct climb up;     /* one source */
    uint64_t *labels;    /* [size]: from one source upwards; none between two sources */
    uint64_t *lanes;     /* [above.count * LANES] */
    size_t lanes_room;
};

enum err table_new(struct table **table)
{
    struct table *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    enum err e = sweep_new(&made->sweep);
    if (e) {
        free(made);
        return e;
    }
    *table = made;
    return ERR_OK;
}

static void drop(struct table *t)
{
    free(t->above.place);
    free(t->above.list);
    free(t->up.place);
    free(t->up.list);
    free(t->labels);
    t->above = t->up = (struct climb){0};
    t->labels = NULL;
    t->size = 0;
}

void table_free(struct table *table)
{
    if (!table) return;
    drop(table);
    free(table->lanes);
    sweep_free(table->sweep);
    free(table);
}

static enum err grow(struct table *t, uint32_t size)
{
    t->above.count = t->up.count = 0;
    if (size <= t->size) return ERR_OK;
    drop(t);
    for (struct climb *c = &t->above;; c = &t->up) {
        c->place = calloc(size, sizeof *c->place);
        c->list = calloc(size, sizeof *c->list);
        if (!c->place || !c->list) return ERR_NOMEM;
        if (c == &t->up) break;
    }
    t->labels = malloc(size * sizeof *t->labels);
    if (!t->labels) return ERR_NOMEM;
    for (uint32_t v = 0; v < size; v++)
        t->labels[v] = WEIGHT_NONE;
    t->size = size;
    return ERR_OK;
}

static enum err grow_lanes(struct table *t)
{
    size_t need = (size_t)t->above.count * LANES;
    if (need <= t->lanes_room) return ERR_OK;
    uint64_t *lanes = realloc(t->lanes, need * sizeof *lanes);
    if (!lanes) return ERR_NOMEM;
    t->lanes = lanes;
    t->lanes_room = need;
    return ERR_OK;
}

/* A place counts when the list says the same: nothing has to be wiped (P. Briggs, L. Torczon, An
 * efficient representation for sparse sets, ACM LOPLAS 2, 1993). */
static bool holds(const struct climb *c, uint32_t vertex)
{
    return c->place[vertex] < c->count && c->list[c->place[vertex]] == vertex;
}

static void climb_from(struct climb *c, const struct cch *cch, uint32_t vertex)
{
    uint32_t length = 0, v;
    for (v = vertex; v != NETWORK_NONE && !holds(c, v); v = cch->parent[v])
        length++;
    uint32_t at = c->count + length;
    for (v = vertex; at > c->count; v = cch->parent[v]) {
        c->list[--at] = v;
        c->place[v] = at;
    }
    c->count += length;
}

struct seeding {
    struct table *table;
    const struct cch *cch;
};

static bool seed(void *user, uint32_t arc, uint64_t weight, size_t end)
{
    const struct seeding *s = user;
    uint64_t *label = &s->table->labels[s->cch->vertex[arc]];
    (void)end;
    climb_from(&s->table->up, s->cch, s->cch->vertex[arc]);
    *label = weight < *label ? weight : *label;
    return true;
}

/* The vertices that the rest of the way starts from: what follows the source's arc. */
static void seed_source(struct table *t, const struct metric *metric,
                        const struct table_point *from)
{
    struct seeding s = {t, metric->cch};
    t->up.count = 0;
    for (size_t i = 0; i < from->count; i++)
        (void)ends_leave(&metric->view, NULL, &from->ends[i], i, seed, &s);
}

/* Walks up from one source and leaves its labels in a lane of the vertices above the targets. */
static void walk_up(struct table *t, const struct metric *metric, size_t lane)
{
    const uint32_t *first = metric->first[METRIC_UP];
    const struct metric_link *links = metric->links[METRIC_UP];
    for (uint32_t i = t->up.count; i-- > 0;) {
        uint32_t v = t->up.list[i];
        uint64_t label = t->labels[v];
        t->labels[v] = WEIGHT_NONE;
        if (label == WEIGHT_NONE) continue;
        for (uint32_t l = first[v]; l < first[v + 1]; l++) {
            uint64_t weight = label + links[l].weight;
            if (weight < t->labels[links[l].head]) t->labels[links[l].head] = weight;
        }
        if (holds(&t->above, v)) t->lanes[(size_t)t->above.place[v] * LANES + lane] = label;
    }
}

/* Completes all lanes from the top down. Labels never exceed WEIGHT_NONE, and sums with one of a
 * link stay below 2^64. */
static void sweep_down(struct table *t, const struct metric *metric)
{
    const uint32_t *first = metric->first[METRIC_DOWN];
    const struct metric_link *links = metric->links[METRIC_DOWN];
    for (uint32_t i = 0; i < t->above.count; i++) {
        uint32_t v = t->above.list[i];
        uint64_t *here = t->lanes + (size_t)i * LANES;
        for (uint32_t l = first[v]; l < first[v + 1]; l++) {
            const uint64_t *there = t->lanes + (size_t)t->above.place[links[l].head] * LANES;
            for (size_t lane = 0; lane < LANES; lane++) {
                uint64_t weight = there[lane] + links[l].weight;
                here[lane] = weight < here[lane] ? weight : here[lane];
            }
        }
    }
}

/* The same for one source alone. */
static void sweep_one(struct table *t, const struct metric *metric)
{
    const uint32_t *first = metric->first[METRIC_DOWN];
    const struct metric_link *links = metric->links[METRIC_DOWN];
    for (uint32_t i = 0; i < t->above.count; i++) {
        uint32_t v = t->above.list[i];
        uint64_t least = t->lanes[(size_t)i * LANES];
        for (uint32_t l = first[v]; l < first[v + 1]; l++) {
            uint64_t weight =
                t->lanes[(size_t)t->above.place[links[l].head] * LANES] + links[l].weight;
            least = weight < least ? weight : least;
        }
        t->lanes[(size_t)i * LANES] = least;
    }
}

/* From a source straight on to a target ahead of it on the same stretch. */
static uint64_t weight_straight(const struct metric *metric, const struct table_point *from,
                                const struct network_end *to)
{
    uint64_t least = WEIGHT_NONE;
    for (size_t i = 0; i < from->count; i++) {
        if (from->ends[i].arc != to->arc) continue;
        uint64_t weight = ends_straight(&metric->view, NULL, &from->ends[i], to);
        least = weight < least ? weight : least;
    }
    return least;
}

static uint64_t weight_to(const struct table *t, const struct metric *metric,
                          const struct table_point *from, const struct table_point *to, size_t lane)
{
    uint64_t least = WEIGHT_NONE;
    for (size_t i = 0; i < to->count; i++) {
        const struct network_end *end = &to->ends[i];
        if (metric->view.time_ms[end->arc] == NETWORK_NONE) continue;
        uint64_t part = network_part_weight(&metric->view, end->arc, end->fraction);
        uint64_t straight = weight_straight(metric, from, end);
        least = straight < least ? straight : least;
        for (uint32_t arc = end->arc; arc != NETWORK_NONE; arc = metric->cch->next_copy[arc]) {
            uint32_t at = t->above.place[metric->cch->vertex[arc]];
            uint64_t weight = weight_add(t->lanes[(size_t)at * LANES + lane], part);
            least = weight < least ? weight : least;
        }
    }
    return least;
}

static void climb_targets(struct table *t, const struct metric *metric,
                          const struct table_point *targets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < targets[i].count; k++)
            for (uint32_t arc = targets[i].ends[k].arc; arc != NETWORK_NONE;
                 arc = metric->cch->next_copy[arc])
                climb_from(&t->above, metric->cch, metric->cch->vertex[arc]);
}

static enum err fill(struct table *t, const struct metric *metric,
                     const struct table_point *sources, size_t source_count,
                     const struct table_point *targets, size_t target_count, uint64_t *weights)
{
    enum err e = grow(t, metric->cch->vertex_count);
    if (e) return e;
    climb_targets(t, metric, targets, target_count);
    e = grow_lanes(t);
    for (size_t s = 0; !e && s < source_count; s += LANES) {
        size_t count = source_count - s < LANES ? source_count - s : LANES;
        for (size_t i = 0; i < (size_t)t->above.count * LANES; i++)
            t->lanes[i] = WEIGHT_NONE;
        for (size_t lane = 0; lane < count; lane++) {
            seed_source(t, metric, &sources[s + lane]);
            walk_up(t, metric, lane);
        }
        if (count > 1)
            sweep_down(t, metric);
        else
            sweep_one(t, metric);
        for (size_t lane = 0; lane < count; lane++)
            for (size_t i = 0; i < target_count; i++)
                weights[(s + lane) * target_count + i] =
                    weight_to(t, metric, &sources[s + lane], &targets[i], lane);
    }
    return e;
}

/* Where roads are barred the hierarchy does not hold: one search a source. */
static enum err fill_barred(struct table *t, const struct metric *metric,
                            const struct network_bar *bar, uint64_t states_max,
                            const struct table_point *sources, size_t source_count,
                            const struct table_point *targets, size_t target_count,
                            uint64_t *weights)
{
    enum err e = ERR_OK;
    uint64_t share = states_max ? states_max / (source_count ? source_count : 1) + 1 : 0;
    for (size_t s = 0; !e && s < source_count; s++) {
        e = sweep_begin(t->sweep, metric, bar, SWEEP_FROM, sources[s].ends, sources[s].count,
                        share);
        for (size_t i = 0; !e && i < target_count; i++) {
            weights[s * target_count + i] =
                sweep_to(t->sweep, targets[i].ends, targets[i].count, NULL);
            e = sweep_state(t->sweep);
        }
    }
    return e;
}

enum err table_fill(struct table *table, const struct metric *metric, const struct network_bar *bar,
                    uint64_t states_max, const struct table_point *sources, size_t source_count,
                    const struct table_point *targets, size_t target_count, uint64_t *weights)
{
    if (bar)
        return fill_barred(table, metric, bar, states_max, sources, source_count, targets,
                           target_count, weights);
    return fill(table, metric, sources, source_count, targets, target_count, weights);
}
