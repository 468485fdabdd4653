/* What a search learns about one term in the texts of one lexicon: all at once from its postings,
 * or text by text where it is asked. Part of finder.c. */
#ifndef YZ_GEO_PLACE_FINDER_MEMO_H
#define YZ_GEO_PLACE_FINDER_MEMO_H

#include "geo/place/finder.h"

struct finder_ask {
    const struct lexicon *lexicon;
    const struct term *term;
    const struct typo *typo; /* NULL: errors do not count */
    bool addresses;          /* they count */
    struct lexicon_typo_work *work;
};

void finder_memo_fini(struct finder_memo *memo);

/* Forgets all, and makes room for a lexicon's texts. False: out of memory. */
bool finder_memo_clear(struct finder_memo *memo, const struct lexicon *lexicon);

/* Learns of all texts that have the term; returns the best tier. */
enum term_tier finder_memo_fill(struct finder_memo *memo, const struct finder_ask *ask);

/* What is known of a text after that. */
static inline enum term_tier finder_memo_get(const struct finder_memo *memo, uint32_t text)
{
    return memo->tiers[text] ? (enum term_tier)(memo->tiers[text] - 1) : TERM_NONE;
}

/* The tier of one text, learned now if it was not known. Not to be mixed with filling. */
enum term_tier finder_memo_learn(struct finder_memo *memo, const struct finder_ask *ask,
                                 uint32_t text);

/* What there is of a term, without learning it: the best tier, exactly, of all or, unless
 * `narrow`, from TERM_OFFERED on; and about how many documents have a text that has it. */
struct finder_stock {
    enum term_tier best;
    uint64_t docs;
};
struct finder_stock finder_memo_probe(const struct finder_ask *ask, bool narrow);

#endif
