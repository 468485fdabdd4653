/* What the Unicode character database says of characters, as tables that cmake/unihan.mjs makes of
 * Debian's unicode-data when the program is built: what a character is looked for as, and how a
 * Chinese one is read. UAX #15 (decompositions), UAX #38 (Unihan), UAX #44. */
#ifndef YZ_GEO_PLACE_UNIHAN_H
#define YZ_GEO_PLACE_UNIHAN_H

#include <stddef.h>
#include <stdint.h>

enum {
    UNIHAN_FOLDED = 8,    /* characters that one is folded to, at most */
    UNIHAN_SYLLABLE = 6,  /* letters of a syllable, at most */
    UNIHAN_READINGS = 16, /* of one character, at most */
    UNIHAN_LAST = 0x10ffff
};

/* Pages of 256 code points: index[c >> 8] is the page of c. */
struct unihan_tables {
    const uint16_t *fold_index, *fold_values;
    const uint32_t *foldings; /* each ends in 0 */
    const uint16_t *reading_index, *reading_values;
    const uint16_t *reading_sets; /* a number, and so many syllables, ascending; set 0 is empty */
    const char (*syllables)[UNIHAN_SYLLABLE + 1]; /* ascending */
    uint16_t syllable_count;
};
extern const struct unihan_tables unihan_tables;

/* What `c` is looked for as: small letters without accents, ASCII digits, half width for full
 * width, simplified Chinese for traditional (a form that is also simplified itself stays), other
 * letters as they are; a space for what separates. Returns how many; 0 for what does not count, as
 * marks and apostrophes do not. */
size_t unihan_fold(uint32_t c, uint32_t folded[UNIHAN_FOLDED]);

/* How a folded character is read in Mandarin: syllables by number, without tones, ü both as v and
 * as u; borrowed. All readings that current dictionaries give. 0 for what is not Chinese. */
size_t unihan_readings(uint32_t c, const uint16_t **syllables);

/* The letters of a syllable, a to z. */
static inline const char *unihan_syllable(uint16_t number)
{
    return unihan_tables.syllables[number];
}

#endif
