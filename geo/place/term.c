#include "geo/place/term.h"

#include "geo/place/unihan.h"

/* The characters from `at` on that agree with `text`. */
static size_t common(const struct term *term, size_t at, const char *text, size_t len)
{
    size_t k = 0;
    while (k < len && at + k < term->count && term->chars[at + k] == (unsigned char)text[k])
        k++;
    return k;
}

struct step {
    uint64_t full, initials;
    bool ends, ends_initials; /* the term ends within the unit */
};

/* Letters for a sign. */
static void spell(const struct term *term, uint32_t sign, size_t at, bool is_full,
                  struct step *step)
{
    const uint16_t *syllables;
    size_t count = unihan_readings(sign, &syllables);
    for (size_t r = 0; r < count; r++) {
        const char *reading = unihan_syllable(syllables[r]);
        size_t k = common(term, at, reading, UNIHAN_SYLLABLE);
        if (k == 0) continue;
        if (reading[k] == '\0') {
            if (is_full) step->full |= UINT64_C(1) << (at + k);
            step->initials |= UINT64_C(1) << (at + k);
        } else if (at + k == term->count) {
            step->ends = step->ends || is_full;
            step->ends_initials = true;
        }
        if (at + 1 < term->count) step->initials |= UINT64_C(1) << (at + 1);
        if (k > 1 && reading[1] == 'h' && at + 2 < term->count)
            step->initials |= UINT64_C(1) << (at + 2);
    }
}

static void step_from(const struct term *term, const struct unit *unit, size_t at, bool is_full,
                      struct step *step)
{
    uint32_t c = term->chars[at];
    if (unit->sign && c == unit->sign) {
        if (is_full) step->full |= UINT64_C(1) << (at + 1);
        step->initials |= UINT64_C(1) << (at + 1);
    } else if (unit->sign) {
        if (c >= 'a' && c <= 'z') spell(term, unit->sign, at, is_full, step);
    } else {
        size_t k = common(term, at, unit->word, unit->len);
        if (k == unit->len) {
            if (is_full) step->full |= UINT64_C(1) << (at + k);
            step->initials |= UINT64_C(1) << (at + k);
        } else if (at + k == term->count) {
            step->ends = step->ends || is_full;
            step->ends_initials = true;
        }
    }
}

/* What is found in full is found by initials, too, which is why `initials` may have its bits. */
void term_step(const struct term *term, const struct unit *unit, struct term_state *state)
{
    struct step step = {0};
    uint64_t end = UINT64_C(1) << term->count;
    uint64_t left = (state->full | state->initials) & (end - 1);
    for (; left; left &= left - 1) {
        size_t at = (size_t)__builtin_ctzll(left);
        step_from(term, unit, at, state->full >> at & 1, &step);
    }
    state->full = step.full;
    state->initials = step.initials;
    state->found_full = state->found_full || step.ends || (step.full & end);
    state->found_initials = state->found_initials || step.ends_initials || (step.initials & end);
}

enum term_tier term_worth(const struct term *term, const struct term_state *state, bool first,
                          bool gap, bool ended)
{
    if (state->found_full) {
        if (first && ended && state->full >> term->count & 1) return TERM_WHOLE;
        return first ? TERM_START : gap ? TERM_WORD : TERM_INSIDE;
    }
    if (!state->found_initials) return TERM_NONE;
    return first || gap ? TERM_INITIALS : TERM_INNER;
}

enum term_tier term_follow(const struct term *term, struct term_state state,
                           const struct unit *units, size_t count, size_t at, size_t taken)
{
    while (at + taken < count && term_is_open(term, &state) && (at == 0 || !state.found_full)) {
        term_step(term, &units[at + taken], &state);
        taken++;
    }
    return term_worth(term, &state, at == 0, units[at].gap, at + taken == count);
}

enum term_tier term_in(const struct term *term, const struct unit *units, size_t count)
{
    enum term_tier best = TERM_NONE;
    for (size_t at = 0; at < count; at++) {
        enum term_tier tier = term_follow(term, term_start(), units, count, at, 0);
        if (tier < best) best = tier;
    }
    return best;
}
