#include "geo/place/finder.h"

#include "geo/place/finder_memo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Up to so many documents are looked at one by one; of more, the nearest are walked over first. */
enum { FEW = 1024 };

static const uint8_t none = TERM_NONE;

struct find {
    const struct finder_docs *docs;
    const struct phrase *phrase;
    struct finder_work *work;
    size_t terms; /* and one more where they are joined */
    bool joined;  /* there are several */
    bool names_only;
    bool labelled;       /* labels count */
    bool wide;           /* offers, addresses and errors count */
    size_t rarest;       /* the term that is looked up; others are tried where it is found */
    bool filled;         /* it has been */
    enum term_tier best; /* no document is better */
    uint64_t docs_found; /* about so many may have the rarest term */
    uint8_t labels[PHRASE_TERMS + 1][LEXICON_CATEGORIES]; /* tier by category */
    uint64_t offers[PHRASE_TERMS + 1];
    struct typo typos[PHRASE_TERMS];
    struct finder_hit *hits; /* best first */
    uint32_t limit, count;
    uint32_t known; /* hits that the narrow search found: all that there are of its tiers */
    uint32_t good;  /* while walking */
    double far;     /* rank of the last good one that is wanted */
    bool done;      /* nothing better can be found elsewhere */
};

static const struct term *term_of(const struct find *find, size_t i)
{
    return i < find->terms ? &find->phrase->terms[i] : &find->phrase->joined;
}

static struct finder_ask ask_of(const struct find *find, const struct lexicon *lexicon, size_t i)
{
    bool is_joined = i == find->terms;
    return (struct finder_ask){.lexicon = lexicon,
                               .term = term_of(find, i),
                               .typo = find->wide && !is_joined ? &find->typos[i] : NULL,
                               .addresses = find->wide && !is_joined && !find->names_only,
                               .work = find->work->typos};
}

/* ---- one document's tier ---- */

static enum term_tier better(enum term_tier a, enum term_tier b)
{
    return a < b ? a : b;
}

/* The best of a term in a document's own texts. */
static enum term_tier text_tier(const struct find *find, size_t part, uint32_t local, size_t i)
{
    const struct lexicon *lexicon = find->docs->parts[part].lexicon;
    struct finder_memo *memo = &find->work->memos[part][i];
    const struct finder_ask ask = ask_of(find, lexicon, i);
    enum term_tier tier = TERM_NONE;
    for (uint32_t at = lexicon->doc_first[local]; at < lexicon->doc_first[local + 1]; at++) {
        uint32_t text = lexicon->doc_texts[at];
        if (text >= lexicon->name_count && !ask.addresses) continue;
        tier =
            better(tier, find->filled && i == find->rarest ? finder_memo_get(memo, text)
                                                           : finder_memo_learn(memo, &ask, text));
    }
    return tier;
}

static bool is_offered(const struct find *find, size_t part, uint32_t local, size_t i)
{
    const struct finder_docs *docs = find->docs;
    return find->offers[i] &&
           docs->amenities(docs->offering, docs->parts[part].first + local) & find->offers[i];
}

static enum term_tier term_tier(const struct find *find, size_t part, uint32_t local, size_t i)
{
    const struct finder_docs *docs = find->docs;
    enum term_tier tier = text_tier(find, part, local, i);
    if (find->labelled)
        tier = better(tier, find->labels[i][docs->parts[part].lexicon->categories[local]]);
    if (tier > TERM_OFFERED && is_offered(find, part, local, i)) tier = TERM_OFFERED;
    return tier;
}

static enum term_tier doc_tier(const struct find *find, size_t part, uint32_t local)
{
    enum term_tier tier = term_tier(find, part, local, find->rarest);
    for (size_t i = 0; i < find->terms && tier != TERM_NONE; i++) {
        if (i == find->rarest) continue;
        enum term_tier other = term_tier(find, part, local, i);
        if (other > tier) tier = other;
    }
    if (tier <= TERM_INNER && find->joined) /* else a wide search would find what is better */
        tier = better(tier, term_tier(find, part, local, find->terms));
    return tier;
}

