/* Sorting what was told into flat arrays. Everything is counted, summed up and set, in time that
 * grows with the number of units alone, but for the order of words. */
#include "geo/place/lexicon.h"
#include "geo/place/lexicon_post.h"
#include "geo/place/lexicon_texts.h"
#include "geo/place/unihan.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES, PIECES, KINDS, BATCH = 64, TOLD = 4 * BATCH };
static const uint32_t piece_bit = UINT32_C(1) << 31; /* of a document's text, while it is told */

struct lexicon_builder {
    struct lexicon_words words;
    struct lexicon_texts texts[KINDS];
    uint32_t *doc_first, *doc_texts;
    uint8_t *categories;
    size_t first_size, text_size, category_size;
    uint32_t doc_count, doc_text_count, category_count;
    struct units units; /* workspace */
    /* What was told and is looked up together: texts by kind, and in which order they and the ends
     * of documents came. */
    struct lexicon_coded pending[KINDS][BATCH];
    uint16_t codes[KINDS][BATCH][LEXICON_CODES];
    struct {
        uint8_t kind;
        bool ends; /* no text, but the end of a document */
    } told[TOLD];
    size_t pending_count[KINDS], told_count;
};

enum err lexicon_builder_new(struct lexicon_builder **builder)
{
    struct lexicon_builder *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    if (!lexicon_grow((void **)&made->doc_first, &made->first_size, 1, sizeof *made->doc_first)) {
        free(made);
        return ERR_NOMEM;
    }
    made->doc_first[0] = 0;
    *builder = made;
    return ERR_OK;
}

void lexicon_builder_free(struct lexicon_builder *builder)
{
    if (!builder) return;
    lexicon_words_fini(&builder->words);
    for (int k = 0; k < KINDS; k++)
        lexicon_texts_fini(&builder->texts[k]);
    free(builder->doc_first);
    free(builder->doc_texts);
    free(builder->categories);
    free(builder);
}

/* Gives the document at hand a text. */
static enum err give(struct lexicon_builder *builder, int kind, const struct lexicon_coded *coded)
{
    uint32_t text = 0, first = builder->doc_first[builder->doc_count];
    enum err e = lexicon_texts_put(&builder->texts[kind], coded, &text);
    if (e) return e;
    if (kind == PIECES) text |= piece_bit;
    for (uint32_t i = first; i < builder->doc_text_count; i++)
        if (builder->doc_texts[i] == text) return ERR_OK;
    if (builder->doc_text_count == UINT32_MAX) return ERR_LIMIT;
    if (!lexicon_grow((void **)&builder->doc_texts, &builder->text_size,
                      builder->doc_text_count + (size_t)1, sizeof text))
        return ERR_NOMEM;
    builder->doc_texts[builder->doc_text_count++] = text;
    return ERR_OK;
}

static enum err end_doc(struct lexicon_builder *builder)
{
    if (!lexicon_grow((void **)&builder->doc_first, &builder->first_size,
                      builder->doc_count + (size_t)2, sizeof *builder->doc_first))
        return ERR_NOMEM;
    builder->doc_first[++builder->doc_count] = builder->doc_text_count;
    return ERR_OK;
}

/* Looks up what was told, in its order. */
static enum err flush(struct lexicon_builder *builder)
{
    size_t next[KINDS] = {0};
    enum err e = ERR_OK;
    for (int k = 0; k < KINDS; k++)
        lexicon_texts_fetch(&builder->texts[k], builder->pending[k], builder->pending_count[k]);
    for (size_t i = 0; i < builder->told_count && !e; i++) {
        int kind = builder->told[i].kind;
        e = builder->told[i].ends ? end_doc(builder)
                                  : give(builder, kind, &builder->pending[kind][next[kind]++]);
    }
    memset(builder->pending_count, 0, sizeof builder->pending_count);
    builder->told_count = 0;
    return e;
}

static enum err add(struct lexicon_builder *builder, int kind, const struct unit *units,
                    size_t count)
{
    enum err e = ERR_OK;
    if (builder->pending_count[kind] == BATCH || builder->told_count == TOLD) e = flush(builder);
    if (e) return e;
    size_t at = builder->pending_count[kind];
    e = lexicon_texts_encode(&builder->words, units, count, builder->codes[kind][at],
                             &builder->pending[kind][at]);
    if (e) return e;
    builder->pending_count[kind]++;
    builder->told[builder->told_count].kind = (uint8_t)kind;
    builder->told[builder->told_count++].ends = false;
    return ERR_OK;
}

enum err lexicon_add_name(struct lexicon_builder *builder, const char *text, size_t len)
{
    units_cut(text, len, &builder->units);
    size_t count = builder->units.count;
    return count ? add(builder, NAMES, builder->units.at, count) : ERR_OK;
}

