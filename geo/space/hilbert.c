#include "geo/space/hilbert.h"

#include <string.h>

enum { STEP = 4, BITS = 32, DIGIT = 8, DIGITS = 64 / DIGIT, VALUES = 1 << DIGIT };

/* The curve visits the quadrants of a square from the lower left to the lower right by way of the
 * upper ones. In the lower quadrants it lies turned: with the axes swapped, and in the right one
 * mirrored, too. A way to lie is: bit 0, axes swapped; bit 1, both axes mirrored, after swapping.
 */
enum { SWAPPED = 1, MIRRORED = 2 };

void hilbert_init(struct hilbert *curve)
{
    for (unsigned lies = 0; lies < 4; lies++)
        for (unsigned xy = 0; xy < VALUES; xy++) {
            unsigned way = lies, key = 0;
            for (int bit = STEP - 1; bit >= 0; bit--) {
                unsigned x = xy >> (STEP + bit) & 1, y = xy >> bit & 1;
                unsigned flip = way & MIRRORED ? 1 : 0;
                unsigned right = (way & SWAPPED ? y : x) ^ flip;
                unsigned upper = (way & SWAPPED ? x : y) ^ flip;
                key = key << 2 | ((3 * right) ^ upper);
                if (!upper) way ^= SWAPPED | (right ? MIRRORED : 0);
            }
            curve->steps[lies][xy] = (uint16_t)(way << DIGIT | key);
        }
}

uint64_t hilbert_key(const struct hilbert *curve, struct coord_e7 at)
{
    uint32_t x = (uint32_t)at.lon_e7 ^ UINT32_C(1) << 31, y = (uint32_t)at.lat_e7 ^ UINT32_C(1)
                                                                                        << 31;
    uint64_t key = 0;
    unsigned way = 0;
    for (int shift = BITS - STEP; shift >= 0; shift -= STEP) {
        unsigned xy = (x >> shift & 15) << STEP | (y >> shift & 15);
        uint16_t step = curve->steps[way][xy];
        key = key << DIGIT | (step & (VALUES - 1));
        way = step >> DIGIT;
    }
    return key;
}

/* Radix sort, a byte at a time from the lowest. Bytes that are the same everywhere are passed over:
 * a country's places share the first ones. */
void hilbert_sort(struct hilbert_entry *list, struct hilbert_entry *spare, uint32_t count)
{
    uint32_t counts[DIGITS][VALUES] = {{0}};
    struct hilbert_entry *from = list, *to = spare;
    for (uint32_t i = 0; i < count; i++)
        for (unsigned d = 0; d < DIGITS; d++)
            counts[d][list[i].key >> d * DIGIT & (VALUES - 1)]++;
    for (unsigned d = 0; d < DIGITS && count; d++) {
        uint32_t starts[VALUES], sum = 0;
        if (counts[d][list[0].key >> d * DIGIT & (VALUES - 1)] == count) continue;
        for (unsigned v = 0; v < VALUES; sum += counts[d][v++])
            starts[v] = sum;
        for (uint32_t i = 0; i < count; i++)
            to[starts[from[i].key >> d * DIGIT & (VALUES - 1)]++] = from[i];
        struct hilbert_entry *swap = from;
        from = to;
        to = swap;
    }
    if (from != list) memcpy(list, from, (size_t)count * sizeof *list);
}
