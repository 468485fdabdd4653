/* What a way costs: the number that a search minimises, and the time that passes by the clock, in
 * one.
 *
 * The upper 32 bits hold the cost in milliseconds (time and reluctance), the lower the time in
 * milliseconds, which is never more. So weights add as integers, and the lesser of two is the
 * cheaper way, of equally cheap ones the quicker. A cost of 2^31 - 1 ms (24 days) or more counts as
 * no way. */
#ifndef YZ_GEO_ROAD_WEIGHT_H
#define YZ_GEO_ROAD_WEIGHT_H

#include <stdint.h>

#define WEIGHT_NONE ((uint64_t)INT32_MAX << 32)

static inline uint64_t weight_of(uint32_t cost_ms, uint32_t time_ms)
{
    return (uint64_t)cost_ms << 32 | time_ms;
}

static inline uint32_t weight_cost_ms(uint64_t weight)
{
    return (uint32_t)(weight >> 32);
}

static inline uint32_t weight_time_ms(uint64_t weight)
{
    return (uint32_t)weight;
}

/* The same of sums that may be too large for a way. */
static inline uint64_t weight_clamp(uint64_t cost_ms, uint64_t time_ms)
{
    return cost_ms < INT32_MAX ? weight_of((uint32_t)cost_ms, (uint32_t)time_ms) : WEIGHT_NONE;
}

/* The sum of two weights, neither above WEIGHT_NONE; WEIGHT_NONE where it is no way. */
static inline uint64_t weight_add(uint64_t a, uint64_t b)
{
    uint64_t sum = a + b;
    return sum < WEIGHT_NONE ? sum : WEIGHT_NONE;
}

#endif
