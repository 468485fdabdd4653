/* Places by what somebody types: exact, ranked, in a few milliseconds among millions.
 *
 * A place is found by its names, by the words for its category (its labels, its sign and the
 * operator's other words), by those for what it offers, and by its address; every term of the
 * phrase must be found in one of them. How well says the term's tier (term.h), the best it has in
 * the place; a place's tier is the worst of its terms', or, where that is one of the first six, the
 * better one that all terms joined have. Better tiers go first whatever lies nearer; within
 * one, the order is the caller's: distances, or what else does not change by itself.
 *
 * What a place offers, its address, and typing errors are looked for only where the rest gave fewer
 * places than are wanted, which changes nothing in what is found. Where many places are found, they
 * are not all ranked: the caller walks over places in its order, the first ones that have the best
 * tier of all are the answer, and only where that takes too long all are looked at. */
#ifndef YZ_GEO_PLACE_FINDER_H
#define YZ_GEO_PLACE_FINDER_H

#include "geo/place/lexicon.h"
#include "geo/place/phrase.h"

enum { FINDER_PARTS = 4, FINDER_AMENITIES = 64 };

/* What is searched: runs of documents, each with a lexicon. A document's number is `first` of its
 * part and its number there; callbacks are told that. All borrowed. */
struct finder_docs {
    struct finder_part {
        const struct lexicon *lexicon;
        uint32_t first;
    } parts[FINDER_PARTS];
    size_t part_count;
    /* Document c has the words of category c as its names, LEXICON_CATEGORIES + a those of amenity
     * a. NULL: only names and addresses count. */
    const struct lexicon *labels;

    void *user;
    /* Whether a document may be found. */
    bool (*keep)(void *user, uint32_t doc);
    /* Its rank, lower first; false: it is above `limit`. */
    bool (*rank)(void *user, uint32_t doc, double limit, double *rank);
    /* Of documents of equal rank that with the lower id goes first. */
    int64_t (*id)(void *user, uint32_t doc);
    /* Bits, asked with `offering`; NULL: nothing is offered. */
    uint64_t (*amenities)(const void *offering, uint32_t doc);
    const void *offering;
    /* Visits documents, at least those that are kept, ranks ascending, until `visit` returns false
     * or it has had enough; `*all` tells that there are no others. NULL where there is no such
     * order at hand. Its errors are returned. */
    enum err (*walk)(void *user, bool (*visit)(void *visitor, uint32_t doc, double rank),
                     void *visitor, bool *all);
};

struct finder_hit {
    uint32_t doc;
    enum term_tier tier;
    double rank;
    int64_t id;
};

/* What has been learned of a lexicon's texts about one term. */
struct finder_memo {
    uint8_t *tiers; /* by text: tier + 1; 0: not known, or none */
    uint32_t size;
    uint32_t *touched; /* texts of which it is known */
    uint32_t touched_count, touched_size;
    bool flooded;     /* there are more than the list holds */
    uint16_t present; /* tiers that are known of any, as bits */
};

/* One thread's workspace; zero-initialised is fresh. Stops allocating once warm. Holds a byte a
 * text for each term that was ever asked for in one phrase. */
struct finder_work {
    struct finder_memo memos[FINDER_PARTS + 1][PHRASE_TERMS + 1];
    struct lexicon_typo_work *typos;
    struct find *judge; /* finder.c's own */
};
void finder_work_fini(struct finder_work *work);

/* Finds the best `limit` documents for a phrase, best first. `names_only` leaves out labels, what
 * is offered and addresses. ERR_NOMEM. */
enum err finder_find(const struct finder_docs *docs, const struct phrase *phrase, bool names_only,
                     struct finder_work *work, struct finder_hit *hits, uint32_t limit,
                     uint32_t *count);

/* Prepares for asking of single documents, as a search in another order does. Borrows all until the
 * workspace is used for something else. ERR_NOMEM. */
enum err finder_begin(const struct finder_docs *docs, const struct phrase *phrase, bool names_only,
                      struct finder_work *work);
/* The tier that finder_find would give a document, which need not be kept; TERM_NONE: it is not
 * found. Stops allocating once warm. */
enum term_tier finder_tier(struct finder_work *work, uint32_t doc);

/* The tier that a name of its own has for a phrase, by the same rules. */
enum term_tier finder_name_tier(const struct phrase *phrase, const char *name, size_t len);

#endif
