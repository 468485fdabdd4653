/* The different texts and words of a lexicon while it is being told of: what lexicon_build.c
 * arranges. */
#ifndef YZ_GEO_PLACE_LEXICON_TEXTS_H
#define YZ_GEO_PLACE_LEXICON_TEXTS_H

#include "geo/base/err.h"
#include "geo/place/lexicon_codes.h"

/* Growing arrays; `size` is in items. */
struct lexicon_words {
    char *letters;
    size_t letter_count, letter_size;
    uint32_t *at; /* `count` + 1 positions in `letters` */
    size_t at_size;
    uint32_t count;
    uint64_t *slots; /* open addressing: hash, and number + 1 */
    size_t slot_count;
};

struct lexicon_texts {
    uint16_t *codes;
    size_t code_count, code_size;
    uint32_t *at; /* `count` + 1 positions in `codes` */
    size_t at_size;
    uint8_t *units;
    size_t unit_size;
    uint32_t count;
    uint64_t *slots;
    size_t slot_count;
};

void lexicon_words_fini(struct lexicon_words *words);
void lexicon_texts_fini(struct lexicon_texts *texts);

/* Makes room for `need` items of `item` bytes, doubling. False: out of memory. */
bool lexicon_grow(void **array, size_t *size, size_t need, size_t item);

/* A text as codes. */
struct lexicon_coded {
    const uint16_t *codes;
    uint32_t hash;
    uint8_t len, units;
};

/* Writes the codes of `count` units, at most LEXICON_CODES, adding words that are new. ERR_NOMEM,
 * ERR_LIMIT. */
enum err lexicon_texts_encode(struct lexicon_words *words, const struct unit *units, size_t count,
                              uint16_t codes[LEXICON_CODES], struct lexicon_coded *coded);

/* Sends for what looking `count` texts up will read, which is mostly waited for. */
void lexicon_texts_fetch(struct lexicon_texts *texts, const struct lexicon_coded *coded,
                         size_t count);

/* The number of a text, added if it is new. ERR_NOMEM, ERR_LIMIT. */
enum err lexicon_texts_put(struct lexicon_texts *texts, const struct lexicon_coded *coded,
                           uint32_t *number);

#endif
