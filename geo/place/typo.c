#include "geo/place/typo.h"

#include "geo/place/unihan.h"

#include <string.h>

enum { SHORTEST = 4, LONG = 8, BEYOND = 100 };

void typo_init(const struct term *term, struct typo *typo)
{
    *typo = (struct typo){.count = 0};
    if (term->count < SHORTEST || term->count > TYPO_MAX) return;
    for (size_t i = 0; i < term->count; i++) {
        uint32_t c = term->chars[i];
        if (c < 'a' || c > 'z') return;
        typo->letters[i] = (char)c;
    }
    typo->count = term->count;
    typo->allowed = term->count < LONG ? 1 : 2;
}

void typo_start(const struct typo *typo, struct typo_rows *rows)
{
    rows->last = '\0';
    for (size_t i = 0; i <= typo->count; i++) {
        rows->now[i] = (uint8_t)i;
        rows->before[i] = BEYOND;
    }
}

static uint8_t least(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

/* Cells of a column or row that cannot come back under the limit are cut off at BEYOND, so that
 * they fit a byte. */
bool typo_step(const struct typo *typo, char letter, struct typo_rows *rows)
{
    uint8_t next[TYPO_MAX + 1];
    next[0] = least((uint8_t)(rows->now[0] + 1), BEYOND);
    uint8_t best = next[0];
    for (size_t i = 1; i <= typo->count; i++) {
        uint8_t cell = (uint8_t)(rows->now[i - 1] + (typo->letters[i - 1] != letter));
        cell = least(cell, (uint8_t)(least(rows->now[i], next[i - 1]) + 1));
        if (i > 1 && typo->letters[i - 1] == rows->last && typo->letters[i - 2] == letter)
            cell = least(cell, (uint8_t)(rows->before[i - 2] + 1));
        next[i] = least(cell, BEYOND);
        best = least(best, cell);
    }
    memcpy(rows->before, rows->now, typo->count + 1u);
    memcpy(rows->now, next, typo->count + 1u);
    rows->last = letter;
    return best <= typo->allowed;
}

bool typo_syllable(const struct typo *typo, uint16_t syllable, struct typo_rows *rows)
{
    bool goes_on = true;
    for (const char *c = unihan_syllable(syllable); *c && goes_on; c++)
        goes_on = typo_step(typo, *c, rows);
    return goes_on;
}

bool typo_word(const struct typo *typo, const char *word, size_t len)
{
    struct typo_rows rows;
    if (len > (size_t)typo->count + typo->allowed || len + typo->allowed < typo->count)
        return false;
    typo_start(typo, &rows);
    for (size_t i = 0; i < len; i++)
        if (!typo_step(typo, word[i], &rows)) return false;
    return typo_fits(typo, &rows);
}

/* As deep as a term has letters, and errors that it may have more. */
bool typo_signs(const struct typo *typo, const struct typo_rows *rows, const struct unit *units,
                size_t count, size_t at, size_t taken)
{
    const uint16_t *syllables;
    if (taken > 1 && typo_fits(typo, rows)) return true;
    if (at == count || !units[at].sign) return false;
    size_t readings = unihan_readings(units[at].sign, &syllables);
    for (size_t r = 0; r < readings; r++) {
        struct typo_rows next = *rows;
        if (typo_syllable(typo, syllables[r], &next) &&
            typo_signs(typo, &next, units, count, at + 1, taken + 1))
            return true;
    }
    return false;
}

bool typo_in(const struct typo *typo, const struct unit *units, size_t count)
{
    struct typo_rows rows;
    if (!typo->allowed) return false;
    typo_start(typo, &rows);
    for (size_t at = 0; at < count; at++) {
        if (units[at].sign ? typo_signs(typo, &rows, units, count, at, 0)
                           : typo_word(typo, units[at].word, units[at].len))
            return true;
    }
    return false;
}