/* ---- the best so far ---- */

static bool goes_before(const struct finder_hit *a, const struct finder_hit *b)
{
    if (a->tier != b->tier) return a->tier < b->tier;
    return a->rank != b->rank ? a->rank < b->rank : a->id < b->id;
}

static void insert(struct find *find, struct finder_hit hit)
{
    uint32_t at = find->count;
    if (find->count == find->limit) {
        if (!goes_before(&hit, &find->hits[at - 1])) return;
        at--;
    } else {
        find->count++;
    }
    uint32_t from = 0, to = at; /* where it belongs */
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (goes_before(&hit, &find->hits[middle]))
            to = middle;
        else
            from = middle + 1;
    }
    memmove(&find->hits[from + 1], &find->hits[from], (at - from) * sizeof *find->hits);
    find->hits[from] = hit;
}

/* What the narrow search looks for is known when the wide one begins. */
static bool is_wanted(const struct find *find, enum term_tier tier)
{
    return tier != TERM_NONE && (!find->wide || tier > TERM_INNER);
}

static void consider(struct find *find, size_t part, uint32_t local)
{
    const struct finder_docs *docs = find->docs;
    uint32_t doc = docs->parts[part].first + local;
    struct finder_hit hit = {.doc = doc, .tier = doc_tier(find, part, local)};
    double limit = INFINITY;
    if (!is_wanted(find, hit.tier)) return;
    if (find->count == find->limit) {
        const struct finder_hit *worst = &find->hits[find->limit - 1];
        if (hit.tier > worst->tier) return;
        if (hit.tier == worst->tier) limit = worst->rank;
    }
    bool ranked = limit < INFINITY; /* then most are beyond it, which is quick to see */
    if (ranked && !docs->rank(docs->user, doc, limit, &hit.rank)) return;
    if (!docs->keep(docs->user, doc)) return;
    if (!ranked && !docs->rank(docs->user, doc, limit, &hit.rank)) return;
    hit.id = docs->id(docs->user, doc);
    insert(find, hit);
}

/* ---- one by one ---- */

/* Whether a document is due with a text, or TEXTS: with none, in the round of `tier`: it has that
 * tier by the rarest term, and the text is the first that does, so that it is looked at once. */
enum { TEXTS = LEXICON_TEXTS };
static bool is_due(const struct find *find, size_t part, uint32_t local, uint32_t text,
                   enum term_tier tier)
{
    const struct lexicon *lexicon = find->docs->parts[part].lexicon;
    const struct finder_memo *memo = &find->work->memos[part][find->rarest];
    uint32_t first = TEXTS;
    if (find->labelled && find->labels[find->rarest][lexicon->categories[local]] < tier)
        return false;
    for (uint32_t at = lexicon->doc_first[local]; at < lexicon->doc_first[local + 1]; at++) {
        enum term_tier own = finder_memo_get(memo, lexicon->doc_texts[at]);
        if (own < tier) return false;
        if (own == tier && first == TEXTS) first = lexicon->doc_texts[at];
    }
    if (tier > TERM_OFFERED && is_offered(find, part, local, find->rarest)) return false;
    return first == text;
}

/* Whether a document that has no better tier is no better than all that are kept: of many, most. */
static bool is_hopeless(const struct find *find, size_t part, uint32_t local, enum term_tier tier)
{
    const struct finder_docs *docs = find->docs;
    const struct finder_hit *worst = &find->hits[find->limit - 1];
    double rank;
    if (find->joined || find->count < find->limit || worst->tier > tier) return false;
    return worst->tier < tier ||
           !docs->rank(docs->user, docs->parts[part].first + local, worst->rank, &rank);
}

