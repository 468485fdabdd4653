#include "geo/place/units.h"

#include "geo/base/text.h"
#include "geo/place/unihan.h"

enum kind { SEPARATOR, SIGN, LETTERS, DIGITS };

struct cutter {
    struct units *units;
    size_t letters;
    enum kind last; /* of the character before */
    bool blank;     /* a separator came since the last unit */
};

static enum kind kind_of(uint32_t c)
{
    if (c >= 'a' && c <= 'z') return LETTERS;
    if (c >= '0' && c <= '9') return DIGITS;
    return c == ' ' ? SEPARATOR : SIGN;
}

static struct unit *begin(struct cutter *cutter, enum kind kind)
{
    struct units *units = cutter->units;
    struct unit *unit = &units->at[units->count];
    bool gap = !units->count || cutter->blank || kind != SIGN || !unit[-1].sign;
    *unit = (struct unit){.gap = gap, .blank = cutter->blank};
    units->count++;
    cutter->blank = false;
    return unit;
}

static void take(struct cutter *cutter, uint32_t c)
{
    struct units *units = cutter->units;
    enum kind kind = kind_of(c), last = cutter->last;
    cutter->last = kind;
    if (kind == SEPARATOR) {
        cutter->blank = units->count > 0;
    } else if (kind == SIGN) {
        if (units->count < UNITS_MAX) begin(cutter, kind)->sign = c;
    } else {
        if (kind != last) {
            if (units->count == UNITS_MAX) return;
            begin(cutter, kind)->word = units->letters + cutter->letters;
        }
        struct unit *unit = &units->at[units->count - 1];
        if (unit->sign || unit->len == UNITS_WORD) return;
        units->letters[cutter->letters++] = (char)c;
        unit->len++;
    }
}

static uint32_t decode(const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    if (len == 1) return p[0];
    uint32_t c = p[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++)
        c = c << 6 | (p[i] & 0x3fu);
    return c;
}

void units_cut(const char *text, size_t len, struct units *units)
{
    struct cutter cutter = {.units = units, .last = SEPARATOR};
    uint32_t folded[UNIHAN_FOLDED];
    units->count = 0;
    for (size_t i = 0, step; i < len; i += step) {
        step = text_utf8_len(text + i, len - i);
        size_t count = 1;
        folded[0] = ' ';
        if (step) count = unihan_fold(decode(text + i, step), folded);
        for (size_t f = 0; f < count; f++)
            take(&cutter, folded[f]);
        if (!step) step = 1;
    }
}