enum err lexicon_add_address(struct lexicon_builder *builder, const char *text, size_t len)
{
    units_cut(text, len, &builder->units);
    const struct unit *units = builder->units.at;
    enum err e = ERR_OK;
    for (size_t i = 0, end, count = builder->units.count; i < count && !e; i = end) {
        for (end = i + 1; end < count && !unit_is_number(&units[end]);)
            end++;
        e = add(builder, PIECES, units + i, end - i);
    }
    return e;
}

enum err lexicon_end_doc(struct lexicon_builder *builder, unsigned category)
{
    if (category >= LEXICON_CATEGORIES) return ERR_RANGE;
    enum err e = builder->told_count == TOLD ? flush(builder) : ERR_OK;
    if (e) return e;
    if (!lexicon_grow((void **)&builder->categories, &builder->category_size,
                      builder->category_count + (size_t)1, 1))
        return ERR_NOMEM;
    builder->categories[builder->category_count++] = (uint8_t)category;
    builder->told[builder->told_count].kind = 0;
    builder->told[builder->told_count++].ends = true;
    return ERR_OK;
}

/* ---- an array of its own, counted ---- */

static void *array(struct lexicon *lexicon, size_t count, size_t item)
{
    lexicon->bytes += count * item;
    return calloc(count + 1, item);
}

/* Counts at `first + i + 1` become positions. */
static void sum_up(uint32_t *first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        first[i + 1] += first[i];
}

/* ---- words, in order ---- */

struct ranked {
    uint64_t head; /* its first letters: they settle most comparisons */
    uint32_t word;
};

static int compare_words(const void *a, const void *b, void *user)
{
    const struct ranked *x = a, *y = b;
    const struct lexicon_words *words = user;
    if (x->head != y->head) return x->head < y->head ? -1 : 1;
    size_t x_len = words->at[x->word + 1] - words->at[x->word];
    size_t y_len = words->at[y->word + 1] - words->at[y->word];
    int order = memcmp(words->letters + words->at[x->word], words->letters + words->at[y->word],
                       x_len < y_len ? x_len : y_len);
    return order ? order : x_len < y_len ? -1 : x_len > y_len;
}

static uint32_t letter_mask(const char *word, size_t len)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < len; i++)
        if (word[i] >= 'a') mask |= UINT32_C(1) << (word[i] - 'a');
    return mask;
}

static enum err set_words(struct lexicon *lexicon, const struct lexicon_words *words,
                          uint32_t *numbers)
{
    uint32_t count = words->count;
    struct ranked *ranked = malloc((count + (size_t)1) * sizeof *ranked);
    lexicon->word_at = array(lexicon, count + (size_t)1, sizeof *lexicon->word_at);
    lexicon->letters = array(lexicon, words->letter_count, 1);
    lexicon->word_masks = array(lexicon, count, sizeof *lexicon->word_masks);
    lexicon->word_first = array(lexicon, count + (size_t)1, sizeof *lexicon->word_first);
    if (!ranked || !lexicon->word_at || !lexicon->letters || !lexicon->word_masks ||
        !lexicon->word_first) {
        free(ranked);
        return ERR_NOMEM;
    }
    for (uint32_t w = 0; w < count; w++) {
        ranked[w] = (struct ranked){0, w};
        for (uint32_t i = 0; i < 8; i++) {
            uint32_t at = words->at[w] + i;
            uint64_t letter = at < words->at[w + 1] ? (unsigned char)words->letters[at] : 0;
            ranked[w].head = ranked[w].head << 8 | letter;
        }
    }
    qsort_r(ranked, count, sizeof *ranked, compare_words, (void *)words);
    for (uint32_t r = 0; r < count; r++) {
        uint32_t w = ranked[r].word, from = words->at[w], len = words->at[w + 1] - from;
        memcpy(lexicon->letters + lexicon->word_at[r], words->letters + from, len);
        lexicon->word_at[r + 1] = lexicon->word_at[r] + len;
        lexicon->word_masks[r] = letter_mask(words->letters + from, len);
        numbers[w] = r;
    }
    lexicon->word_count = count;
    free(ranked);
    return ERR_OK;
}

/* ---- texts ---- */

/* Copies the codes of one kind, words by their new numbers. */
static void copy_texts(struct lexicon *lexicon, const struct lexicon_texts *texts,
                       const uint32_t *numbers)
{
    for (uint32_t t = 0; t < texts->count; t++) {
        uint32_t text = lexicon->text_count++, len = texts->at[t + 1] - texts->at[t];
        uint16_t *to = lexicon->codes + lexicon->code_first[text];
        memcpy(to, texts->codes + texts->at[t], len * sizeof *to);
        lexicon->code_first[text + 1] = lexicon->code_first[text] + len;
        lexicon->units[text] = texts->units[t];
        for (uint32_t i = 0; i < len; i++) {
            if (to[i] < LEXICON_CODE_WORD || to[i] >= LEXICON_CODE_WORD_END) continue;
            uint32_t number = numbers[(uint32_t)(to[i] - LEXICON_CODE_WORD) << 16 | to[i + 1]];
            to[i] = (uint16_t)(LEXICON_CODE_WORD + (number >> 16));
            to[++i] = (uint16_t)(number & 0xffff);
        }
    }
}