static void consider_text(struct find *find, size_t part, uint32_t text, enum term_tier tier)
{
    const struct lexicon *lexicon = find->docs->parts[part].lexicon;
    for (uint32_t at = lexicon->text_first[text]; at < lexicon->text_first[text + 1]; at++) {
        uint32_t local = lexicon->text_docs[at];
        if (!is_hopeless(find, part, local, tier) && is_due(find, part, local, text, tier))
            consider(find, part, local);
    }
}

static void consider_texts(struct find *find, size_t part, enum term_tier tier)
{
    const struct lexicon *lexicon = find->docs->parts[part].lexicon;
    const struct finder_memo *memo = &find->work->memos[part][find->rarest];
    const uint8_t *tiers = memo->tiers, *end = tiers + lexicon->text_count, *at = tiers;
    if (!(memo->present >> tier & 1)) return;
    if (memo->flooded)
        while ((at = memchr(at, (int)tier + 1, (size_t)(end - at))))
            consider_text(find, part, (uint32_t)(at++ - tiers), tier);
    else
        for (uint32_t i = 0; i < memo->touched_count; i++)
            if (tiers[memo->touched[i]] == tier + 1)
                consider_text(find, part, memo->touched[i], tier);
}

/* Those that have the tier by their category, or by what they offer. */
static void consider_labelled(struct find *find, size_t part, enum term_tier tier)
{
    const struct lexicon *lexicon = find->docs->parts[part].lexicon;
    const uint8_t *labels = find->labels[find->rarest];
    bool offered = tier == TERM_OFFERED && find->offers[find->rarest], any = offered;
    for (size_t c = 0; c < LEXICON_CATEGORIES; c++)
        any = any || (labels[c] == tier && lexicon->category_counts[c]);
    for (uint32_t d = 0; d < lexicon->doc_count && any; d++)
        if ((labels[lexicon->categories[d]] == tier ||
             (offered && is_offered(find, part, d, find->rarest))) &&
            !is_hopeless(find, part, d, tier) && is_due(find, part, d, TEXTS, tier))
            consider(find, part, d);
}

/* In rounds, from the best tier that the rarest term has down. Of one term alone, what comes later
 * is worse. */
static void enumerate(struct find *find)
{
    for (int t = TERM_WHOLE; t < TERM_NONE; t++) {
        enum term_tier tier = (enum term_tier)t;
        if (!find->joined && !is_wanted(find, tier)) continue;
        for (size_t p = 0; p < find->docs->part_count; p++) {
            consider_texts(find, p, tier);
            consider_labelled(find, p, tier);
        }
        bool full = find->count == find->limit && find->hits[find->limit - 1].tier <= tier;
        if (full && !find->joined) return;
    }
}

/* ---- walking ---- */

/* The part that a document is in; `part_count`: in none. */
static size_t part_of(const struct finder_docs *docs, uint32_t doc)
{
    size_t part = 0;
    while (part < docs->part_count &&
           doc - docs->parts[part].first >= docs->parts[part].lexicon->doc_count)
        part++;
    return part;
}

static bool visit(void *visitor, uint32_t doc, double rank)
{
    struct find *find = visitor;
    const struct finder_docs *docs = find->docs;
    size_t part = part_of(docs, doc);
    find->done = find->good >= find->limit && rank > find->far;
    if (find->done) return false;
    if (part == docs->part_count) return true;
    struct finder_hit hit = {.doc = doc, .rank = rank};
    hit.tier = doc_tier(find, part, doc - docs->parts[part].first);
    if (is_wanted(find, hit.tier) && docs->keep(docs->user, doc)) {
        hit.id = docs->id(docs->user, doc);
        insert(find, hit);
        if (hit.tier <= find->best && ++find->good == find->limit) find->far = rank;
    }
    return true;
}

static enum err walk(struct find *find)
{
    const struct finder_docs *docs = find->docs;
    bool all = false;
    find->good = find->known;
    enum err e = docs->walk(docs->user, visit, find, &all);
    find->done = find->done || all;
    return e;
}

/* ---- what is found where ---- */

