#include "geo/place/unihan.h"

/* Values of the table of foldings; from FOLDINGS on positions in the list. */
enum { GAP, SELF, DROPPED, FOLDINGS };

static uint16_t look_up(const uint16_t *index, const uint16_t *values, uint32_t c)
{
    return values[(uint32_t)index[c >> 8] << 8 | (c & 0xff)];
}

size_t unihan_fold(uint32_t c, uint32_t folded[UNIHAN_FOLDED])
{
    uint16_t value = GAP;
    if (c <= UNIHAN_LAST) value = look_up(unihan_tables.fold_index, unihan_tables.fold_values, c);
    if (value == DROPPED) return 0;
    if (value < FOLDINGS) {
        folded[0] = value == SELF ? c : ' ';
        return 1;
    }
    size_t count = 0;
    for (const uint32_t *at = unihan_tables.foldings + value - FOLDINGS; *at; at++)
        folded[count++] = *at;
    return count;
}

size_t unihan_readings(uint32_t c, const uint16_t **syllables)
{
    uint16_t set = 0;
    if (c <= UNIHAN_LAST)
        set = look_up(unihan_tables.reading_index, unihan_tables.reading_values, c);
    *syllables = unihan_tables.reading_sets + set + 1;
    return unihan_tables.reading_sets[set];
}
