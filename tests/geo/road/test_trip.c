/* The order of stops, held against trying every order there is. */
#include "geo/road/trip.h"

#include "geo/road/weight.h"
#include "tests/check.h"

#include <string.h>

enum { PLAIN_MAX = 7 };

struct plain {
    const struct trip_query *query;
    uint8_t order[TRIP_MAX_STOPS], best[TRIP_MAX_STOPS];
    uint64_t weight;
};

static bool allowed(const struct trip_query *q, const uint8_t *order)
{
    size_t place[TRIP_MAX_STOPS];
    for (size_t i = 0; i < q->count; i++)
        place[order[i]] = i;
    if (q->first_fixed && order[0] != 0) return false;
    if (q->last_fixed && order[q->count - 1] != q->count - 1) return false;
    for (size_t i = 0; i < q->pair_count; i++)
        if (place[q->pairs[i].before] >= place[q->pairs[i].after]) return false;
    return true;
}

static uint64_t weight_of_order(const struct trip_query *q, const uint8_t *order)
{
    uint64_t sum = 0;
    for (size_t i = 1; i < q->count; i++)
        sum = weight_add(sum, q->weights[order[i - 1] * q->count + order[i]]);
    if (q->round && q->count > 1)
        sum = weight_add(sum, q->weights[order[q->count - 1] * q->count + order[0]]);
    return sum;
}

/* Every permutation, in lexicographic order; the first of the best stays. */
static void try_all(struct plain *plain, size_t depth, uint32_t used)
{
    const struct trip_query *q = plain->query;
    if (depth == q->count) {
        uint64_t weight = allowed(q, plain->order) ? weight_of_order(q, plain->order) : WEIGHT_NONE;
        if (weight >= plain->weight) return;
        plain->weight = weight;
        memcpy(plain->best, plain->order, q->count);
        return;
    }
    for (uint8_t i = 0; i < q->count; i++) {
        if (used >> i & 1) continue;
        plain->order[depth] = i;
        try_all(plain, depth + 1, used | 1u << i);
    }
}

/* Few different values, so that many orders tie; some ways are missing. */
static void random_weights(uint64_t *weights, size_t count, uint64_t *seed)
{
    uint32_t kinds = 1 + random_below(seed, 30), missing = random_below(seed, 4);
    for (size_t i = 0; i < count * count; i++) {
        uint32_t cost = random_below(seed, kinds) * 1000;
        bool none = missing && random_below(seed, 10) < missing;
        weights[i] = none ? WEIGHT_NONE : weight_of(cost, random_below(seed, cost + 1));
    }
}

TEST(orders_are_those_of_trying_all)
{
    uint64_t seed = random_seed(), weights[PLAIN_MAX * PLAIN_MAX];
    struct arena arena = {0};
    size_t found = 0, contradictions = 0;
    for (unsigned run = 0; run < 1200; run++) {
        struct trip_pair pairs[4];
        struct trip_query q = {.count = 1 + random_below(&seed, PLAIN_MAX),
                               .weights = weights,
                               .first_fixed = run & 1,
                               .last_fixed = run >> 1 & 1,
                               .round = run >> 2 & 1,
                               .pairs = pairs};
        struct plain plain = {.query = &q, .weight = WEIGHT_NONE};
        uint8_t order[PLAIN_MAX];
        uint64_t weight;
        random_weights(weights, q.count, &seed);
        q.pair_count = q.count > 1 && run & 8 ? random_below(&seed, 4) : 0;
        for (size_t i = 0; i < q.pair_count; i++)
            pairs[i] = (struct trip_pair){(uint8_t)random_below(&seed, (uint32_t)q.count),
                                          (uint8_t)random_below(&seed, (uint32_t)q.count)};
        try_all(&plain, 0, 0);
        enum err e = trip_order(&q, &arena, order, &weight);
        arena_reset(&arena);
        if (plain.weight == WEIGHT_NONE) {
            assert_true(e == ERR_UNREACHABLE || (q.pair_count && e == ERR_INVALID));
            contradictions += e == ERR_INVALID;
            continue;
        }
        assert_ok(e);
        assert_true(weight == plain.weight);
        assert_true(allowed(&q, order));
        assert_true(weight_of_order(&q, order) == weight);
        /* A round without pairs may begin anywhere, and begins with stop 0. */
        assert_memory_equal(order, plain.best, q.count);
        found++;
    }
    assert_true(found > 500 && contradictions > 50);
    arena_fini(&arena);
}

