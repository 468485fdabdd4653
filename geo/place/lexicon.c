#include "geo/place/lexicon.h"

#include "geo/place/lexicon_codes.h"
#include "geo/place/unihan.h"

#include <stdlib.h>
#include <string.h>

size_t lexicon_units(const struct lexicon *lexicon, uint32_t text, struct unit units[UNITS_MAX])
{
    const uint16_t *at = lexicon->codes + lexicon->code_first[text];
    struct lexicon_code code = {0};
    size_t count = lexicon->units[text];
    for (size_t i = 0; i < count; i++) {
        code = lexicon_code_next(&at, i ? &code : NULL);
        units[i] = (struct unit){.sign = code.sign, .gap = code.gap};
        if (code.sign) continue;
        uint32_t from = lexicon->word_at[code.word];
        units[i].word = lexicon->letters + from;
        units[i].len = (uint8_t)(lexicon->word_at[code.word + 1] - from);
    }
    return count;
}

struct search {
    const struct lexicon *lexicon;
    const struct term *term;
    const struct lexicon_visitor *visitor;
};

static void give(const struct search *search, uint32_t from, uint32_t to, size_t taken, size_t back,
                 const struct term_state *state)
{
    const struct lexicon_seed seed = {.postings = search->lexicon->postings + from,
                                      .count = to - from,
                                      .taken = (uint8_t)taken,
                                      .back = (uint8_t)back,
                                      .state = *state};
    if (seed.count) search->visitor->seed(search->visitor->user, &seed);
}

static void give_words(const struct search *search, uint32_t from, uint32_t to)
{
    const struct lexicon *lexicon = search->lexicon;
    const uint32_t at = lexicon->word_at[from];
    const struct unit unit = {.word = lexicon->letters + at,
                              .len = (uint8_t)(lexicon->word_at[from + 1] - at)};
    struct term_state state = term_start();
    term_step(search->term, &unit, &state);
    give(search, lexicon->word_first[from], lexicon->word_first[to], 1, 0, &state);
}

/* The first word from `from` on whose letter `i` is `least` or above. All before `to` agree in
 * their letters before it; words that end there come first. */
