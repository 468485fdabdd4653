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

/* What is kept once: bytes between two positions. */
struct store {
    uint64_t **slots;
    size_t *slot_count;
    const void *bytes;
    const uint32_t *at;
    uint32_t count;
    size_t item; /* bytes of a position */
};

/* Keeps the table at most half full. */
static bool grow_slots(const struct store *store)
{
    size_t have = *store->slot_count;
    if ((size_t)store->count * 2 < have) return true;
    size_t more = have ? have * 4 : 256;
    uint64_t *grown = calloc(more, sizeof *grown);
    if (!grown) return false;
    for (size_t i = 0; i < have; i++) {
        uint64_t slot = (*store->slots)[i];
        size_t to = slot >> 32 & (more - 1);
        if (!slot) continue;
        while (grown[to])
            to = (to + 1) & (more - 1);
        grown[to] = slot;
    }
    free(*store->slots);
    *store->slots = grown;
    *store->slot_count = more;
    return true;
}

/* Where something is, or would be. */
static uint64_t *find(const struct store *store, const void *wanted, size_t len, uint32_t hashed)
{
    size_t mask = *store->slot_count - 1;
    for (size_t i = hashed & mask;; i = (i + 1) & mask) {
        uint64_t *slot = &(*store->slots)[i], held = *slot;
        if (!held) return slot;
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): slots are calloc'd */
        if (held >> 32 != hashed) continue;
        uint32_t number = (uint32_t)held - 1;
        size_t first = store->at[number] * store->item, end = store->at[number + 1] * store->item;
        if (end - first == len && memcmp((const char *)store->bytes + first, wanted, len) == 0)
            return slot;
    }
}

static enum err put_word(struct lexicon_words *words, const struct unit *unit, uint32_t *number)
{
    uint32_t count = words->count, hashed = hash(unit->word, unit->len);
    struct store store = {&words->slots, &words->slot_count, NULL, NULL, count, 1};
    if (!grow_slots(&store) ||
        !lexicon_grow((void **)&words->at, &words->at_size, count + 2u, sizeof *words->at) ||
        !lexicon_grow((void **)&words->letters, &words->letter_size,
                      words->letter_count + unit->len, 1))
        return ERR_NOMEM;
    if (count == 0) words->at[0] = 0;
    store.bytes = words->letters;
    store.at = words->at;
    uint64_t *slot = find(&store, unit->word, unit->len, hashed);
    if (!*slot) {
        if (count == LEXICON_WORDS || words->letter_count + unit->len > UINT32_MAX)
            return ERR_LIMIT;
        memcpy(words->letters + words->letter_count, unit->word, unit->len);
        words->letter_count += unit->len;
        words->at[++words->count] = (uint32_t)words->letter_count;
        *slot = (uint64_t)hashed << 32 | words->count;
    }
    *number = (uint32_t)*slot - 1;
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

enum err lexicon_texts_encode(struct lexicon_words *words, const struct unit *units, size_t count,
                              uint16_t codes[LEXICON_CODES], struct lexicon_coded *coded)
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
    *coded =
        (struct lexicon_coded){codes, hash(codes, n * sizeof *codes), (uint8_t)n, (uint8_t)count};
    return ERR_OK;
}

static struct store store_of(struct lexicon_texts *texts)
{
    return (struct store){&texts->slots, &texts->slot_count, texts->codes,
                          texts->at,     texts->count,       sizeof *texts->codes};
}

void lexicon_texts_fetch(struct lexicon_texts *texts, const struct lexicon_coded *coded,
                         size_t count)
{
    size_t mask = texts->slot_count - 1;
    if (!texts->slot_count) return;
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&texts->slots[coded[i].hash & mask]);
    for (size_t i = 0; i < count; i++) {
        uint64_t held = texts->slots[coded[i].hash & mask];
        if (held && held >> 32 == coded[i].hash) __builtin_prefetch(&texts->at[(uint32_t)held - 1]);
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t held = texts->slots[coded[i].hash & mask];
        if (held && held >> 32 == coded[i].hash)
            __builtin_prefetch(&texts->codes[texts->at[(uint32_t)held - 1]]);
    }
}

enum err lexicon_texts_put(struct lexicon_texts *texts, const struct lexicon_coded *coded,
                           uint32_t *number)
{
    size_t len = coded->len, bytes = len * sizeof *coded->codes;
    uint32_t have = texts->count;
    struct store store = store_of(texts);
    if (!grow_slots(&store) ||
        !lexicon_grow((void **)&texts->at, &texts->at_size, have + 2u, sizeof *texts->at) ||
        !lexicon_grow((void **)&texts->units, &texts->unit_size, have + 1u, 1) ||
        !lexicon_grow((void **)&texts->codes, &texts->code_size, texts->code_count + len,
                      sizeof *texts->codes))
        return ERR_NOMEM;
    if (have == 0) texts->at[0] = 0;
    store = store_of(texts);
    uint64_t *slot = find(&store, coded->codes, bytes, coded->hash);
    if (!*slot) {
        if (have == LEXICON_TEXTS || texts->code_count + len > UINT32_MAX) return ERR_LIMIT;
        memcpy(texts->codes + texts->code_count, coded->codes, bytes);
        texts->code_count += len;
        texts->units[have] = coded->units;
        texts->at[++texts->count] = (uint32_t)texts->code_count;
        *slot = (uint64_t)coded->hash << 32 | texts->count;
    }
    *number = (uint32_t)*slot - 1;
    return ERR_OK;
}
