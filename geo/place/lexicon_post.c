/* The postings: under every word, and under every sign by the sign behind it. */
#include "geo/place/lexicon_post.h"

#include "geo/place/unihan.h"

#include <stdlib.h>
#include <string.h>

enum { BMP = 0x10000 };

struct entry {
    uint32_t second, posting;
};

struct post {
    struct lexicon *lexicon;
    uint32_t *bmp;         /* code point → sign, below BMP */
    struct entry *entries; /* of signs, by the first */
    uint32_t *next;        /* where the next goes: words, or signs */
    uint32_t *seen;        /* sign → how often behind the one at hand */
    uint32_t *seconds;     /* those that are */
};

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static uint32_t find_sign(const struct post *post, uint32_t sign)
{
    if (sign < BMP) return post->bmp[sign];
    const struct lexicon *lexicon = post->lexicon;
    const uint32_t *found =
        bsearch(&sign, lexicon->signs, lexicon->sign_count, sizeof sign, compare);
    return found ? (uint32_t)(found - lexicon->signs) : 0;
}

/* Calls `visit` with every unit and the sign behind it, 0 where none follows. */
static void each_unit(struct post *post,
                      void (*visit)(struct post *post, const struct lexicon_code *unit,
                                    uint32_t second, uint32_t posting))
{
    const struct lexicon *lexicon = post->lexicon;
    for (uint32_t text = 0; text < lexicon->text_count; text++) {
        const uint16_t *at = lexicon->codes + lexicon->code_first[text];
        struct lexicon_code unit = lexicon_code_next(&at, NULL), behind;
        for (uint32_t i = 0, count = lexicon->units[text]; i < count; i++, unit = behind) {
            behind = (struct lexicon_code){0};
            if (i + 1 < count) behind = lexicon_code_next(&at, &unit);
            uint32_t gap = unit.gap ? 1u << LEXICON_AT_BITS : 0;
            visit(post, &unit, behind.sign, text << LEXICON_TEXT_SHIFT | gap | i);
        }
    }
}

/* ---- which signs there are ---- */

static void mark_sign(struct post *post, const struct lexicon_code *unit, uint32_t second,
                      uint32_t posting)
{
    (void)second, (void)posting;
    if (unit->sign) post->seen[unit->sign / 32] |= UINT32_C(1) << unit->sign % 32;
}

static uint32_t reading_mask(uint32_t sign)
{
    const uint16_t *syllables;
    uint32_t mask = 0;
    for (size_t n = unihan_readings(sign, &syllables); n > 0; n--)
        mask |= UINT32_C(1) << (unihan_syllable(syllables[n - 1])[0] - 'a');
    return mask;
}

static enum err set_signs(struct post *post)
{
    struct lexicon *lexicon = post->lexicon;
    uint32_t count = 1;
    post->seen = calloc(UNIHAN_LAST / 32 + 1, sizeof *post->seen);
    post->bmp = calloc(BMP, sizeof *post->bmp);
    if (!post->seen || !post->bmp) return ERR_NOMEM;
    each_unit(post, mark_sign);
    for (uint32_t i = 0; i <= UNIHAN_LAST / 32; i++)
        count += (uint32_t)__builtin_popcount(post->seen[i]);
    lexicon->signs = calloc(count, sizeof *lexicon->signs);
    lexicon->sign_masks = calloc(count, sizeof *lexicon->sign_masks);
    lexicon->sign_first = calloc(count + (size_t)1, sizeof *lexicon->sign_first);
    if (!lexicon->signs || !lexicon->sign_masks || !lexicon->sign_first) return ERR_NOMEM;
    lexicon->sign_count = 1;
    for (uint32_t i = 0; i <= UNIHAN_LAST / 32; i++)
        for (uint32_t bits = post->seen[i]; bits; bits &= bits - 1) {
            uint32_t sign = i * 32 + (uint32_t)__builtin_ctz(bits), s = lexicon->sign_count++;
            lexicon->signs[s] = sign;
            lexicon->sign_masks[s] = reading_mask(sign);
            if (sign < BMP) post->bmp[sign] = s;
        }
    free(post->seen);
    post->seen = calloc(count, sizeof *post->seen);
    post->seconds = malloc(count * sizeof *post->seconds);
    lexicon->bytes += count * 3 * sizeof(uint32_t);
    return post->seen && post->seconds ? ERR_OK : ERR_NOMEM;
}

/* ---- counting and setting ---- */

static void count_unit(struct post *post, const struct lexicon_code *unit, uint32_t second,
                       uint32_t posting)
{
    (void)second, (void)posting;
    if (unit->sign)
        post->lexicon->sign_first[find_sign(post, unit->sign) + 1]++;
    else
        post->lexicon->word_first[unit->word + 1]++;
}