/* Stops on a line, in a mixed order: out and back is the best round there is. */
TEST(twelve_stops_on_a_line_are_visited_along_it)
{
    static const uint32_t at[TRIP_MAX_STOPS] = {0, 7, 3, 11, 1, 9, 5, 10, 2, 8, 4, 6};
    uint64_t weights[TRIP_MAX_STOPS * TRIP_MAX_STOPS], weight;
    uint8_t order[TRIP_MAX_STOPS];
    struct arena arena = {0};
    for (size_t i = 0; i < TRIP_MAX_STOPS; i++)
        for (size_t k = 0; k < TRIP_MAX_STOPS; k++) {
            uint32_t apart = at[i] > at[k] ? at[i] - at[k] : at[k] - at[i];
            weights[i * TRIP_MAX_STOPS + k] = weight_of(apart * 10, apart * 10);
        }
    struct trip_query q = {.count = TRIP_MAX_STOPS, .weights = weights, .first_fixed = true};
    assert_ok(trip_order(&q, &arena, order, &weight));
    assert_true(weight == weight_of(110, 110));
    for (size_t i = 0; i < TRIP_MAX_STOPS; i++)
        assert_int_equal(at[order[i]], i);
    q.first_fixed = false;
    q.round = true;
    assert_ok(trip_order(&q, &arena, order, &weight));
    assert_true(weight == weight_of(220, 220));
    /* What lies at the far end is to be brought to the start: out and back, without a round. */
    const struct trip_pair pairs[] = {{3, 0}};
    q.round = false;
    q.pairs = pairs;
    q.pair_count = 1;
    assert_ok(trip_order(&q, &arena, order, &weight));
    assert_true(weight == weight_of(110, 110));
    assert_int_equal(order[0], 3);
    assert_int_equal(order[TRIP_MAX_STOPS - 1], 0);
    arena_fini(&arena);
}

TEST(pairs_that_cannot_hold_are_refused)
{
    const uint64_t weights[9] = {0};
    const struct trip_pair circle[] = {{0, 1}, {1, 2}, {2, 0}}, itself = {1, 1}, stranger = {0, 3};
    const struct trip_pair to_first = {2, 0}, from_last = {2, 1};
    struct arena arena = {0};
    uint8_t order[3];
    uint64_t weight;
    struct trip_query q = {.count = 3, .weights = weights, .pairs = circle, .pair_count = 3};
    assert_err(trip_order(&q, &arena, order, &weight), ERR_INVALID);
    q.pair_count = 2;
    assert_ok(trip_order(&q, &arena, order, &weight));
    q.pair_count = 1;
    q.pairs = &itself;
    assert_err(trip_order(&q, &arena, order, &weight), ERR_INVALID);
    q.pairs = &stranger;
    assert_err(trip_order(&q, &arena, order, &weight), ERR_INVALID);
    q.pairs = &to_first;
    assert_ok(trip_order(&q, &arena, order, &weight));
    q.first_fixed = true;
    assert_err(trip_order(&q, &arena, order, &weight), ERR_INVALID);
    q.first_fixed = false;
    q.last_fixed = true;
    q.pairs = &from_last;
    assert_err(trip_order(&q, &arena, order, &weight), ERR_INVALID);
    q.count = 13;
    assert_err(trip_order(&q, &arena, order, &weight), ERR_INVALID);
    arena_fini(&arena);
}

RUN(cmocka_unit_test(orders_are_those_of_trying_all),
    cmocka_unit_test(twelve_stops_on_a_line_are_visited_along_it),
    cmocka_unit_test(pairs_that_cannot_hold_are_refused))
