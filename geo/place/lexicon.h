/* The texts of many documents, by what begins where in them: what a search looks things up in.
 *
 * A document has names and addresses. Equal texts are kept once. Of an address the number counts by
 * itself: it is kept as pieces that each begin before a number, so that a street is kept once,
 * however many doors it has.
 *
 * For every unit of every text there is a posting: under the word, if it is one; under the sign and
 * the sign behind it otherwise. Words are in ascending order, so that those with one beginning lie
 * side by side, and so are signs. All is flat arrays; what is looked for at query time is at most a
 * few runs of postings. */
#ifndef YZ_GEO_PLACE_LEXICON_H
#define YZ_GEO_PLACE_LEXICON_H

#include "geo/base/err.h"
#include "geo/base/progress.h"
#include "geo/place/term.h"
#include "geo/place/typo.h"

#include <stddef.h>
#include <stdint.h>

/* A posting: text, whether there is a gap before the unit, and the unit's position. */
enum { LEXICON_AT_BITS = 6, LEXICON_TEXT_SHIFT = 7, LEXICON_TEXTS = 1 << 25 };
enum { LEXICON_CATEGORIES = 64 };
static inline uint32_t lexicon_posting_text(uint32_t posting)
{
    return posting >> LEXICON_TEXT_SHIFT;
}
static inline size_t lexicon_posting_at(uint32_t posting)
{
    return posting & ((1u << LEXICON_AT_BITS) - 1);
}
static inline bool lexicon_posting_gap(uint32_t posting)
{
    return posting >> LEXICON_AT_BITS & 1;
}

/* Read-only once built. A run of `first` ends where the next begins. */
struct lexicon {
    uint32_t doc_count, text_count, name_count; /* texts are names, and then pieces of addresses */
    uint32_t *doc_first, *doc_texts;            /* document → its texts */
    uint32_t *text_first, *text_docs;           /* text → documents, ascending */
    uint8_t *categories;                        /* of documents */
    uint32_t category_counts[LEXICON_CATEGORIES];
    uint32_t *code_first; /* text → codes: see lexicon_codes.h */
    uint16_t *codes;
    uint8_t *units; /* how many a text has */

    uint32_t word_count, sign_count, key_count;
    uint32_t *word_at; /* word → letters */
    char *letters;
    uint32_t *word_masks, *word_first; /* its letters as bits; its postings */
    uint32_t *signs;                   /* ascending code points; sign 0 stands for none */
    uint32_t *sign_masks;              /* letters that its readings begin with, as bits */
    uint32_t *sign_first;              /* sign → keys */
    uint32_t *seconds;                 /* key → the sign behind; 0: none follows */
    uint32_t *key_first;               /* key → postings */
    uint32_t *postings;                /* of words, and then of keys */
    size_t bytes;                      /* that all this takes */
};

struct lexicon_builder;
enum err lexicon_builder_new(struct lexicon_builder **builder);
void lexicon_builder_free(struct lexicon_builder *builder);
/* Add a text to the document that is being told; an empty one, or one it has, adds nothing. Copy
 * what they need. ERR_NOMEM, ERR_LIMIT beyond LEXICON_TEXTS different texts. */
enum err lexicon_add_name(struct lexicon_builder *builder, const char *text, size_t len);
enum err lexicon_add_address(struct lexicon_builder *builder, const char *text, size_t len);
/* Ends the document: 0, 1, ... by order. `category` is below 64. ERR_NOMEM. */
enum err lexicon_end_doc(struct lexicon_builder *builder, unsigned category);
/* The builder must still be freed. `progress` may be NULL. ERR_NOMEM, ERR_CANCELLED. */
enum err lexicon_build(struct lexicon_builder *builder, const struct progress *progress,
                       struct lexicon **lexicon);
void lexicon_free(struct lexicon *lexicon);

/* The units of a text; returns how many. `units` points into the lexicon. */
size_t lexicon_units(const struct lexicon *lexicon, uint32_t text, struct unit units[UNITS_MAX]);

/* Postings at which a term may begin: `state` is what has come of the `taken` units from there on,
 * the same for all of them; `more`: another unit follows for sure. */
struct lexicon_seed {
    const uint32_t *postings;
    uint32_t count;
    uint8_t taken;
    bool more;
    struct term_state state;
};
struct lexicon_visitor {
    void (*seed)(void *user, const struct lexicon_seed *seed);
    void *user;
};
/* Wherever a term is found in a text, it is at one of the seeds. A seed is valid while it is
 * visited. */
void lexicon_seeds(const struct lexicon *lexicon, const struct term *term,
                   const struct lexicon_visitor *visitor);

/* Goes on from a seed's posting in the text itself; the tier of what begins there. */
enum term_tier lexicon_follow(const struct lexicon *lexicon, const struct term *term,
                              const struct lexicon_seed *seed, uint32_t posting);

/* The same for what is found with errors. What is `sure` is found at each of its postings; the rest
 * may be (typo_signs). */
struct lexicon_typo {
    const uint32_t *postings;
    uint32_t count;
    bool sure;
};
struct lexicon_typo_visitor {
    void (*seed)(void *user, const struct lexicon_typo *seed);
    void *user;
};
enum { LEXICON_SYLLABLES = 512 };
struct lexicon_typo_work { /* nothing need be set */
    struct typo_rows rows[LEXICON_SYLLABLES];
    uint8_t pairs[LEXICON_SYLLABLES][LEXICON_SYLLABLES];
};
void lexicon_typos(const struct lexicon *lexicon, const struct typo *typo,
                   struct lexicon_typo_work *work, const struct lexicon_typo_visitor *visitor);

#endif
