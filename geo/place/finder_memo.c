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
}

struct fill {
    struct finder_memo *memo;
    const struct finder_ask *ask;
    enum term_tier best;
};

static void put_found(struct fill *fill, uint32_t text, enum term_tier tier)
{
    if (text >= fill->ask->lexicon->name_count)
        tier = tier <= TERM_INSIDE ? TERM_ADDRESS : TERM_NONE;
    if (tier == TERM_NONE) return;
    put(fill->memo, text, tier);
    if (tier < fill->best) fill->best = tier;
}

/* Goes on from a seed's posting in the text itself. */
static enum term_tier follow(const struct finder_ask *ask, const struct lexicon_seed *seed,
                             uint32_t text, size_t at)
{
    struct unit units[UNITS_MAX];
    size_t count = lexicon_units(ask->lexicon, text, units);
    if (at < seed->back) return TERM_NONE;
    return term_follow(ask->term, seed->state, units, count, at - seed->back, seed->taken);
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
            tier = follow(ask, seed, text, at);
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
    if (!is_name) tier = tier <= TERM_INSIDE ? TERM_ADDRESS : TERM_NONE;
    if (is_name && tier > TERM_TYPO && ask->typo && typo_in(ask->typo, units, count))
        tier = TERM_TYPO;
    put(memo, text, tier);
    return tier;
}

static void add_cost(void *user, const struct lexicon_seed *seed)
{
    uint64_t *cost = user;
    *cost += seed->count;
}

uint64_t finder_memo_cost(const struct lexicon *lexicon, const struct term *term)
{
    uint64_t cost = 0;
    const struct lexicon_visitor visitor = {add_cost, &cost};
    lexicon_seeds(lexicon, term, &visitor);
    return cost;
}
