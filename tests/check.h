/* What every test file needs: cmocka, a table of its tests, and random numbers with a shown seed.
 */
#ifndef YZ_TESTS_CHECK_H
#define YZ_TESTS_CHECK_H

#include "geo/base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

/* A test's name is a sentence: TEST(a_pool_stores_each_string_once) { ... } */
#define TEST(name) static void name(void **state __attribute__((unused)))
#define RUN(...)                                                                                   \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                           \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }

#define assert_ok(expression)        assert_string_equal(err_name(expression), "OK")
#define assert_err(expression, code) assert_string_equal(err_name(expression), err_name(code))

/* SplitMix64 (Steele, Lea, Flood 2014). TEST_SEED in the environment repeats a run. */
static inline uint64_t random_seed(void)
{
    const char *given = getenv("TEST_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Uniform in [0, 1). */
static inline double random_unit(uint64_t *state)
{
    return (double)(random_next(state) >> 11) * 0x1.0p-53;
}

/* Uniform in [0, n). */
static inline uint32_t random_below(uint64_t *state, uint32_t n)
{
    return (uint32_t)(random_next(state) % n);
}

#endif
