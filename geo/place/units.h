/* Text cut into what is looked for: words of letters, numbers, and single characters of scripts
 * that do without spaces. */
#ifndef YZ_GEO_PLACE_UNITS_H
#define YZ_GEO_PLACE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    UNITS_MAX = 63, /* of a text; what comes behind does not count */
    UNITS_WORD = 31 /* letters or digits of a word, likewise */
};

/* A word, a to z or 0 to 9, has no sign; any other letter is a sign by itself. All are folded
 * (unihan_fold). */
struct unit {
    uint32_t sign; /* code point; 0: a word */
    const char *word;
    uint8_t len;
    bool gap;   /* something begins here: the text, a word, what follows a word or a separator */
    bool blank; /* a separator stands before it */
};

static inline bool unit_is_number(const struct unit *unit)
{
    return !unit->sign && unit->word[0] <= '9';
}

/* `at` points into `letters`, so that it must not be copied. */
struct units {
    struct unit at[UNITS_MAX];
    size_t count;
    char letters[UNITS_MAX * UNITS_WORD];
};

/* Cuts `len` bytes; what is not UTF-8 separates. */
void units_cut(const char *text, size_t len, struct units *units);

#endif