static enum err set_texts(struct lexicon *lexicon, const struct lexicon_builder *builder,
                          const uint32_t *numbers)
{
    const struct lexicon_texts *names = &builder->texts[NAMES], *pieces = &builder->texts[PIECES];
    size_t count = (size_t)names->count + pieces->count;
    if (count > LEXICON_TEXTS || names->code_count + pieces->code_count > UINT32_MAX)
        return ERR_LIMIT;
    lexicon->codes = array(lexicon, names->code_count + pieces->code_count, sizeof(uint16_t));
    lexicon->code_first = array(lexicon, count + 1, sizeof *lexicon->code_first);
    lexicon->units = array(lexicon, count, 1);
    if (!lexicon->codes || !lexicon->code_first || !lexicon->units) return ERR_NOMEM;
    copy_texts(lexicon, names, numbers);
    lexicon->name_count = lexicon->text_count;
    copy_texts(lexicon, pieces, numbers);
    return ERR_OK;
}

/* ---- documents ---- */

static enum err set_docs(struct lexicon *lexicon, const struct lexicon_builder *builder)
{
    uint32_t docs = builder->doc_count, refs = builder->doc_text_count;
    uint32_t *next = malloc((lexicon->text_count + (size_t)1) * sizeof *next);
    lexicon->doc_first = array(lexicon, docs + (size_t)1, sizeof *lexicon->doc_first);
    lexicon->doc_texts = array(lexicon, refs, sizeof *lexicon->doc_texts);
    lexicon->categories = array(lexicon, docs, 1);
    lexicon->text_first =
        array(lexicon, lexicon->text_count + (size_t)1, sizeof *lexicon->text_first);
    lexicon->text_docs = array(lexicon, refs, sizeof *lexicon->text_docs);
    if (!next || !lexicon->doc_first || !lexicon->doc_texts || !lexicon->categories ||
        !lexicon->text_first || !lexicon->text_docs) {
        free(next);
        return ERR_NOMEM;
    }
    memcpy(lexicon->doc_first, builder->doc_first, (docs + (size_t)1) * sizeof(uint32_t));
    if (docs) memcpy(lexicon->categories, builder->categories, docs);
    for (uint32_t d = 0; d < docs; d++)
        lexicon->category_counts[lexicon->categories[d]]++;
    for (uint32_t i = 0; i < refs; i++) {
        uint32_t text = builder->doc_texts[i];
        text = text & piece_bit ? (text & ~piece_bit) + lexicon->name_count : text;
        lexicon->doc_texts[i] = text;
        lexicon->text_first[text + 1]++;
    }
    sum_up(lexicon->text_first, lexicon->text_count);
    memcpy(next, lexicon->text_first, lexicon->text_count * sizeof *next);
    for (uint32_t d = 0; d < docs; d++)
        for (uint32_t i = lexicon->doc_first[d]; i < lexicon->doc_first[d + 1]; i++)
            lexicon->text_docs[next[lexicon->doc_texts[i]]++] = d;
    lexicon->doc_count = docs;
    free(next);
    return ERR_OK;
}

enum err lexicon_build(struct lexicon_builder *builder, const struct progress *progress,
                       struct lexicon **lexicon)
{
    enum err e = flush(builder);
    if (e) return e;
    struct lexicon *made = calloc(1, sizeof *made);
    uint32_t *numbers = malloc((builder->words.count + (size_t)1) * sizeof *numbers);
    e = made && numbers ? set_words(made, &builder->words, numbers) : ERR_NOMEM;
    if (!e && !progress_say(progress, "words", 1, 4)) e = ERR_CANCELLED;
    if (!e) e = set_texts(made, builder, numbers);
    if (!e && !progress_say(progress, "words", 2, 4)) e = ERR_CANCELLED;
    if (!e) e = set_docs(made, builder);
    if (!e && !progress_say(progress, "words", 3, 4)) e = ERR_CANCELLED;
    if (!e) e = lexicon_post(made);
    free(numbers);
    if (e) {
        lexicon_free(made);
        return e;
    }
    made->bytes += sizeof *made;
    *lexicon = made;
    return ERR_OK;
}

void lexicon_free(struct lexicon *lexicon)
{
    if (!lexicon) return;
    void *const arrays[] = {lexicon->doc_first, lexicon->doc_texts,  lexicon->text_first,
                            lexicon->text_docs, lexicon->categories, lexicon->code_first,
                            lexicon->codes,     lexicon->units,      lexicon->word_at,
                            lexicon->letters,   lexicon->word_masks, lexicon->word_first,
                            lexicon->signs,     lexicon->sign_masks, lexicon->sign_first,
                            lexicon->seconds,   lexicon->key_first,  lexicon->postings};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    free(lexicon);
}