static uint32_t first_word(const struct lexicon *lexicon, uint32_t from, uint32_t to, uint32_t i,
                           uint32_t least)
{
    while (from < to) {
        uint32_t middle = from + (to - from) / 2, at = lexicon->word_at[middle] + i;
        bool below =
            at >= lexicon->word_at[middle + 1] || (unsigned char)lexicon->letters[at] < least;
        if (below)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Words that the term begins with, and words that begin with the term. */
static void seek_words(const struct search *search)
{
    const struct lexicon *lexicon = search->lexicon;
    const struct term *term = search->term;
    uint32_t from = 0, to = lexicon->word_count;
    for (uint32_t i = 0; i < term->count && from < to; i++) {
        from = first_word(lexicon, from, to, i, term->chars[i]);
        to = first_word(lexicon, from, to, i, term->chars[i] + 1);
        if (from == to) return;
        bool exact = lexicon->word_at[from + 1] - lexicon->word_at[from] == i + 1;
        if (exact) give_words(search, from, from + 1);
        if (i + 1 == term->count && from + exact < to) give_words(search, from + exact, to);
    }
}

/* Letters that the rest of the term could go on with; all, where a sign could be next. */
static uint32_t next_letters(const struct term *term, const struct term_state *state)
{
    uint32_t mask = 0;
    uint64_t left = (state->full | state->initials) & ((UINT64_C(1) << term->count) - 1);
    for (; left; left &= left - 1) {
        uint32_t c = term->chars[__builtin_ctzll(left)];
        mask |= c >= 'a' && c <= 'z' ? UINT32_C(1) << (c - 'a') : UINT32_MAX;
    }
    return mask;
}

/* What begins with a sign, and the sign behind it. */
static void seek_sign(const struct search *search, uint32_t sign)
{
    const struct lexicon *lexicon = search->lexicon;
    const struct term *term = search->term;
    const struct unit unit = {.sign = lexicon->signs[sign]};
    uint32_t key = lexicon->sign_first[sign], end = lexicon->sign_first[sign + 1];
    struct term_state state = term_start();
    term_step(term, &unit, &state);
    bool found = state.found_full || state.found_initials;
    if (!term_is_open(term, &state)) {
        if (found) give(search, lexicon->key_first[key], lexicon->key_first[end], 1, 0, &state);
        return;
    }
    uint32_t letters = next_letters(term, &state);
    for (; key < end; key++) {
        uint32_t second = lexicon->seconds[key];
        uint32_t from = lexicon->key_first[key], to = lexicon->key_first[key + 1];
        const struct unit behind = {.sign = lexicon->signs[second]};
        bool helps = letters == UINT32_MAX || letters & lexicon->sign_masks[second];
        if (second && !helps && !found) continue;
        struct term_state next = state;
        if (second) term_step(term, &behind, &next);
        if (term_is_open(term, &next) || next.found_full || next.found_initials)
            give(search, from, to, second ? 2 : 1, 0, &next);
    }
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The number of a sign, 0 for none. */
static uint32_t find_sign(const struct lexicon *lexicon, uint32_t sign)
{
    const uint32_t *found =
        bsearch(&sign, lexicon->signs, lexicon->sign_count, sizeof sign, compare);
    return found ? (uint32_t)(found - lexicon->signs) : 0;
}

/* The key of two signs of the term, from `at` on; false: no text has them. */
static bool find_pair(const struct search *search, size_t at, uint32_t *key)
{
    const struct lexicon *lexicon = search->lexicon;
    uint32_t sign = find_sign(lexicon, search->term->chars[at]);
    uint32_t second = find_sign(lexicon, search->term->chars[at + 1]);
    if (!sign || !second) return false;
    const uint32_t *from = lexicon->seconds + lexicon->sign_first[sign];
    size_t count = lexicon->sign_first[sign + 1] - lexicon->sign_first[sign];
    const uint32_t *found = bsearch(&second, from, count, sizeof second, compare);
    if (found) *key = (uint32_t)(found - lexicon->seconds);
    return found != NULL;
}

/* Of the pairs of the `lead` signs that the term begins with, the one that is rarest. */
static void seek_pair(const struct search *search, size_t lead)
{
    const struct lexicon *lexicon = search->lexicon;
    uint32_t best = 0, least = UINT32_MAX;
    size_t back = 0;
    for (size_t i = 0; i + 1 < lead; i++) {
        uint32_t key;
        if (!find_pair(search, i, &key)) return;
        uint32_t count = lexicon->key_first[key + 1] - lexicon->key_first[key];
        if (count >= least) continue;
        best = key;
        least = count;
        back = i;
    }
    struct term_state state = term_start();
    for (size_t i = 0; i < 2 && back == 0; i++) {
        const struct unit unit = {.sign = search->term->chars[i]};
        term_step(search->term, &unit, &state);
    }
    give(search, lexicon->key_first[best], lexicon->key_first[best + 1], back ? 0 : 2, back,
         &state);
}

static bool is_sign(uint32_t c)
{
    return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
}

void lexicon_seeds(const struct lexicon *lexicon, const struct term *term,
                   const struct lexicon_visitor *visitor)
{
    const struct search search = {lexicon, term, visitor};
    uint32_t first = term->chars[0];
    size_t lead = 0;
    while (lead < term->count && is_sign(term->chars[lead]))
        lead++;
    if (lead > 1) {
        seek_pair(&search, lead);
    } else if (lead == 1) {
        uint32_t sign = find_sign(lexicon, first);
        if (sign) seek_sign(&search, sign);
    } else {
        seek_words(&search);
        if (first < 'a') return;
        for (uint32_t s = 1; s < lexicon->sign_count; s++)
            if (lexicon->sign_masks[s] >> (first - 'a') & 1) seek_sign(&search, s);
    }
}

/* ---- typing errors ---- */

enum { UNKNOWN, DEAD, OPEN, FITS };

static void give_typo(const struct lexicon *lexicon, uint32_t from, uint32_t to, bool sure,
                      const struct lexicon_typo_visitor *visitor)
{
    const struct lexicon_typo seed = {lexicon->postings + from, to - from, sure};
    if (seed.count) visitor->seed(visitor->user, &seed);
}

/* An error changes at most two letters of the set that a word has. */
static void typo_words(const struct lexicon *lexicon, const struct typo *typo,
                       const struct lexicon_typo_visitor *visitor)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < typo->count; i++)
        mask |= UINT32_C(1) << (typo->letters[i] - 'a');
    for (uint32_t w = 0; w < lexicon->word_count; w++) {
        uint32_t at = lexicon->word_at[w], len = lexicon->word_at[w + 1] - at;
        if (__builtin_popcount(mask ^ lexicon->word_masks[w]) > 2 * typo->allowed) continue;
        if (typo_word(typo, lexicon->letters + at, len))
            give_typo(lexicon, lexicon->word_first[w], lexicon->word_first[w + 1], true, visitor);
    }
}

static uint8_t judge_pair(const struct typo *typo, struct lexicon_typo_work *work, uint16_t first,
                          uint16_t second)
{
    uint8_t *pair = &work->pairs[first][second];
    if (*pair != UNKNOWN) return *pair;
    struct typo_rows rows = work->rows[first];
    bool open = typo_syllable(typo, second, &rows);
    *pair = !open ? DEAD : typo_fits(typo, &rows) ? FITS : OPEN;
    return *pair;
}

/* The best that any readings of two signs come to. */
static uint8_t judge_signs(const struct typo *typo, struct lexicon_typo_work *work,
                           const bool *alive, uint32_t first, uint32_t second)
{
    const uint16_t *firsts, *seconds;
    size_t first_count = unihan_readings(first, &firsts);
    size_t second_count = unihan_readings(second, &seconds);
    uint8_t best = DEAD;
    for (size_t i = 0; i < first_count; i++)
        for (size_t k = 0; k < second_count && alive[firsts[i]]; k++) {
            uint8_t pair = judge_pair(typo, work, firsts[i], seconds[k]);
            if (pair > best) best = pair;
        }
    return best;
}

static bool any_alive(const bool *alive, uint32_t sign)
{
    const uint16_t *syllables;
    size_t count = unihan_readings(sign, &syllables);
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any = any || alive[syllables[i]];
    return any;
}

void lexicon_typos(const struct lexicon *lexicon, const struct typo *typo,
                   struct lexicon_typo_work *work, const struct lexicon_typo_visitor *visitor)
{
    bool alive[LEXICON_SYLLABLES] = {false};
    if (!typo->allowed) return;
    typo_words(lexicon, typo, visitor);
    for (uint16_t s = 0; s < unihan_tables.syllable_count; s++) {
        typo_start(typo, &work->rows[s]);
        alive[s] = typo_syllable(typo, s, &work->rows[s]);
        if (alive[s]) memset(work->pairs[s], UNKNOWN, sizeof work->pairs[s]);
    }
    for (uint32_t s = 1; s < lexicon->sign_count; s++) {
        if (!any_alive(alive, lexicon->signs[s])) continue;
        for (uint32_t k = lexicon->sign_first[s]; k < lexicon->sign_first[s + 1]; k++) {
            if (!lexicon->seconds[k]) continue;
            uint8_t pair = judge_signs(typo, work, alive, lexicon->signs[s],
                                       lexicon->signs[lexicon->seconds[k]]);
            if (pair != DEAD)
                give_typo(lexicon, lexicon->key_first[k], lexicon->key_first[k + 1], pair == FITS,
                          visitor);
        }
    }
}
