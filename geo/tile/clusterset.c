#include "geo/tile/clusterset.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A base's, shared by the sets over it. */
struct base {
    struct placepart *part; /* held, so that its address is nobody else's */
    struct clusters *clusters;
    atomic_uint references;
};

struct clusterset {
    struct base *base;
    struct clusters *delta;
    uint32_t delta_first;    /* what its point 0 is called in the set */
    struct clusters *hidden; /* of the base; NULL: nothing is */
    uint64_t *is_hidden;     /* bit i: place i of the base */
};

static void base_release(struct base *base)
{
    if (!base || atomic_fetch_sub(&base->references, 1) != 1) return;
    clusters_free(base->clusters);
    placepart_release(base->part);
    free(base);
}

void clusterset_free(struct clusterset *set)
{
    if (!set) return;
    base_release(set->base);
    clusters_free(set->delta);
    clusters_free(set->hidden);
    free(set->is_hidden);
    free(set);
}

/* ---- making ---------------------------------------------------------------------------------- */

static enum err base_new(const struct placepart *part, struct base **base)
{
    struct base *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    enum err e = clusters_new(part->coords, part->categories, part->count, &fresh->clusters);
    if (e) {
        free(fresh);
        return e;
    }
    fresh->part = placepart_hold((struct placepart *)(uintptr_t)part);
    atomic_init(&fresh->references, 1);
    *base = fresh;
    return ERR_OK;
}

static enum err take_base(const struct placepart *part, const struct clusterset *before,
                          struct base **base)
{
    if (!before || before->base->part != part) return base_new(part, base);
    atomic_fetch_add(&before->base->references, 1);
    *base = before->base;
    return ERR_OK;
}

static size_t count_bits(const uint64_t *bits, size_t words)
{
    size_t count = 0;
    for (size_t i = 0; i < words; i++)
        count += (size_t)__builtin_popcountll(bits[i]);
    return count;
}

static bool bit_of(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

/* The places that are hidden, as clusters to be taken away. */
static enum err cluster_bits(const struct placepart *part, const uint64_t *bits, size_t count,
                             struct clusters **clusters)
{
    struct coord_e7 *at = malloc((count + 1) * sizeof *at);
    uint8_t *categories = malloc(count + 1);
    size_t n = 0;
    enum err e = at && categories ? ERR_OK : ERR_NOMEM;
    for (uint32_t i = 0; !e && i < part->count; i++) {
        if (bits[i / 64] == 0) { /* on to the last of the word */
            i |= 63;
            continue;
        }
        if (!bit_of(bits, i)) continue;
        at[n] = part->coords[i];
        categories[n++] = part->categories[i];
    }
    if (!e) e = clusters_new(at, categories, n, clusters);
    free(at);
    free(categories);
    return e;
}

static enum err hide(struct clusterset *set, const struct placepart *part, const uint64_t *bits)
{
    size_t words = ((size_t)part->count + 63) / 64;
    size_t count = bits ? count_bits(bits, words) : 0;
    if (count == 0) return ERR_OK;
    set->is_hidden = malloc(words * sizeof *set->is_hidden);
    if (!set->is_hidden) return ERR_NOMEM;
    memcpy(set->is_hidden, bits, words * sizeof *set->is_hidden);
    return cluster_bits(part, bits, count, &set->hidden);
}

enum err clusterset_new(const struct placeset *places, const struct clusterset *before,
                        struct clusterset **set)
{
    const struct placepart *base = placeset_part(places, PLACESET_BASE);
    const struct placepart *delta = placeset_part(places, PLACESET_DELTA);
    struct clusterset *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->delta_first = delta->first;
    enum err e = take_base(base, before, &fresh->base);
    if (!e) e = clusters_new(delta->coords, delta->categories, delta->count, &fresh->delta);
    if (!e) e = hide(fresh, base, placeset_hidden(places));
    if (e)
        clusterset_free(fresh);
    else
        *set = fresh;
    return e;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* Positions of one of the clusters. */
struct run {
    const struct clusters *clusters;
    size_t from, to;
    uint32_t first;         /* what its point 0 is called */
    const uint64_t *hidden; /* its points that do not count; NULL: all do */
};

static struct run run_of(const struct clusters *clusters, uint64_t code, unsigned depth)
{
    struct run run = {.clusters = clusters};
    if (!clusters) return run;
    size_t count = clusters_count(clusters);
    unsigned shift = 2 * (32 - depth);
    bool is_last = code + 1 == (uint64_t)1 << 2 * depth;
    run.from = code ? clusters_find(clusters, code << shift, 0, count) : 0;
    run.to = is_last ? count : clusters_find(clusters, (code + 1) << shift, run.from, count);
    return run;
}

static void take_away(const struct run *run, struct clusters_sum sums[CLUSTERS_CATEGORIES])
{
    struct clusters_sum gone[CLUSTERS_CATEGORIES] = {{0}};
    if (run->from == run->to) return;
    clusters_add(run->clusters, run->from, run->to, gone);
    for (unsigned k = 0; k < CLUSTERS_CATEGORIES; k++) {
        sums[k].x -= gone[k].x;
        sums[k].y -= gone[k].y;
        sums[k].count -= gone[k].count;
    }
}

static void add_up(struct clusterset_cell *cell, uint64_t categories)
{
    for (unsigned k = CLUSTERS_CATEGORIES; k-- > 0;) {
        struct clusters_sum *sum = &cell->sums[k];
        if (!(categories >> k & 1)) *sum = (struct clusters_sum){0};
        if (!cell->sum.count || sum->count >= cell->sums[cell->category].count) cell->category = k;
        cell->sum.x += sum->x;
        cell->sum.y += sum->y;
        cell->sum.count += sum->count;
    }
}

static bool counts(const struct run *run, size_t i, uint64_t categories)
{
    return categories >> clusters_category(run->clusters, i) & 1 &&
           !(run->hidden && bit_of(run->hidden, clusters_point(run->clusters, i)));
}

/* Widens the cell's codes by those of a run. */
static void reach_to(struct clusterset_cell *cell, const struct run *run, uint64_t categories)
{
    size_t from = run->from, to = run->to;
    while (from < to && !counts(run, from, categories))
        from++;
    if (from == to) return;
    while (!counts(run, to - 1, categories))
        to--;
    uint64_t first = clusters_code(run->clusters, from);
    uint64_t last = clusters_code(run->clusters, to - 1);
    if (first <= cell->first) {
        cell->first = first;
        cell->place = run->first + clusters_point(run->clusters, from);
    }
    if (last > cell->last) cell->last = last;
}

bool clusterset_find(const struct clusterset *set, uint64_t code, unsigned depth,
                     uint64_t categories, struct clusterset_cell *cell)
{
    struct run base = run_of(set->base->clusters, code, depth);
    struct run delta = run_of(set->delta, code, depth);
    memset(cell, 0, sizeof *cell);
    if (base.from == base.to && delta.from == delta.to) return false;
    struct run hidden = run_of(set->hidden, code, depth);
    clusters_add(base.clusters, base.from, base.to, cell->sums);
    clusters_add(delta.clusters, delta.from, delta.to, cell->sums);
    take_away(&hidden, cell->sums);
    add_up(cell, categories);
    if (cell->sum.count == 0) return false;
    base.hidden = set->is_hidden;
    delta.first = set->delta_first;
    cell->first = UINT64_MAX;
    reach_to(cell, &base, categories);
    reach_to(cell, &delta, categories);
    return true;
}
