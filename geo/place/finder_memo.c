#include "geo/place/finder_memo.h"

#include <stdlib.h>
#include <string.h>

enum { TOUCHED = 1 << 16 };

void finder_memo_fini(struct finder_memo *memo)
{
    free(memo->tiers);
    free(memo->touched);
    *memo = (struct finder_memo){.tiers = NULL};
}

bool finder_memo_clear(struct finder_memo *memo, const struct lexicon *lexicon)
{
    if (memo->size <= lexicon->text_count) {
        uint32_t size = lexicon->text_count + lexicon->text_count / 4 + 1;
        finder_memo_fini(memo);
        memo->tiers = calloc(size, 1);
        memo->touched_size = size < TOUCHED ? size : TOUCHED;
        memo->touched = malloc(memo->touched_size * sizeof *memo->touched);
        if (!memo->tiers || !memo->touched) {
            finder_memo_fini(memo);
            return false;
        }
        memo->size = size;
    } else if (memo->flooded) {
        memset(memo->tiers, 0, memo->size);
    } else {
        for (uint32_t i = 0; i < memo->touched_count; i++)
            memo->tiers[memo->touched[i]] = 0;
    }
    memo->touched_count = 0;
    memo->flooded = false;
    memo->present = 0;
    return true;
}

static void touch(struct finder_memo *memo, uint32_t text)
{
    if (memo->touched_count < memo->touched_size)
        memo->touched[memo->touched_count++] = text;
    else
        memo->flooded = true;
}

static void put(struct finder_memo *memo, uint32_t text, enum term_tier tier)
{
    uint8_t known = memo->tiers[text];
    if (known && known <= tier + 1u) return;
    if (!known) touch(memo, text);
    memo->tiers[text] = (uint8_t)(tier + 1);
    memo->present |= (uint16_t)(1u << tier);
}

/* What a text with a tier counts for: of an address, the first four are one. */
static enum term_tier worth_in(const struct lexicon *lexicon, uint32_t text, enum term_tier tier)
{
    if (text < lexicon->name_count) return tier;
    return tier <= TERM_INSIDE ? TERM_ADDRESS : TERM_NONE;
}

struct fill {
    struct finder_memo *memo;
    const struct finder_ask *ask;
    enum term_tier best;
};

static void put_found(struct fill *fill, uint32_t text, enum term_tier tier)
{
    tier = worth_in(fill->ask->lexicon, text, tier);
    if (tier == TERM_NONE) return;
    put(fill->memo, text, tier);
    if (tier < fill->best) fill->best = tier;
}

static void fill_seed(void *user, const struct lexicon_seed *seed)
{
    struct fill *fill = user;
    const struct finder_ask *ask = fill->ask;
    const struct lexicon *lexicon = ask->lexicon;
    uint32_t texts = ask->addresses ? lexicon->text_count : lexicon->name_count;
    bool open = term_is_open(ask->term, &seed->state), found = seed->state.found_full;
    for (uint32_t i = 0; i < seed->count; i++) {
        uint32_t posting = seed->postings[i], text = lexicon_posting_text(posting);
        size_t at = lexicon_posting_at(posting);
        if (text >= texts) continue;
        enum term_tier tier;
        if (open && (at == 0 || !found))
            tier = lexicon_follow(lexicon, ask->term, seed, posting);
        else
            tier = term_worth(ask->term, &seed->state, at == 0, lexicon_posting_gap(posting),
                              at + seed->taken == lexicon->units[text]);
        put_found(fill, text, tier);
    }
}

static bool is_typo(const struct finder_ask *ask, uint32_t text, size_t at)
{
    struct unit units[UNITS_MAX];
    struct typo_rows rows;
    size_t count = lexicon_units(ask->lexicon, text, units);
    typo_start(ask->typo, &rows);
    return typo_signs(ask->typo, &rows, units, count, at, 0);
}

/* The texts of names come first. */
static void fill_typo(void *user, const struct lexicon_typo *seed)
{
    struct fill *fill = user;
    for (uint32_t i = 0; i < seed->count; i++) {
        uint32_t text = lexicon_posting_text(seed->postings[i]);
        if (text >= fill->ask->lexicon->name_count) break;
        if (seed->sure || is_typo(fill->ask, text, lexicon_posting_at(seed->postings[i])))
            put_found(fill, text, TERM_TYPO);
    }
}

enum term_tier finder_memo_fill(struct finder_memo *memo, const struct finder_ask *ask)
{
    struct fill fill = {memo, ask, TERM_NONE};
    const struct lexicon_visitor visitor = {fill_seed, &fill};
    const struct lexicon_typo_visitor typo_visitor = {fill_typo, &fill};
    lexicon_seeds(ask->lexicon, ask->term, &visitor);
    if (ask->typo && ask->typo->allowed)
        lexicon_typos(ask->lexicon, ask->typo, ask->work, &typo_visitor);
    return fill.best;
}

