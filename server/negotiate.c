#include "server/negotiate.h"

#include "geo/base/text.h"
#include "server/request.h"

#include <string.h>
#include <strings.h>

/* One element of a list: `name;q=0.5`, other parameters dropped. */
struct wish {
    const char *name;
    size_t len;
    double quality;
};

/* Of the parameters behind the first semicolon the one called q; 1 where there is none, 0 for one
 * that is no number. */
static double quality_of(const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end) {
        const char *next = memchr(text, ';', (size_t)(end - text));
        size_t n = next ? (size_t)(next - text) : (size_t)(end - text);
        double quality = 0;
        text_trim(&text, &n);
        if (n > 2 && (text[0] | 32) == 'q' && text[1] == '=')
            return text_double(text + 2, n - 2, &quality) && quality > 0 && quality <= 1 ? quality
                                                                                         : 0;
        text = next ? next + 1 : end;
    }
    return 1;
}

/* The next element that says something; false at the end of the list. */
static bool next_wish(const char **rest, struct wish *wish)
{
    const char *item;
    size_t len;
    while (request_next(rest, ',', &item, &len)) {
        text_trim(&item, &len);
        const char *mark = memchr(item, ';', len);
        size_t name_len = mark ? (size_t)(mark - item) : len;
        wish->name = item;
        wish->quality = mark ? quality_of(mark + 1, len - name_len - 1) : 1;
        text_trim(&wish->name, &name_len);
        wish->len = name_len;
        if (name_len) return true;
    }
    return false;
}

static bool is_blank(const char *header)
{
    return !header || header[strspn(header, " \t")] == '\0';
}

/* How exactly a range names an offer: 3 by type and subtype, 2 by type, 1 by nothing, 0 not. */
static int precision(const struct wish *range, const char *offer)
{
    size_t len = strcspn(offer, "; "), type = strcspn(offer, "/") + 1;
    if (range->len == len && strncasecmp(range->name, offer, len) == 0) return 3;
    if (range->len == type + 1 && range->name[type] == '*' &&
        strncasecmp(range->name, offer, type) == 0)
        return 2;
    return range->len == 3 && memcmp(range->name, "*/*", 3) == 0;
}

static double media_quality(const char *accept, const char *offer)
{
    struct wish range;
    double quality = 0;
    int best = 0;
    while (next_wish(&accept, &range)) {
        int exact = precision(&range, offer);
        if (exact <= best) continue;
        best = exact;
        quality = range.quality;
    }
    return quality;
}

int negotiate_media(const char *accept, const char *const *offers)
{
    int best = -1;
    double most = 0;
    if (is_blank(accept)) return 0;
    for (int i = 0; offers[i]; i++) {
        double quality = media_quality(accept, offers[i]);
        if (quality <= most) continue;
        most = quality;
        best = i;
    }
    return best;
}

static int language_of(const struct wish *range, const char *const *offers)
{
    if (range->len == 1 && range->name[0] == '*') return 0;
    for (int i = 0; offers[i]; i++) {
        size_t len = strlen(offers[i]);
        if (range->len < len || strncasecmp(range->name, offers[i], len) != 0) continue;
        if (range->len == len || range->name[len] == '-') return i;
    }
    return -1;
}

int negotiate_language(const char *accept_language, const char *const *offers)
{
    struct wish range;
    int best = 0;
    double most = 0;
    while (next_wish(&accept_language, &range)) {
        int offer = language_of(&range, offers);
        if (offer < 0 || range.quality <= most) continue;
        most = range.quality;
        best = offer;
    }
    return best;
}
