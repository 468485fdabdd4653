/* The plain way to find text: everything is tried everywhere. What geo/place/finder.h says is
 * written down here once more, without a thought for time, and shares nothing with it but the
 * tables of the Unicode character database. */
#ifndef YZ_TESTS_PLAIN_FINDER_H
#define YZ_TESTS_PLAIN_FINDER_H

#include "geo/place/phrase.h"
#include "geo/place/unihan.h"

#include <string.h>

/* Folded characters, with '|' before whatever has a gap before it. */
struct plain_text {
    uint32_t chars[400];
    size_t count;
};

static inline bool plain_is_letter(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool plain_is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static inline bool plain_is_sign(uint32_t c)
{
    return c && c != '|' && c != ' ' && !plain_is_letter(c) && !plain_is_digit(c);
}

static inline size_t plain_fold(const char *text, uint32_t *chars)
{
    size_t count = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        int more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
        uint32_t c = more ? *p & (0x3fu >> more) : *p;
        for (p++; more > 0; more--)
            c = c << 6 | (*p++ & 0x3fu);
        uint32_t folded[UNIHAN_FOLDED];
        size_t n = unihan_fold(c, folded);
        for (size_t i = 0; i < n; i++)
            chars[count++] = folded[i];
    }
    return count;
}

static inline bool plain_same_word(uint32_t a, uint32_t b)
{
    return (plain_is_letter(a) && plain_is_letter(b)) || (plain_is_digit(a) && plain_is_digit(b));
}

static inline void plain_cut(const char *text, struct plain_text *out)
{
    uint32_t chars[200], last = ' ';
    size_t count = plain_fold(text, chars);
    out->count = 0;
    for (size_t i = 0; i < count; last = chars[i++]) {
        if (chars[i] == ' ') continue;
        bool gap =
            plain_is_sign(chars[i]) ? !plain_is_sign(last) : !plain_same_word(chars[i], last);
        if (gap) out->chars[out->count++] = '|';
        out->chars[out->count++] = chars[i];
    }
    out->chars[out->count] = 0;
}

struct plain_match {
    bool full, initials, whole;
};

static inline size_t plain_skip(const struct plain_text *text, size_t at)
{
    return at < text->count && text->chars[at] == '|' ? at + 1 : at;
}

static inline void plain_try(const struct term *term, size_t j, const struct plain_text *text,
                             size_t at, bool is_full, struct plain_match *match)
{
    if (j == term->count) {
        match->full = match->full || is_full;
        match->initials = true;
        match->whole = match->whole || (is_full && at == text->count);
        return;
    }
    at = plain_skip(text, at);
    if (at == text->count) return;
    uint32_t c = text->chars[at];
    if (!plain_is_sign(c)) {
        size_t k = 0;
        while (text->chars[at + k] && text->chars[at + k] != '|' &&
               !plain_is_sign(text->chars[at + k]) && j + k < term->count &&
               term->chars[j + k] == text->chars[at + k])
            k++;
        uint32_t next = text->chars[at + k];
        bool ended = !next || next == '|';
        if (k && (ended || j + k == term->count))
            plain_try(term, j + k, text, at + k, is_full, match);
        return;
    }
    if (term->chars[j] == c) plain_try(term, j + 1, text, at + 1, is_full, match);
    const uint16_t *syllables;
    for (size_t n = unihan_readings(c, &syllables); n > 0; n--) {
        const char *s = unihan_syllable(syllables[n - 1]);
        size_t len = strlen(s), k = 0;
        while (k < len && j + k < term->count && term->chars[j + k] == (uint32_t)s[k])
            k++;
        if (k == len) plain_try(term, j + k, text, at + 1, is_full, match);
        if (k > 0 && k < len && j + k == term->count) {
            match->full = match->full || is_full;
            match->initials = true;
        }
        if (k > 0 && j + 1 < term->count) plain_try(term, j + 1, text, at + 1, false, match);
        if (k > 1 && s[1] == 'h' && j + 2 < term->count)
            plain_try(term, j + 2, text, at + 1, false, match);
    }
}

/* Within a word, or behind its last letter, nothing begins. */
static inline bool plain_begins(const struct plain_text *text, size_t at)
{
    return at == 0 || plain_is_sign(text->chars[at]) || text->chars[at - 1] == '|';
}