enum term_tier finder_memo_learn(struct finder_memo *memo, const struct finder_ask *ask,
                                 uint32_t text)
{
    struct unit units[UNITS_MAX];
    if (memo->tiers[text]) return (enum term_tier)(memo->tiers[text] - 1);
    size_t count = lexicon_units(ask->lexicon, text, units);
    enum term_tier tier = term_in(ask->term, units, count);
    bool is_name = text < ask->lexicon->name_count;
    tier = worth_in(ask->lexicon, text, tier);
    if (is_name && tier > TERM_TYPO && ask->typo && typo_in(ask->typo, units, count))
        tier = TERM_TYPO;
    put(memo, text, tier);
    return tier;
}

/* ---- looking only at what may be better than what was seen ---- */

struct probe {
    const struct finder_ask *ask;
    bool narrow;
    struct finder_stock stock;
};

/* Documents with the texts of some postings: counted, or, of many, estimated by the first. */
static uint64_t count_docs(const struct lexicon *lexicon, const uint32_t *postings, uint32_t count)
{
    enum { COUNTED = 1024 };
    uint64_t docs = 0;
    uint32_t counted = count < COUNTED ? count : COUNTED;
    for (uint32_t i = 0; i < counted; i++) {
        uint32_t text = lexicon_posting_text(postings[i]);
        docs += lexicon->text_first[text + 1] - lexicon->text_first[text];
    }
    return counted ? docs * count / counted : 0;
}

/* How many units a text can have, at most, that is found in whole at a seed; 0: none is. Every unit
 * takes a character of the term at least. */
static size_t most_units(const struct term *term, const struct lexicon_seed *seed)
{
    uint64_t end = UINT64_C(1) << term->count, left = seed->state.full & (end - 1);
    if (left) return seed->taken + term->count - (size_t)__builtin_ctzll(left);
    return seed->state.full & end && !seed->more ? seed->taken : 0;
}

/* No posting of a seed is found any better. */
static enum term_tier bound(const struct term *term, const struct lexicon_seed *seed, bool first,
                            bool gap, bool may_be_whole)
{
    uint64_t end = UINT64_C(1) << term->count;
    bool full = seed->state.found_full || seed->state.full & (end - 1);
    if (!full) return first || gap ? TERM_INITIALS : TERM_INNER;
    return first ? (may_be_whole ? TERM_WHOLE : TERM_START) : gap ? TERM_WORD : TERM_INSIDE;
}

static void probe_seed(void *user, const struct lexicon_seed *seed)
{
    struct probe *probe = user;
    const struct finder_ask *ask = probe->ask;
    const struct lexicon *lexicon = ask->lexicon;
    size_t most = most_units(ask->term, seed);
    bool open = term_is_open(ask->term, &seed->state);
    uint32_t from = probe->narrow ? 0 : lexicon->name_count;
    uint32_t to = ask->addresses ? lexicon->text_count : lexicon->name_count;
    enum term_tier least = bound(ask->term, seed, true, true, most > 0);
    if (!probe->narrow) least = worth_in(lexicon, from, least);
    probe->stock.docs += count_docs(lexicon, seed->postings, seed->count);
    for (uint32_t i = 0; i < seed->count && least < probe->stock.best; i++) {
        uint32_t posting = seed->postings[i], text = lexicon_posting_text(posting);
        size_t at = lexicon_posting_at(posting);
        bool gap = lexicon_posting_gap(posting);
        if (text < from || text >= to) continue;
        bool may_be_whole = lexicon->units[text] <= most;
        enum term_tier tier = bound(ask->term, seed, at == 0, gap, at == 0 && may_be_whole);
        if (worth_in(lexicon, text, tier) >= probe->stock.best) continue;
        tier = open ? lexicon_follow(lexicon, ask->term, seed, posting)
                    : term_worth(ask->term, &seed->state, at == 0, gap,
                                 at + seed->taken == lexicon->units[text]);
        tier = worth_in(lexicon, text, tier);
        if (tier < probe->stock.best) probe->stock.best = tier;
    }
}

static void probe_typo(void *user, const struct lexicon_typo *seed)
{
    struct probe *probe = user;
    const struct lexicon *lexicon = probe->ask->lexicon;
    probe->stock.docs += count_docs(lexicon, seed->postings, seed->count);
    for (uint32_t i = 0; i < seed->count && probe->stock.best > TERM_TYPO; i++) {
        uint32_t text = lexicon_posting_text(seed->postings[i]);
        if (text >= lexicon->name_count) break;
        if (seed->sure || is_typo(probe->ask, text, lexicon_posting_at(seed->postings[i])))
            probe->stock.best = TERM_TYPO;
    }
}

struct finder_stock finder_memo_probe(const struct finder_ask *ask, bool narrow)
{
    struct probe probe = {ask, narrow, {TERM_NONE, 0}};
    const struct lexicon_visitor visitor = {probe_seed, &probe};
    const struct lexicon_typo_visitor typo_visitor = {probe_typo, &probe};
    lexicon_seeds(ask->lexicon, ask->term, &visitor);
    if (ask->typo && ask->typo->allowed)
        lexicon_typos(ask->lexicon, ask->typo, ask->work, &typo_visitor);
    return probe.stock;
}