/* What of the labels a term is found in. */
static void look_at_labels(struct find *find, size_t i)
{
    const struct lexicon *labels = find->docs->labels;
    struct finder_memo *memo = &find->work->memos[FINDER_PARTS][i];
    struct finder_ask ask = ask_of(find, labels, i);
    (void)finder_memo_fill(memo, &ask);
    for (uint32_t d = 0; d < labels->doc_count; d++) {
        enum term_tier tier = TERM_NONE;
        for (uint32_t at = labels->doc_first[d]; at < labels->doc_first[d + 1]; at++)
            tier = better(tier, finder_memo_get(memo, labels->doc_texts[at]));
        if (d >= LEXICON_CATEGORIES) {
            bool offered =
                find->wide && i < find->terms && tier <= TERM_START && find->docs->amenities;
            if (offered) find->offers[i] |= UINT64_C(1) << (d - LEXICON_CATEGORIES);
            continue;
        }
        find->labels[i][d] = (uint8_t)tier;
    }
}

/* What there is of a term in all: in the labels, in what is offered, in texts. */
static struct finder_stock take_stock(struct find *find, size_t i)
{
    const struct finder_docs *docs = find->docs;
    struct finder_stock stock = {find->offers[i] ? TERM_OFFERED : TERM_NONE, 0};
    for (size_t p = 0; p < docs->part_count; p++) {
        const struct lexicon *lexicon = docs->parts[p].lexicon;
        for (size_t c = 0; c < LEXICON_CATEGORIES && find->labelled; c++) {
            enum term_tier tier = find->labels[i][c];
            if (tier == TERM_NONE || !lexicon->category_counts[c]) continue;
            if (is_wanted(find, tier)) stock.best = better(stock.best, tier);
            stock.docs += lexicon->category_counts[c];
        }
        if (find->offers[i]) stock.docs += lexicon->doc_count;
    }
    if (stock.best == TERM_WHOLE && stock.docs > FEW) return stock; /* that is enough to know */
    for (size_t p = 0; p < docs->part_count; p++) {
        const struct finder_ask ask = ask_of(find, docs->parts[p].lexicon, i);
        struct finder_stock own = finder_memo_probe(&ask, !find->wide);
        stock.best = better(stock.best, own.best);
        stock.docs += own.docs;
    }
    return stock;
}

/* Chooses the term to look up: the one that the fewest documents have. As to what is best: in a
 * narrow search no document is better than the worst of what terms are at their best, but where all
 * are joined; what is found by a wide one alone has one term at least that only that finds. */
static void survey(struct find *find)
{
    find->docs_found = UINT64_MAX;
    find->best = find->wide ? TERM_NONE : TERM_WHOLE;
    for (size_t i = 0; i < find->terms; i++) {
        if (find->labelled) look_at_labels(find, i);
        struct finder_stock stock = take_stock(find, i);
        if (find->wide ? stock.best < find->best : stock.best > find->best) find->best = stock.best;
        if (stock.docs >= find->docs_found) continue;
        find->docs_found = stock.docs;
        find->rarest = i;
    }
    if (!find->joined || find->wide || find->best == TERM_NONE) return;
    if (find->labelled) look_at_labels(find, find->terms);
    find->best = better(find->best, take_stock(find, find->terms).best);
}

static void look_up(struct find *find)
{
    size_t i = find->rarest;
    for (size_t p = 0; p < find->docs->part_count; p++) {
        struct finder_memo *memo = &find->work->memos[p][i];
        const struct finder_ask ask = ask_of(find, find->docs->parts[p].lexicon, i);
        (void)finder_memo_fill(memo, &ask);
    }
    find->filled = true;
}

