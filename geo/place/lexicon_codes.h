/* How a lexicon keeps units: UTF-16, and words in what Unicode leaves to private use, which no
 * folded text has. A space stands before a sign that a separator parts from the sign before. */
#ifndef YZ_GEO_PLACE_LEXICON_CODES_H
#define YZ_GEO_PLACE_LEXICON_CODES_H

#include "geo/place/units.h"

enum { LEXICON_CODE_SPACE = 0x20, LEXICON_CODE_HIGH = 0xd800, LEXICON_CODE_WORD = 0xe000 };
enum { LEXICON_CODE_WORD_END = 0xf900, LEXICON_CODES = 3 * UNITS_MAX };
enum { LEXICON_WORDS = (LEXICON_CODE_WORD_END - LEXICON_CODE_WORD) << 16 };

/* One unit of a text, read from its codes. */
struct lexicon_code {
    uint32_t sign; /* code point; 0: a word */
    uint32_t word; /* its number */
    bool gap;
};

/* Reads the next unit and moves `at` behind it. `last` is the unit before, NULL at the start. */
static inline struct lexicon_code lexicon_code_next(const uint16_t **at,
                                                    const struct lexicon_code *last)
{
    struct lexicon_code unit = {.gap = !last || !last->sign};
    uint16_t c = *(*at)++;
    if (c == LEXICON_CODE_SPACE) {
        unit.gap = true;
        c = *(*at)++;
    }
    if (c >= LEXICON_CODE_WORD && c < LEXICON_CODE_WORD_END) {
        unit.gap = true;
        unit.word = (uint32_t)(c - LEXICON_CODE_WORD) << 16 | *(*at)++;
    } else if (c >= LEXICON_CODE_HIGH && c < LEXICON_CODE_WORD) {
        unit.sign = 0x10000u + ((uint32_t)(c & 0x3ff) << 10) + (*(*at)++ & 0x3ffu);
    } else {
        unit.sign = c;
    }
    return unit;
}

#endif