static inline enum term_tier plain_in(const struct term *term, const struct plain_text *text)
{
    enum term_tier best = TERM_NONE;
    for (size_t at = 0; at < text->count; at++) {
        if (text->chars[at] == '|' || !plain_begins(text, at)) continue;
        struct plain_match match = {false};
        bool first = at < 2, gap = text->chars[at - 1] == '|';
        enum term_tier tier = TERM_NONE;
        plain_try(term, 0, text, at, true, &match);
        if (match.initials) tier = gap ? TERM_INITIALS : TERM_INNER;
        if (match.full) tier = first ? TERM_START : gap ? TERM_WORD : TERM_INSIDE;
        if (first && match.whole) tier = TERM_WHOLE;
        if (tier < best) best = tier;
    }
    return best;
}

/* The whole table of optimal string alignment. */
static inline int plain_distance(const char *a, const char *b)
{
    static int d[80][80];
    int n = (int)strlen(a), m = (int)strlen(b);
    for (int i = 0; i <= n; i++)
        for (int k = 0; k <= m; k++) {
            if (i == 0 || k == 0) {
                d[i][k] = i + k;
                continue;
            }
            int least = d[i - 1][k - 1] + (a[i - 1] != b[k - 1]);
            if (d[i - 1][k] + 1 < least) least = d[i - 1][k] + 1;
            if (d[i][k - 1] + 1 < least) least = d[i][k - 1] + 1;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] &&
                d[i - 2][k - 2] + 1 < least)
                least = d[i - 2][k - 2] + 1;
            d[i][k] = least;
        }
    return d[n][m];
}

/* All ways to spell the signs from `at` on, as long as they could be near. */
static inline bool plain_spelled(const char *term, int allowed, const struct plain_text *text,
                                 size_t at, const char *so_far, int signs)
{
    if (signs > 1 && plain_distance(term, so_far) <= allowed) return true;
    if (strlen(so_far) > strlen(term) + (size_t)allowed) return false;
    if (signs > 0) at = plain_skip(text, at);
    if (at >= text->count || !plain_is_sign(text->chars[at])) return false;
    const uint16_t *syllables;
    for (size_t n = unihan_readings(text->chars[at], &syllables); n > 0; n--) {
        char longer[80];
        (void)snprintf(longer, sizeof longer, "%s%s", so_far, unihan_syllable(syllables[n - 1]));
        if (plain_spelled(term, allowed, text, at + 1, longer, signs + 1)) return true;
    }
    return false;
}

static inline bool plain_typo(const struct term *term, const struct plain_text *text)
{
    char letters[TERM_MAX + 1];
    size_t n = term->count;
    if (n < 4 || n > 31) return false;
    for (size_t i = 0; i < n; i++) {
        if (!plain_is_letter(term->chars[i])) return false;
        letters[i] = (char)term->chars[i];
    }
    letters[n] = '\0';
    int allowed = n < 8 ? 1 : 2;
    for (size_t at = 0; at < text->count; at++) {
        if (text->chars[at] == '|' || !plain_begins(text, at)) continue;
        if (plain_is_sign(text->chars[at])) {
            if (plain_spelled(letters, allowed, text, at, "", 0)) return true;
            continue;
        }
        char word[80] = "";
        for (size_t i = 0;
             at + i < text->count && text->chars[at + i] < 0x80 && text->chars[at + i] != '|'; i++)
            word[i] = (char)text->chars[at + i], word[i + 1] = '\0';
        if (plain_distance(letters, word) <= allowed) return true;
    }
    return false;
}

/* The best a term has in a name; in an address. */
static inline enum term_tier plain_name(const struct term *term, const char *name)
{
    struct plain_text text;
    plain_cut(name, &text);
    enum term_tier tier = plain_in(term, &text);
    if (tier > TERM_TYPO && plain_typo(term, &text)) tier = TERM_TYPO;
    return tier;
}

/* Cuts an address before its numbers, and looks into each piece. */
static inline enum term_tier plain_address(const struct term *term, const char *address)
{
    struct plain_text text, piece = {.count = 0};
    enum term_tier tier = TERM_NONE;
    plain_cut(address, &text);
    for (size_t i = 0; i <= text.count; i++) {
        bool cut = i == text.count || (text.chars[i] == '|' && plain_is_digit(text.chars[i + 1]));
        if (cut && piece.count) {
            if (plain_in(term, &piece) <= TERM_INSIDE) tier = TERM_ADDRESS;
            piece.count = 0;
        }
        if (i == text.count) break;
        if (!piece.count && text.chars[i] != '|') piece.chars[piece.count++] = '|';
        piece.chars[piece.count++] = text.chars[i];
        piece.chars[piece.count] = 0;
    }
    return tier;
}

#endif
