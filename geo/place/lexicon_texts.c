#include "geo/place/lexicon_texts.h"

#include "geo/place/lexicon.h"

#include <stdlib.h>
#include <string.h>

void lexicon_words_fini(struct lexicon_words *words)
{
    free(words->letters);
    free(words->at);
    free(words->slots);
}

void lexicon_texts_fini(struct lexicon_texts *texts)
{
    free(texts->codes);
    free(texts->at);
    free(texts->units);
    free(texts->slots);
}

bool lexicon_grow(void **array, size_t *size, size_t need, size_t item)
{
    if (need <= *size) return true;
    size_t more = *size ? *size * 2 : 64;
    while (more < need)
        more *= 2;
    void *grown = realloc(*array, more * item);
    if (!grown) return false;
    *array = grown;
    *size = more;
    return true;
}

/* Eight bytes at a time, multiplied and folded; the constant is 2^64 divided by the golden ratio
 * (D. E. Knuth, The Art of Computer Programming 3, 6.4). */
static uint32_t hash(const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    uint64_t h = len;
    for (; len > 0; p += 8) {
        uint64_t piece = 0;
        size_t n = len < 8 ? len : 8;
        memcpy(&piece, p, n);
        h = (h ^ piece) * 0x9e3779b97f4a7c15u;
        h ^= h >> 29;
        len -= n;
    }
    return (uint32_t)(h ^ h >> 32);
}

/* Where something is, or would be: whatever is compared is bytes between two positions. */
static uint32_t *find(uint32_t *slots, size_t slot_count, const char *bytes, const uint32_t *at,
                      size_t item, const void *wanted, size_t len)
{
    size_t mask = slot_count - 1;
    for (size_t i = hash(wanted, len) & mask;; i = (i + 1) & mask) {
        uint32_t slot = slots[i];
        if (!slot) return &slots[i];
        size_t first = at[slot - 1] * item, end = at[slot] * item;
        if (end - first == len && memcmp(bytes + first, wanted, len) == 0) return &slots[i];
    }
}

/* Keeps the table at most half full. */
static bool grow_slots(uint32_t **slots, size_t *slot_count, uint32_t count, const char *bytes,
                       const uint32_t *at, size_t item)
{
    if ((size_t)count * 2 < *slot_count) return true;
    size_t more = *slot_count ? *slot_count * 4 : 256;
    uint32_t *grown = calloc(more, sizeof *grown);
    if (!grown) return false;
    free(*slots);
    *slots = grown;
    *slot_count = more;
    for (uint32_t i = 0; i < count; i++)
        *find(grown, more, bytes, at, item, bytes + at[i] * item, (at[i + 1] - at[i]) * item) =
            i + 1;
    return true;
}

static enum err put_word(struct lexicon_words *words, const struct unit *unit, uint32_t *number)
{
    uint32_t count = words->count;
    if (!grow_slots(&words->slots, &words->slot_count, count, words->letters, words->at, 1) ||
        !lexicon_grow((void **)&words->at, &words->at_size, count + 2u, sizeof *words->at) ||
        !lexicon_grow((void **)&words->letters, &words->letter_size,
                      words->letter_count + unit->len, 1))
        return ERR_NOMEM;
    if (count == 0) words->at[0] = 0;
    uint32_t *slot =
        find(words->slots, words->slot_count, words->letters, words->at, 1, unit->word, unit->len);
    if (!*slot) {
        if (count == LEXICON_WORDS || words->letter_count + unit->len > UINT32_MAX)
            return ERR_LIMIT;
        memcpy(words->letters + words->letter_count, unit->word, unit->len);
        words->letter_count += unit->len;
        words->at[++words->count] = (uint32_t)words->letter_count;
        *slot = words->count;
    }
    *number = *slot - 1;
    return ERR_OK;
}

static size_t put_sign(uint16_t *codes, uint32_t sign)
{
    if (sign < 0x10000) {
        codes[0] = (uint16_t)sign;
        return 1;
    }
    codes[0] = (uint16_t)(LEXICON_CODE_HIGH | (sign - 0x10000) >> 10);
    codes[1] = (uint16_t)(0xdc00 | (sign & 0x3ff));
    return 2;
}

static enum err encode(struct lexicon_words *words, const struct unit *units, size_t count,
                       uint16_t codes[LEXICON_CODES], size_t *code_count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (units[i].sign) {
            if (i > 0 && units[i].blank && units[i - 1].sign) codes[n++] = LEXICON_CODE_SPACE;
            n += put_sign(codes + n, units[i].sign);
            continue;
        }
        uint32_t word = 0;
        enum err e = put_word(words, &units[i], &word);
        if (e) return e;
        codes[n++] = (uint16_t)(LEXICON_CODE_WORD + (word >> 16));
        codes[n++] = (uint16_t)(word & 0xffff);
    }
    *code_count = n;
    return ERR_OK;
}

enum err lexicon_texts_put(struct lexicon_texts *texts, struct lexicon_words *words,
                           const struct unit *units, size_t count, uint32_t *number)
{
    uint16_t codes[LEXICON_CODES];
    size_t len = 0;
    uint32_t have = texts->count;
    enum err e = encode(words, units, count, codes, &len);
    if (e) return e;
    if (!grow_slots(&texts->slots, &texts->slot_count, have, (const char *)texts->codes, texts->at,
                    sizeof *codes) ||
        !lexicon_grow((void **)&texts->at, &texts->at_size, have + 2u, sizeof *texts->at) ||
        !lexicon_grow((void **)&texts->units, &texts->unit_size, have + 1u, 1) ||
        !lexicon_grow((void **)&texts->codes, &texts->code_size, texts->code_count + len,
                      sizeof *codes))
        return ERR_NOMEM;
    if (have == 0) texts->at[0] = 0;
    uint32_t *slot = find(texts->slots, texts->slot_count, (const char *)texts->codes, texts->at,
                          sizeof *codes, codes, len * sizeof *codes);
    if (!*slot) {
        if (have == LEXICON_TEXTS || texts->code_count + len > UINT32_MAX) return ERR_LIMIT;
        memcpy(texts->codes + texts->code_count, codes, len * sizeof *codes);
        texts->code_count += len;
        texts->units[have] = (uint8_t)count;
        texts->at[++texts->count] = (uint32_t)texts->code_count;
        *slot = texts->count;
    }
    *number = *slot - 1;
    return ERR_OK;
}
