#include "geo/place/lexicon.h"

#include "geo/place/lexicon_codes.h"
#include "geo/place/unihan.h"

#include <stdlib.h>
#include <string.h>

static struct unit unit_of(const struct lexicon *lexicon, const struct lexicon_code *code)
{
    struct unit unit = {.sign = code->sign, .gap = code->gap};
    if (code->sign) return unit;
    uint32_t from = lexicon->word_at[code->word];
    unit.word = lexicon->letters + from;
    unit.len = (uint8_t)(lexicon->word_at[code->word + 1] - from);
    return unit;
}

size_t lexicon_units(const struct lexicon *lexicon, uint32_t text, struct unit units[UNITS_MAX])
{
    const uint16_t *at = lexicon->codes + lexicon->code_first[text];
    struct lexicon_code code = {0};
    size_t count = lexicon->units[text];
    for (size_t i = 0; i < count; i++) {
        code = lexicon_code_next(&at, i ? &code : NULL);
        units[i] = unit_of(lexicon, &code);
    }
    return count;
}

enum term_tier lexicon_follow(const struct lexicon *lexicon, const struct term *term,
                              const struct lexicon_seed *seed, uint32_t posting)
{
    uint32_t text = lexicon_posting_text(posting);
    size_t begin = lexicon_posting_at(posting), next = begin + seed->taken;
    const uint16_t *at = lexicon->codes + lexicon->code_first[text];
    struct lexicon_code code = {0};
    struct term_state state = seed->state;
    size_t count = lexicon->units[text];
    for (size_t i = 0; i < next; i++)
        code = lexicon_code_next(&at, i ? &code : NULL);
    while (next < count && term_is_open(term, &state) && (begin == 0 || !state.found_full)) {
        code = lexicon_code_next(&at, &code);
        const struct unit unit = unit_of(lexicon, &code);
        term_step(term, &unit, &state);
        next++;
    }
    return term_worth(term, &state, begin == 0, lexicon_posting_gap(posting), next == count);
}

struct search {
    const struct lexicon *lexicon;
    const struct term *term;
    const struct lexicon_visitor *visitor;
};

static void give(const struct search *search, uint32_t from, uint32_t to, size_t taken, bool more,
                 const struct term_state *state)
{
    const struct lexicon_seed seed = {.postings = search->lexicon->postings + from,
                                      .count = to - from,
                                      .taken = (uint8_t)taken,
                                      .more = more,
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
    give(search, lexicon->word_first[from], lexicon->word_first[to], 1, false, &state);
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
    if (key == end) return;
    term_step(term, &unit, &state);
    bool found = state.found_full || state.found_initials;
    if (!term_is_open(term, &state)) {
        uint32_t first = lexicon->key_first[key], behind = key + (lexicon->seconds[key] == 0);
        if (!found) return;
        give(search, first, lexicon->key_first[behind], 1, false, &state);
        give(search, lexicon->key_first[behind], lexicon->key_first[end], 1, true, &state);
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
            give(search, from, to, second ? 2 : 1, false, &next);
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

/* A run of postings that is gone through once. */
struct cursor {
    const uint32_t *at, *end;
};

/* Postings in the order they have: by text and position. */
static uint32_t place_of(uint32_t posting)
{
    return lexicon_posting_text(posting) << LEXICON_AT_BITS | (uint32_t)lexicon_posting_at(posting);
}

/* Moves to the first posting that is not before `place`, by steps that double. */
static void move_to(struct cursor *cursor, uint32_t place)
{
    size_t step = 1, left = (size_t)(cursor->end - cursor->at);
    const uint32_t *from = cursor->at;
    while (step <= left && place_of(from[step - 1]) < place) {
        from += step;
        left -= step;
        step *= 2;
    }
    size_t count = step <= left ? step : left;
    while (count > 0) {
        size_t half = count / 2;
        if (place_of(from[half]) < place) {
            from += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    cursor->at = from;
}

/* The postings of two signs of the term, from `at` on; false: no text has them. */
static bool find_pair(const struct search *search, size_t at, struct cursor *run)
{
    const struct lexicon *lexicon = search->lexicon;
    uint32_t sign = find_sign(lexicon, search->term->chars[at]);
    uint32_t second = find_sign(lexicon, search->term->chars[at + 1]);
    if (!sign || !second) return false;
    const uint32_t *from = lexicon->seconds + lexicon->sign_first[sign];
    size_t count = lexicon->sign_first[sign + 1] - lexicon->sign_first[sign];
    const uint32_t *found = bsearch(&second, from, count, sizeof second, compare);
    if (!found) return false;
    size_t key = (size_t)(found - lexicon->seconds);
    run->at = lexicon->postings + lexicon->key_first[key];
    run->end = lexicon->postings + lexicon->key_first[key + 1];
    return true;
}

/* Whether all pairs stand as they do in the term, the first at `place`. */
static bool stand_together(struct cursor *runs, size_t count, uint32_t place)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t wanted = place + (uint32_t)i;
        move_to(&runs[i], wanted);
        if (runs[i].at == runs[i].end || place_of(*runs[i].at) != wanted) return false;
    }
    return true;
}

/* The `lead` signs that the term begins with, wherever all of them stand in a row: found by the
 * rarest pair of them. */
static void seek_run(const struct search *search, size_t lead)
{
    enum { CHUNK = 256 };
    struct cursor runs[TERM_MAX], rarest;
    uint32_t chunk[CHUNK];
    struct lexicon_seed seed = {.postings = chunk, .taken = (uint8_t)lead, .state = term_start()};
    size_t best = 0;
    for (size_t i = 0; i + 1 < lead; i++) {
        if (!find_pair(search, i, &runs[i])) return;
        if (runs[i].end - runs[i].at < runs[best].end - runs[best].at) best = i;
    }
    for (size_t i = 0; i < lead; i++) {
        const struct unit unit = {.sign = search->term->chars[i]};
        term_step(search->term, &unit, &seed.state);
    }
    if (lead == 2) {
        seed.postings = runs[0].at;
        seed.count = (uint32_t)(runs[0].end - runs[0].at);
    }
    for (rarest = runs[best]; rarest.at < rarest.end && lead > 2; rarest.at++) {
        if (lexicon_posting_at(*rarest.at) < best) continue;
        uint32_t place = place_of(*rarest.at) - (uint32_t)best;
        if (!stand_together(runs, lead - 1, place)) continue;
        chunk[seed.count++] = *runs[0].at;
        if (seed.count < CHUNK) continue;
        search->visitor->seed(search->visitor->user, &seed);
        seed.count = 0;
    }
    if (seed.count) search->visitor->seed(search->visitor->user, &seed);
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
        seek_run(&search, lead);
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
