/* What somebody types into the search field, as terms. */
#ifndef YZ_GEO_PLACE_PHRASE_H
#define YZ_GEO_PLACE_PHRASE_H

#include "geo/base/err.h"
#include "geo/place/term.h"

enum { PHRASE_TERMS = 8 };

/* Terms are separated by whatever is neither a letter nor a digit, and before a number: 天桥 gc and
 * 福长街12号 are two each. All must be found, in any order. Where there are several, `joined` is
 * all of them as one: what is found as it was typed ranks by that. */
struct phrase {
    struct term terms[PHRASE_TERMS];
    size_t count;
    struct term joined;
};

/* Reads `len` bytes. ERR_INVALID without a letter or digit in it; ERR_LIMIT for more than
 * PHRASE_TERMS terms or TERM_MAX characters. */
enum err phrase_read(const char *text, size_t len, struct phrase *phrase, struct why *why);

#endif
