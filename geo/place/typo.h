/* Words that are nearly what was typed.
 *
 * Errors are counted as letters missing, added, taken for others, or two neighbours exchanged
 * (optimal string alignment: F. J. Damerau, A technique for computer detection and correction of
 * spelling errors, CACM 7, 1964, without letters that are touched twice). A term of 4 to 7 letters
 * may have one, a longer one two; one that is not all letters none. It is held against whole words,
 * and against two or more signs spelled out in whole: one syllable is like too many others. */
#ifndef YZ_GEO_PLACE_TYPO_H
#define YZ_GEO_PLACE_TYPO_H

#include "geo/place/term.h"

enum { TYPO_MAX = UNITS_WORD };

struct typo {
    char letters[TYPO_MAX];
    uint8_t count;
    uint8_t allowed; /* errors; 0: none, and then nothing is found */
};
void typo_init(const struct term *term, struct typo *typo);

/* Two rows of the table of distances, behind the letters so far. */
struct typo_rows {
    uint8_t now[TYPO_MAX + 1], before[TYPO_MAX + 1];
    char last;
};
void typo_start(const struct typo *typo, struct typo_rows *rows);
/* One more letter; false when more of them cannot help any more. */
bool typo_step(const struct typo *typo, char letter, struct typo_rows *rows);
/* The same for the letters of a syllable. */
bool typo_syllable(const struct typo *typo, uint16_t syllable, struct typo_rows *rows);
/* Whether the letters so far are the term but for as many errors. */
static inline bool typo_fits(const struct typo *typo, const struct typo_rows *rows)
{
    return rows->now[typo->count] <= typo->allowed;
}

/* Whether a word does. */
bool typo_word(const struct typo *typo, const char *word, size_t len);

/* Whether the signs from unit `at` on do; `rows` is what has come of the `taken` signs before. */
bool typo_signs(const struct typo *typo, const struct typo_rows *rows, const struct unit *units,
                size_t count, size_t at, size_t taken);

/* Whether a text has such a word or such signs. */
bool typo_in(const struct typo *typo, const struct unit *units, size_t count);

#endif
