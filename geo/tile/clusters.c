#include "geo/tile/clusters.h"

#include "geo/tile/morton.h"

#include <stdlib.h>
#include <string.h>

/* Positions between two running sums: the most that a sum has to walk at either end. */
enum { BLOCK = 128, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, CODE_BITS = 64 };

struct clusters {
    size_t count;
    unsigned category_count;
    uint64_t *codes;           /* ascending */
    uint32_t *points;          /* which point it is */
    uint8_t *categories;       /* of that point */
    struct clusters_sum *sums; /* [block * category_count + category]: of all positions below it */
};

struct entry {
    uint64_t code;
    uint32_t point;
};

/* By code and, being stable, by point: least digits first. `from` and `to` change places. */
static void sort_digit(const struct entry *from, struct entry *to, size_t count, unsigned shift)
{
    size_t starts[DIGITS] = {0}, at = 0;
    for (size_t i = 0; i < count; i++)
        starts[from[i].code >> shift & (DIGITS - 1)]++;
    for (size_t d = 0; d < DIGITS; d++) {
        size_t n = starts[d];
        starts[d] = at;
        at += n;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[from[i].code >> shift & (DIGITS - 1)]++] = from[i];
}

/* An even number of turns, so that the result lies where it began. */
static void sort(struct entry *entries, struct entry *work, size_t count)
{
    enum { TURNS = (CODE_BITS + DIGIT_BITS - 1) / DIGIT_BITS };
    _Static_assert(TURNS % 2 == 0, "the result must lie in `entries`");
    for (unsigned turn = 0; turn < TURNS; turn += 2) {
        sort_digit(entries, work, count, turn * DIGIT_BITS);
        sort_digit(work, entries, count, (turn + 1) * DIGIT_BITS);
    }
}

static void add_one(const struct clusters *c, size_t i, struct clusters_sum *sums)
{
    struct mercator_grid p = morton_point(c->codes[i]);
    struct clusters_sum *sum = &sums[c->categories[i]];
    sum->x += p.x;
    sum->y += p.y;
    sum->count++;
}

static void fill(struct clusters *c, const struct entry *entries, const uint8_t *categories)
{
    struct clusters_sum running[CLUSTERS_CATEGORIES] = {{0}};
    size_t row = c->category_count * sizeof *c->sums;
    for (size_t i = 0; i < c->count; i++) {
        c->codes[i] = entries[i].code;
        c->points[i] = entries[i].point;
        c->categories[i] = categories[entries[i].point];
        if (i % BLOCK == 0) memcpy(&c->sums[i / BLOCK * c->category_count], running, row);
        add_one(c, i, running);
    }
    if (c->count % BLOCK == 0) memcpy(&c->sums[c->count / BLOCK * c->category_count], running, row);
}

static enum err make_room(struct clusters *c)
{
    size_t blocks = c->count / BLOCK + 1;
    c->codes = malloc((c->count + 1) * sizeof *c->codes);
    c->points = malloc((c->count + 1) * sizeof *c->points);
    c->categories = malloc(c->count + 1);
    c->sums = calloc(blocks * c->category_count + 1, sizeof *c->sums);
    return c->codes && c->points && c->categories && c->sums ? ERR_OK : ERR_NOMEM;
}

enum err clusters_new(const struct coord_e7 *at, const uint8_t *categories, size_t count,
                      struct clusters **clusters)
{
    if (count > (size_t)1 << 31) return ERR_LIMIT;
    struct clusters *fresh = calloc(1, sizeof *fresh);
    struct entry *entries = malloc((2 * count + 1) * sizeof *entries);
    enum err e = fresh && entries ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; i < count && !e; i++) {
        entries[i] = (struct entry){morton_code(mercator_grid(coord_from_e7(at[i]))), (uint32_t)i};
        if (categories[i] >= fresh->category_count) fresh->category_count = categories[i] + 1u;
    }
    if (!e) {
        fresh->count = count;
        e = make_room(fresh);
    }
    if (!e) {
        sort(entries, entries + count, count);
        fill(fresh, entries, categories);
        *clusters = fresh;
    } else {
        clusters_free(fresh);
    }
    free(entries);
    return e;
}

void clusters_free(struct clusters *clusters)
{
    if (!clusters) return;
    free(clusters->codes);
    free(clusters->points);
    free(clusters->categories);
    free(clusters->sums);
    free(clusters);
}

size_t clusters_count(const struct clusters *clusters)
{
    return clusters->count;
}

size_t clusters_find(const struct clusters *clusters, uint64_t code, size_t from, size_t to)
{
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (clusters->codes[middle] < code)
            from = middle + 1;
        else
            to = middle;
    }
    return to;
}

uint64_t clusters_code(const struct clusters *clusters, size_t position)
{
    return clusters->codes[position];
}

uint32_t clusters_point(const struct clusters *clusters, size_t position)
{
    return clusters->points[position];
}

unsigned clusters_category(const struct clusters *clusters, size_t position)
{
    return clusters->categories[position];
}

/* All positions below `end`, added once or taken away once. Sums wrap and come back. */
static void add_below(const struct clusters *c, size_t end, struct clusters_sum *sums, bool take)
{
    struct clusters_sum below[CLUSTERS_CATEGORIES];
    size_t n = c->category_count;
    memcpy(below, &c->sums[end / BLOCK * n], n * sizeof *below);
    for (size_t i = end / BLOCK * BLOCK; i < end; i++)
        add_one(c, i, below);
    for (size_t k = 0; k < n; k++) {
        sums[k].x += take ? 0 - below[k].x : below[k].x;
        sums[k].y += take ? 0 - below[k].y : below[k].y;
        sums[k].count += take ? 0 - below[k].count : below[k].count;
    }
}

void clusters_add(const struct clusters *clusters, size_t from, size_t to,
                  struct clusters_sum sums[CLUSTERS_CATEGORIES])
{
    if (to - from > 2 * BLOCK) {
        add_below(clusters, to, sums, false);
        add_below(clusters, from, sums, true);
        return;
    }
    for (size_t i = from; i < to; i++)
        add_one(clusters, i, sums);
}