static enum err prepare(struct find *find)
{
    memset(find->labels, none, sizeof find->labels);
    memset(find->offers, 0, sizeof find->offers);
    for (size_t i = 0; i <= find->terms; i++) {
        if (i == find->terms && !find->joined) break;
        for (size_t p = 0; p < find->docs->part_count; p++)
            if (!finder_memo_clear(&find->work->memos[p][i], find->docs->parts[p].lexicon))
                return ERR_NOMEM;
        if (find->labelled &&
            !finder_memo_clear(&find->work->memos[FINDER_PARTS][i], find->docs->labels))
            return ERR_NOMEM;
    }
    return ERR_OK;
}

static enum err search(struct find *find, bool wide)
{
    find->wide = wide;
    find->known = find->count;
    find->done = find->filled = false;
    enum err e = prepare(find);
    if (e) return e;
    survey(find);
    if (find->best == TERM_NONE) return ERR_OK;
    if (find->docs_found > FEW && find->docs->walk) e = walk(find);
    if (e || find->done) return e;
    find->count = find->known;
    look_up(find);
    enumerate(find);
    return ERR_OK;
}

static enum err start(struct find *find, const struct finder_docs *docs,
                      const struct phrase *phrase, bool names_only, struct finder_work *work)
{
    *find = (struct find){.docs = docs,
                          .phrase = phrase,
                          .work = work,
                          .terms = phrase->count,
                          .joined = phrase->count > 1,
                          .names_only = names_only,
                          .labelled = docs->labels && !names_only};
    if (!work->typos && !(work->typos = malloc(sizeof *work->typos))) return ERR_NOMEM;
    for (size_t i = 0; i < phrase->count; i++)
        typo_init(&phrase->terms[i], &find->typos[i]);
    return ERR_OK;
}

enum err finder_find(const struct finder_docs *docs, const struct phrase *phrase, bool names_only,
                     struct finder_work *work, struct finder_hit *hits, uint32_t limit,
                     uint32_t *count)
{
    struct find find;
    enum err e = start(&find, docs, phrase, names_only, work);
    find.hits = hits;
    find.limit = limit;
    if (!e && limit) e = search(&find, false);
    if (!e && find.count < limit) e = search(&find, true);
    if (!e) *count = find.count;
    return e;
}

enum err finder_begin(const struct finder_docs *docs, const struct phrase *phrase, bool names_only,
                      struct finder_work *work)
{
    if (!work->judge && !(work->judge = malloc(sizeof *work->judge))) return ERR_NOMEM;
    struct find *find = work->judge;
    enum err e = start(find, docs, phrase, names_only, work);
    find->wide = true;
    if (!e) e = prepare(find);
    for (size_t i = 0; !e && find->labelled && i < find->terms + find->joined; i++)
        look_at_labels(find, i);
    return e;
}

enum term_tier finder_tier(struct finder_work *work, uint32_t doc)
{
    const struct find *find = work->judge;
    size_t part = part_of(find->docs, doc);
    if (part == find->docs->part_count) return TERM_NONE;
    return doc_tier(find, part, doc - find->docs->parts[part].first);
}

void finder_work_fini(struct finder_work *work)
{
    for (size_t p = 0; p <= FINDER_PARTS; p++)
        for (size_t i = 0; i <= PHRASE_TERMS; i++)
            finder_memo_fini(&work->memos[p][i]);
    free(work->typos);
    free(work->judge);
    *work = (struct finder_work){.typos = NULL};
}

enum term_tier finder_name_tier(const struct phrase *phrase, const char *name, size_t len)
{
    struct units units;
    enum term_tier tier = TERM_WHOLE;
    units_cut(name, len, &units);
    for (size_t i = 0; i < phrase->count && tier != TERM_NONE; i++) {
        struct typo typo;
        enum term_tier own = term_in(&phrase->terms[i], units.at, units.count);
        typo_init(&phrase->terms[i], &typo);
        if (own > TERM_TYPO && typo_in(&typo, units.at, units.count)) own = TERM_TYPO;
        if (own > tier) tier = own;
    }
    if (tier <= TERM_INNER && phrase->count > 1)
        tier = better(tier, term_in(&phrase->joined, units.at, units.count));
    return tier;
}