static void set_unit(struct post *post, const struct lexicon_code *unit, uint32_t second,
                     uint32_t posting)
{
    struct lexicon *lexicon = post->lexicon;
    if (unit->sign)
        post->entries[post->next[find_sign(post, unit->sign)]++] =
            (struct entry){second ? find_sign(post, second) : 0, posting};
    else
        lexicon->postings[lexicon->word_first[unit->word]++] = posting;
}

/* One sign's entries become keys and postings, in order of the second sign; of equal ones in the
 * order they had. Returns how many keys. */
static uint32_t set_keys(struct post *post, uint32_t from, uint32_t to, uint32_t key, uint32_t at)
{
    struct lexicon *lexicon = post->lexicon;
    uint32_t count = 0;
    for (uint32_t i = from; i < to; i++)
        if (post->seen[post->entries[i].second]++ == 0)
            post->seconds[count++] = post->entries[i].second;
    qsort(post->seconds, count, sizeof *post->seconds, compare);
    for (uint32_t k = 0; k < count; k++) {
        uint32_t second = post->seconds[k], n = post->seen[second];
        if (lexicon->seconds) {
            lexicon->seconds[key + k] = second;
            lexicon->key_first[key + k] = at;
        }
        post->seen[second] = at;
        at += n;
    }
    for (uint32_t i = from; i < to && lexicon->seconds; i++)
        lexicon->postings[post->seen[post->entries[i].second]++] = post->entries[i].posting;
    for (uint32_t k = 0; k < count; k++)
        post->seen[post->seconds[k]] = 0;
    return count;
}

/* Twice: to learn how many keys there are, and to set them. `sign_first` held entries so far. */
static enum err set_all_keys(struct post *post, uint32_t word_postings)
{
    struct lexicon *lexicon = post->lexicon;
    uint32_t keys = 0, from = 0;
    for (uint32_t s = 0; s < lexicon->sign_count; s++)
        keys += set_keys(post, lexicon->sign_first[s], lexicon->sign_first[s + 1], 0, 0);
    lexicon->key_first = calloc(keys + (size_t)1, sizeof *lexicon->key_first);
    lexicon->seconds = calloc(keys + (size_t)1, sizeof *lexicon->seconds);
    if (!lexicon->key_first || !lexicon->seconds) return ERR_NOMEM;
    lexicon->bytes += keys * 2 * sizeof(uint32_t);
    lexicon->key_count = keys;
    keys = 0;
    for (uint32_t s = 0; s < lexicon->sign_count; s++) {
        uint32_t to = lexicon->sign_first[s + 1];
        lexicon->sign_first[s] = keys;
        keys += set_keys(post, from, to, keys, word_postings + from);
        from = to;
    }
    lexicon->sign_first[lexicon->sign_count] = keys;
    lexicon->key_first[keys] = word_postings + from;
    return ERR_OK;
}

static enum err set_postings(struct post *post)
{
    struct lexicon *lexicon = post->lexicon;
    each_unit(post, count_unit);
    for (uint32_t w = 0; w < lexicon->word_count; w++)
        lexicon->word_first[w + 1] += lexicon->word_first[w];
    for (uint32_t s = 0; s < lexicon->sign_count; s++)
        lexicon->sign_first[s + 1] += lexicon->sign_first[s];
    uint32_t words = lexicon->word_first[lexicon->word_count];
    uint32_t signs = lexicon->sign_first[lexicon->sign_count];
    size_t count = (size_t)words + signs;
    lexicon->postings = malloc((count + 1) * sizeof *lexicon->postings);
    post->entries = calloc(signs + (size_t)1, sizeof *post->entries);
    post->next = calloc(lexicon->sign_count + (size_t)1, sizeof *post->next);
    if (!lexicon->postings || !post->entries || !post->next) return ERR_NOMEM;
    lexicon->bytes += count * sizeof *lexicon->postings;
    memcpy(post->next, lexicon->sign_first, lexicon->sign_count * sizeof *post->next);
    each_unit(post, set_unit);
    /* Setting moved every word's start to its end, which is where the next one starts. */
    memmove(lexicon->word_first + 1, lexicon->word_first, lexicon->word_count * sizeof(uint32_t));
    lexicon->word_first[0] = 0;
    return set_all_keys(post, words);
}

enum err lexicon_post(struct lexicon *lexicon)
{
    struct post post = {.lexicon = lexicon};
    enum err e = set_signs(&post);
    if (!e) e = set_postings(&post);
    free(post.bmp);
    free(post.entries);
    free(post.next);
    free(post.seen);
    free(post.seconds);
    return e;
}
