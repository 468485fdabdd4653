/* Decimal digits of whole numbers and of fractions, eight at a time.
 *
 * Halves of a word are divided together: P. Khuong, "How to print integers really fast", 2017.
 * Both write up to eight bytes more than they count; leave DIGITS_ROOM from the start on. */
#ifndef YZ_GEO_BASE_DIGITS_H
#define YZ_GEO_BASE_DIGITS_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

enum { DIGITS_ROOM = 32 };

/* The digits of a number below 1e8, 0 to 9 a byte, the first of them lowest. */
static inline uint64_t digits_eight(uint32_t number)
{
    uint64_t fours = number / 10000 | (uint64_t)(number % 10000) << 32;
    uint64_t tops = (fours * 10486 >> 20) & 0x7f0000007f; /* hundreds */
    uint64_t twos = tops | (fours - 100 * tops) << 16;
    tops = (twos * 103 >> 10) & 0x000f000f000f000f; /* tens */
    return tops | (twos - 10 * tops) << 8;
}

static inline void digits_store(char *to, uint64_t eight)
{
    eight = htole64(eight + UINT64_C(0x3030303030303030));
    memcpy(to, &eight, sizeof eight);
}

/* Writes a whole number; tells where it ends. */
static inline char *digits_whole(char *to, uint64_t number)
{
    const uint32_t step = 100000000;
    if (number < 1000) { /* as the degrees of a point are */
        uint32_t small = (uint32_t)number, tens = small / 10;
        if (small >= 100) *to++ = (char)('0' + small / 100);
        if (small >= 10) *to++ = (char)('0' + tens % 10);
        *to++ = (char)('0' + small % 10);
        return to;
    }
    if (number >= step) { /* at most 20 digits: 4, 8 and 8 */
        uint64_t above = number / step;
        if (above >= step) {
            to = digits_whole(to, above / step);
            digits_store(to, digits_eight((uint32_t)(above % step)));
            to += 8;
        } else {
            to = digits_whole(to, above);
        }
        digits_store(to, digits_eight((uint32_t)(number % step)));
        return to + 8;
    }
    uint64_t eight = digits_eight((uint32_t)number);
    unsigned zeros = (unsigned)__builtin_ctzll(eight) / 8;
    eight = htole64((eight + UINT64_C(0x3030303030303030)) >> 8 * zeros);
    memcpy(to, &eight, sizeof eight);
    return to + 8 - zeros;
}

/* Writes `part` / 10^`decimals` (0 to 9), which is below 1, as a point and its digits without the
 * zeros at the end; nothing of 0. Tells where it ends. */
static inline char *digits_part(char *to, uint32_t part, int decimals)
{
    static const uint32_t scale[] = {100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
    if (part == 0) return to;
    *to++ = '.';
    uint32_t ninth = decimals > 8 ? part % 10 : 0;
    uint64_t eight = digits_eight(decimals > 8 ? part / 10 : part * scale[decimals]);
    digits_store(to, eight);
    if (ninth) {
        to[8] = (char)('0' + ninth);
        return to + 9;
    }
    return to + 8 - (unsigned)__builtin_clzll(eight) / 8;
}

#endif
