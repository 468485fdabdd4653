#include "geo/road/trip.h"

#include "geo/road/weight.h"

#include <string.h>

/* left[set * count + stop]: the least weight from `stop`, the stops of `set` being visited, to the
 * end of the trip. Filled from the full set downwards, so that the order is read off forwards and
 * the first of equal stops is taken: the lexicographically least of all best orders. */
struct touring {
    const struct trip_query *query;
    uint32_t full;
    uint32_t needed[TRIP_MAX_STOPS]; /* per stop: those that come before it */
    uint64_t *left;
};

static uint64_t weight_between(const struct touring *t, size_t from, size_t to)
{
    return t->query->weights[from * t->query->count + to];
}

/* Pairs as sets, closed under "before what comes before". */
static enum err read_pairs(struct touring *t)
{
    const struct trip_query *q = t->query;
    for (size_t i = 0; i < q->pair_count; i++) {
        const struct trip_pair *pair = &q->pairs[i];
        if (pair->before >= q->count || pair->after >= q->count) return ERR_INVALID;
        t->needed[pair->after] |= 1u << pair->before;
    }
    for (size_t via = 0; via < q->count; via++)
        for (size_t i = 0; i < q->count; i++)
            if (t->needed[i] >> via & 1) t->needed[i] |= t->needed[via];
    for (size_t i = 0; i < q->count; i++) {
        if (t->needed[i] >> i & 1) return ERR_INVALID;
        if (q->last_fixed && t->needed[i] >> (q->count - 1) & 1) return ERR_INVALID;
    }
    return q->first_fixed && t->needed[0] ? ERR_INVALID : ERR_OK;
}

static bool may_follow(const struct touring *t, uint32_t set, size_t stop)
{
    uint32_t with = set | 1u << stop;
    if (with == set || (t->needed[stop] & ~set)) return false;
    return !t->query->last_fixed || stop + 1 < t->query->count || with == t->full;
}

/* From `stop` on, by way of `next`. */
static uint64_t weight_by(const struct touring *t, uint32_t set, size_t stop, size_t next)
{
    uint32_t with = set | 1u << next;
    return weight_add(weight_between(t, stop, next), t->left[with * t->query->count + next]);
}

/* What the trip's end costs: the way back of a round that begins at `start`. */
static void fill(struct touring *t, size_t start)
{
    size_t count = t->query->count;
    bool back = t->query->round && count > 1;
    for (size_t i = 0; i < count; i++)
        t->left[t->full * count + i] = back ? weight_between(t, i, start) : 0;
    for (uint32_t set = t->full; --set > 0;) {
        for (size_t i = 0; i < count; i++) {
            uint64_t least = WEIGHT_NONE;
            for (size_t next = 0; set >> i & 1 && next < count; next++) {
                if (!may_follow(t, set, next)) continue;
                uint64_t weight = weight_by(t, set, i, next);
                if (weight < least) least = weight;
            }
            t->left[set * count + i] = least;
        }
    }
}

/* Reads an order of weight left[{start}, start] off the table. */
static void read_off(const struct touring *t, size_t start, uint8_t *order)
{
    size_t count = t->query->count, at = start;
    uint32_t set = 1u << start;
    order[0] = (uint8_t)start;
    for (size_t i = 1; i < count; i++) {
        uint64_t wanted = t->left[set * count + at];
        size_t next = 0;
        while (!may_follow(t, set, next) || weight_by(t, set, at, next) != wanted)
            next++;
        order[i] = (uint8_t)next;
        set |= 1u << next;
        at = next;
    }
}

enum err trip_order(const struct trip_query *query, struct arena *arena, uint8_t *order,
                    uint64_t *weight)
{
    if (query->count < 1 || query->count > TRIP_MAX_STOPS) return ERR_INVALID;
    struct touring t = {.query = query, .full = (1u << query->count) - 1};
    enum err e = read_pairs(&t);
    if (e) return e;
    t.left = arena_calloc(arena, query->count << query->count, sizeof *t.left);
    if (!t.left) return ERR_NOMEM;
    /* Without pairs a round may begin anywhere: the best one from stop 0 is the best of all. */
    bool one_start = query->first_fixed || (query->round && !query->pair_count &&
                                            !(query->last_fixed && query->count > 1));
    uint64_t least = WEIGHT_NONE;
    if (!query->round) fill(&t, 0);
    for (size_t start = 0; start < (one_start ? 1 : query->count); start++) {
        if (!may_follow(&t, 0, start)) continue;
        if (query->round) fill(&t, start);
        uint64_t all = t.left[((size_t)1 << start) * query->count + start];
        if (all >= least) continue;
        least = all;
        read_off(&t, start, order);
    }
    if (least == WEIGHT_NONE) return ERR_UNREACHABLE;
    *weight = least;
    return ERR_OK;
}
