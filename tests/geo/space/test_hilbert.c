#include "tests/check.h"

#include "geo/space/hilbert.h"

#include <stdlib.h>

/* Bit by bit, as the curve is defined: in the lower quadrants it lies with its axes swapped, and in
 * the right one mirrored, too. */
static uint64_t plain_key(struct coord_e7 at)
{
    uint32_t x = (uint32_t)at.lon_e7 ^ UINT32_C(1) << 31;
    uint32_t y = (uint32_t)at.lat_e7 ^ UINT32_C(1) << 31;
    uint64_t key = 0;
    for (int bit = 31; bit >= 0; bit--) {
        uint32_t right = (x >> bit) & 1, upper = (y >> bit) & 1;
        key = key << 2 | ((3 * right) ^ upper);
        if (!upper) {
            uint32_t flip = right ? UINT32_MAX : 0, swap = x ^ flip;
            x = y ^ flip;
            y = swap;
        }
    }
    return key;
}

static struct coord_e7 random_point(uint64_t *random)
{
    return (struct coord_e7){(int32_t)random_next(random), (int32_t)random_next(random)};
}

TEST(keys_are_those_of_the_definition)
{
    uint64_t random = random_seed();
    struct hilbert curve;
    hilbert_init(&curve);
    for (int i = 0; i < 100000; i++) {
        struct coord_e7 at = random_point(&random);
        assert_int_equal(hilbert_key(&curve, at), plain_key(at));
    }
}

static int by_key(const void *a, const void *b)
{
    const struct hilbert_entry *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

TEST(the_curve_steps_from_neighbour_to_neighbour)
{
    enum { SIDE = 16, COUNT = SIDE * SIDE };
    struct hilbert_entry list[COUNT], spare[COUNT];
    struct hilbert curve;
    hilbert_init(&curve);
    for (uint32_t i = 0; i < COUNT; i++) {
        struct coord_e7 at = {(int32_t)(i % SIDE), (int32_t)(i / SIDE)};
        list[i] = (struct hilbert_entry){hilbert_key(&curve, at), i, 0};
    }
    hilbert_sort(list, spare, COUNT);
    for (uint32_t i = 1; i < COUNT; i++) {
        int dx = (int)(list[i].item % SIDE) - (int)(list[i - 1].item % SIDE);
        int dy = (int)(list[i].item / SIDE) - (int)(list[i - 1].item / SIDE);
        assert_int_equal(abs(dx) + abs(dy), 1);
    }
}

TEST(sorting_keeps_the_order_of_equal_keys)
{
    enum { COUNT = 3000 };
    static struct hilbert_entry list[COUNT], spare[COUNT], wanted[COUNT];
    uint64_t random = random_seed();
    for (unsigned bits = 0; bits <= 64; bits += 8) {
        for (uint32_t i = 0; i < COUNT; i++) {
            uint64_t key = random_next(&random) << 32 ^ random_next(&random);
            list[i] = wanted[i] = (struct hilbert_entry){bits ? key >> (64 - bits) : 7, i, i + 1};
        }
        hilbert_sort(list, spare, COUNT);
        qsort(wanted, COUNT, sizeof *wanted,
              by_key); /* the order of equal ones is looked at below */
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_int_equal(list[i].key, wanted[i].key);
            assert_int_equal(list[i].tag, list[i].item + 1);
            if (i > 0 && list[i].key == list[i - 1].key)
                assert_true(list[i].item > list[i - 1].item);
        }
    }
}

RUN(cmocka_unit_test(keys_are_those_of_the_definition),
    cmocka_unit_test(the_curve_steps_from_neighbour_to_neighbour),
    cmocka_unit_test(sorting_keeps_the_order_of_equal_keys))
