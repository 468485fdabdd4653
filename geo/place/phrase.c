#include "geo/place/phrase.h"

static bool put(struct term *term, uint32_t c)
{
    if (term->count == TERM_MAX) return false;
    term->chars[term->count++] = c;
    return true;
}

static bool put_unit(struct term *term, const struct unit *unit)
{
    bool fits = unit->sign ? put(term, unit->sign) : true;
    for (size_t i = 0; i < unit->len && fits; i++)
        fits = put(term, (unsigned char)unit->word[i]);
    return fits;
}

enum err phrase_read(const char *text, size_t len, struct phrase *phrase, struct why *why)
{
    struct units units;
    struct phrase read = {.count = 0};
    units_cut(text, len, &units);
    if (!units.count) return err_say(why, ERR_INVALID, "it has neither a letter nor a digit");
    bool fits = units.count < UNITS_MAX;
    for (size_t i = 0; i < units.count && fits; i++) {
        const struct unit *unit = &units.at[i];
        if (i == 0 || unit->blank || unit_is_number(unit)) {
            if (read.count == PHRASE_TERMS)
                return err_say(why, ERR_LIMIT, "at most %d words are looked for", PHRASE_TERMS);
            read.terms[read.count++].count = 0;
        }
        fits = put_unit(&read.terms[read.count - 1], unit) && put_unit(&read.joined, unit);
    }
    if (!fits) return err_say(why, ERR_LIMIT, "at most %d characters are looked for", TERM_MAX);
    *phrase = read;
    return ERR_OK;
}
