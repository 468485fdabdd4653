#include "tests/check.h"

#include "geo/place/least.h"

#include <stdlib.h>

enum { MOST = 500 };

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Every `limit`, so that runs of slots are whole and cut; few distinct squares, so that many differ
 * in their place alone. */
TEST(the_least_keys_stay_in_order_and_the_others_fall_out)
{
    struct least least = {0};
    uint64_t random = random_seed();
    for (uint32_t limit = 1; limit <= 70; limit++) {
        double all[MOST], fallen[MOST + 80];
        uint32_t count = random_below(&random, MOST), out = 0;
        assert_ok(least_begin(&least, limit));
        assert_true(least.count >= limit);
        for (uint32_t i = 0; i < count; i++) {
            all[i] = least_key(random_below(&random, 50) * 0.3, i);
            double key = least_put(&least, all[i]);
            if (key < LEAST_FREE) fallen[out++] = key;
        }
        qsort(all, count, sizeof *all, compare);
        qsort(fallen, out, sizeof *fallen, compare);
        uint32_t kept = count < least.count ? count : least.count;
        for (uint32_t i = 0; i < least.count; i++)
            assert_true(least.slots[i] == (i < kept ? all[i] : LEAST_FREE));
        assert_int_equal(out, count - kept);
        for (uint32_t i = 0; i < out; i++)
            assert_true(fallen[i] == all[kept + i]);
    }
    least_fini(&least);
}

TEST(a_key_tells_its_place_and_is_hardly_less_than_its_square)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 10000; i++) {
        double square = random_unit(&random) * 1e9;
        uint32_t place = (uint32_t)random_next(&random);
        double key = least_key(square, place);
        assert_int_equal(least_place(key), place);
        assert_true(key <= square * LEAST_ROUNDING && square <= key * LEAST_ROUNDING);
    }
}

TEST(what_is_put_aside_is_there_until_one_begins_anew)
{
    struct least least = {0};
    assert_ok(least_begin(&least, 1));
    for (uint32_t i = 0; i < 1000; i++)
        assert_ok(least_put_aside(&least, i));
    assert_int_equal(least.aside_count, 1000);
    for (uint32_t i = 0; i < 1000; i++)
        assert_true(least.aside[i] == i);
    assert_ok(least_begin(&least, 10));
    assert_int_equal(least.aside_count, 0);
    least_fini(&least);
}

RUN(cmocka_unit_test(the_least_keys_stay_in_order_and_the_others_fall_out),
    cmocka_unit_test(a_key_tells_its_place_and_is_hardly_less_than_its_square),
    cmocka_unit_test(what_is_put_aside_is_there_until_one_begins_anew))
